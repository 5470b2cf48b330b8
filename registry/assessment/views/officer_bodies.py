"""The officer's desk: bodies with their accreditations, scopes and designations."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.presenters.arrangements import present_row as present_arrangement_row
from registry.assessment.presenters.bodies import (
    method_keys,
    present_body,
    present_contacts,
    present_row,
)
from registry.assessment.queries.arrangements import arrangements
from registry.assessment.queries.bodies import AccreditationFacts, body_facts
from registry.assessment.queries.directory import (
    body_names,
    entries_by_key,
    find_bodies,
    listed_counts,
)
from registry.assessment.schemas import (
    AccreditationEventSchema,
    AccreditationSchema,
    BodyDesignationSchema,
    ScopeLinesSchema,
)
from registry.assessment.services import accreditations as accreditation_service
from registry.assessment.services import bodies as body_service
from registry.assessment.states import ACCREDITATION
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.event_preview import LINES, preview_of_event
from registry.assessment.views.form_pages import Data, FormPage, Options, loaded, options, version
from registry.assessment.views.pages import page_reader
from registry.errors import NotFound
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.i18n import localise, term_label

_ALL_ARRANGEMENTS = 1_000


@blueprint.get("/workspace/bodies")
@needs("body:register")
def officer_desk() -> str:
    """Show all bodies and arrangements, and where to register more."""
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        names = body_names(session, as_of)
        listed = listed_counts(session, as_of)
        bodies = [present_row(summary, []) for summary in find_bodies(session, as_of)]
        rows = [
            present_arrangement_row(facts, as_of, names, listed)
            for facts in arrangements(session, as_of, limit=_ALL_ARRANGEMENTS)
        ]
    return render_template("assessment/officer_desk.html", bodies=bodies, arrangements=rows)


@blueprint.get("/workspace/bodies/<slug>")
@needs("body:register")
def body_admin(slug: str) -> str:
    """Show one body with what the officer may record about it."""
    as_of = AsOf(parts().clock.today())
    with reading() as session:
        facts = body_facts(session, slug, as_of)
        reader = page_reader(session)
        context = present_body(facts, as_of, entries_by_key(session, method_keys(facts)), reader)
    may_ask = current_actor().may("contact:read")
    return render_template(
        "assessment/body_admin.html",
        **context,
        contacts=present_contacts(facts, reader) if may_ask else [],
        asked_on=as_of.at,
    )


@blueprint.route("/workspace/bodies/<slug>/accreditations/new", methods=["GET", "POST"])
@needs("accreditation:record")
def accreditation_new(slug: str) -> Response:
    """Record an accreditation of a body."""

    def command(uow: UnitOfWork, data: Data) -> None:
        accreditation_service.record_accreditation(uow, slug, data)

    return body_form(
        slug,
        command,
        template="assessment/accreditation_form.html",
        schema=AccreditationSchema(),
        said=gettext("The accreditation is recorded."),
        context={"accreditors": accreditors(besides=slug)},
        initial={"standard": "ISO/IEC 17025:2017"},
    )


@blueprint.route(
    "/workspace/bodies/<slug>/accreditations/<int:accreditation_id>/events/new",
    methods=["GET", "POST"],
)
@needs("accreditation:record")
def accreditation_event(slug: str, accreditation_id: int) -> Response:
    """Record what befell an accreditation, from a day on."""
    facts = accreditation_of(slug, accreditation_id)

    def command(uow: UnitOfWork, data: Data) -> None:
        accreditation_service.record_accreditation_event(
            uow, accreditation_id, data, expected=version()
        )

    preview = preview_of_event(present_officer_body(slug), facts.record)
    if preview is not None:
        return preview
    possible = ACCREDITATION.actions_from(facts.status.key, current_actor())
    return body_form(
        slug,
        command,
        template="assessment/accreditation_event_form.html",
        schema=AccreditationEventSchema(),
        said=gettext("The event is recorded."),
        context={
            "accreditation": facts.record,
            "status": facts.status,
            "version": facts.version,
            "kinds": [
                (kind, term_label("accreditation-event", kind))
                for kind in ACCREDITATION.transitions
            ],
            "possible": possible,
            "scope_lines": facts.scope_lines,
        },
        initial={"effective_on": parts().clock.today().isoformat()},
        many=LINES,
    )


@blueprint.route(
    "/workspace/bodies/<slug>/accreditations/<int:accreditation_id>/scope/new",
    methods=["GET", "POST"],
)
@needs("accreditation:record")
def scope_new(slug: str, accreditation_id: int) -> Response:
    """Add lines to the scope of an accreditation."""
    facts = accreditation_of(slug, accreditation_id)

    def command(uow: UnitOfWork, data: Data) -> None:
        accreditation_service.add_scope_lines(uow, accreditation_id, data)

    return body_form(
        slug,
        command,
        template="assessment/scope_form.html",
        schema=ScopeLinesSchema(),
        said=gettext("The scope lines are recorded."),
        context={"accreditation": facts.record, "activities": options("activity")},
        initial={
            "lines.0.activity": "testing",
            "lines.0.valid_from": facts.record.valid_from.isoformat(),
        },
        lines="lines",
        carried=frozenset({"activity", "product", "valid_from", "valid_until"}),
    )


@blueprint.route("/workspace/bodies/<slug>/designations/new", methods=["GET", "POST"])
@needs("designation:record")
def designation_new(slug: str) -> Response:
    """Record a ministry's designation of a body for a regulation."""

    def command(uow: UnitOfWork, data: Data) -> None:
        body_service.designate_body(uow, slug, data)

    return body_form(
        slug,
        command,
        template="assessment/designation_form.html",
        schema=BodyDesignationSchema(),
        said=gettext("The designation is recorded."),
        context={"activities": options("activity"), "ministries": options("issuing-body")},
        initial={"activity": "testing"},
    )


def body_form(
    slug: str,
    command: Callable[[UnitOfWork, Data], None],
    *,
    schema: Any,
    context: Data,
    **form: Any,
) -> Response:
    """Answer a form about the body ``slug``; ``NotFound`` when there is none."""
    body = present_officer_body(slug)

    def take(data: Data) -> str:
        with change() as uow:
            command(uow, data)
        return url_for("assessment.body_admin", slug=slug)

    return FormPage(
        read=loaded(schema), take=take, context={"body": body, **context}, **form
    ).answer()


def present_officer_body(slug: str) -> Data:
    """Return the body that a form is about; ``NotFound`` when there is none."""
    with reading() as session:
        summary = body_facts(session, slug, AsOf(parts().clock.today())).summary
    return {
        "slug": slug,
        "name": summary.organisation.names,
        "demonstration": summary.body.demonstration,
    }


def accreditation_of(slug: str, accreditation_id: int) -> AccreditationFacts:
    """Return an accreditation of the body ``slug`` as it stands today."""
    with reading() as session:
        facts = body_facts(session, slug, AsOf(parts().clock.today()))
    for accreditation in facts.accreditations:
        if accreditation.record.accreditation_id == accreditation_id:
            return accreditation
    raise NotFound("This body has no such accreditation.")


def accreditors(besides: str) -> Options:
    """Return the accreditation bodies to choose from."""
    with reading() as session:
        found = find_bodies(session, AsOf(parts().clock.today()))
    return [
        (summary.body.slug, localise(summary.organisation.names).text)
        for summary in found
        if "accreditation_body" in summary.record.kinds and summary.body.slug != besides
    ]
