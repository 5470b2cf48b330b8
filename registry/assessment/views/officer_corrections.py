"""The officer's forms that end a body's registration and put an accreditation right."""

from flask import make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.presenters.desk import present_dependents
from registry.assessment.queries.bodies import body_facts
from registry.assessment.queries.dependents import Loss, dependents
from registry.assessment.queries.references import body_at
from registry.assessment.queries.tasks import WITHDRAWN, already_open
from registry.assessment.schemas import (
    AccreditationCorrectionSchema,
    BodyCorrectionSchema,
    BodyWithdrawalSchema,
    RetractionSchema,
)
from registry.assessment.services.accreditations import (
    correct_accreditation,
    retract_accreditation_event,
)
from registry.assessment.services.bodies import correct_body, withdraw_body
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, options, version
from registry.assessment.views.officer_bodies import (
    accreditation_of,
    accreditors,
    body_form,
    present_officer_body,
)
from registry.assessment.views.pages import page_reader
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import parts, reading

_CORRECTED = ("standard", "number", "valid_from", "valid_until", "source")


@blueprint.route("/workspace/bodies/<slug>/withdraw", methods=["GET", "POST"])
@needs("body:register")
def body_withdraw(slug: str) -> Response:
    """End a body's registration from a day on; first shown is what rests on it."""

    def command(uow: UnitOfWork, data: Data) -> None:
        withdraw_body(uow, slug, data)

    return _withdrawal_preview(slug) or body_form(
        slug,
        command,
        template="assessment/body_withdrawal.html",
        schema=BodyWithdrawalSchema(),
        said=gettext("The end of the registration is recorded."),
        context={},
        initial={"effective_on": parts().clock.today().isoformat()},
    )


@blueprint.route("/workspace/bodies/<slug>/correct", methods=["GET", "POST"])
@needs("body:register")
def body_correct(slug: str) -> Response:
    """Put right what a body is registered as and when, an end recorded in error too."""
    with reading() as session:
        facts = body_facts(session, slug, AsOf(parts().clock.today()))
    record = facts.summary.record

    def command(uow: UnitOfWork, data: Data) -> None:
        correct_body(uow, slug, data, expected=version())

    return body_form(
        slug,
        command,
        template="assessment/body_correction.html",
        schema=BodyCorrectionSchema(),
        said=gettext("The correction is recorded."),
        context={"kinds": options("body-kind"), "version": facts.version},
        initial={
            "kinds": record.kinds,
            "valid_from": record.valid_from or "",
            "valid_until": record.valid_until or "",
        },
        many=frozenset({"kinds"}),
    )


@blueprint.route(
    "/workspace/bodies/<slug>/accreditations/<int:accreditation_id>/correct",
    methods=["GET", "POST"],
)
@needs("accreditation:record")
def accreditation_correct(slug: str, accreditation_id: int) -> Response:
    """Put right what was mistyped in an accreditation, or extend it."""
    facts = accreditation_of(slug, accreditation_id)

    def command(uow: UnitOfWork, data: Data) -> None:
        correct_accreditation(uow, accreditation_id, data, expected=version())

    return body_form(
        slug,
        command,
        template="assessment/accreditation_form.html",
        schema=AccreditationCorrectionSchema(),
        said=gettext("The correction is recorded."),
        context={"accreditors": accreditors(besides=slug), "version": facts.version},
        initial={
            "accreditor": facts.accreditor.body.slug,
            **{name: getattr(facts.record, name) or "" for name in _CORRECTED},
        },
    )


@blueprint.route(
    "/workspace/bodies/<slug>/accreditations/<int:accreditation_id>/events/retract",
    methods=["GET", "POST"],
)
@needs("accreditation:record")
def accreditation_event_retract(slug: str, accreditation_id: int) -> Response:
    """Take back the last event of an accreditation, which never happened."""
    facts = accreditation_of(slug, accreditation_id)
    if not facts.events:
        raise NotFound(Message("No event is recorded of this accreditation."))
    last = facts.events[-1]

    def command(uow: UnitOfWork, data: Data) -> None:
        retract_accreditation_event(uow, last.id, data, of=accreditation_id, expected=version())

    return body_form(
        slug,
        command,
        template="assessment/event_retraction.html",
        schema=RetractionSchema(),
        said=gettext("The event is retracted."),
        context={"accreditation": facts.record, "event": last, "version": facts.version},
    )


def _withdrawal_preview(slug: str) -> Response | None:
    """Return the page that lists what rests on a body, until the officer confirms.

    None where the form is to be shown or an error in it is to be mended.
    """
    if request.method != "POST" or request.form.get("confirmed") == "1":
        return None
    try:
        data = load(BodyWithdrawalSchema(), request.form.to_dict(), form=True)
    except Invalid:
        return None
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        body = body_at(session, slug)
        listed = dependents(session, Loss(body.id, data["effective_on"]), as_of)
        present = already_open(session, f"body:{body.id}", WITHDRAWN, as_of)
        rows = present_dependents(listed, page_reader(session))
    page = render_template(
        "assessment/body_withdrawal_preview.html",
        body=present_officer_body(slug),
        data=data,
        rows=rows,
        new=sum((item.kind, item.subject) not in present for item in listed),
    )
    return make_response(page)
