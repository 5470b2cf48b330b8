"""The officer's forms for what is known of a body, and for ending or retracting one line."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from registry.accounts.schemas import COUNTRIES
from registry.assessment.models import Accreditation, Arrangement, Body
from registry.assessment.presenters.common import country_names
from registry.assessment.queries.bodies import body_facts
from registry.assessment.schemas import (
    BodyAddressSchema,
    BodyContactSchema,
    BodyIdentifierSchema,
    LineEndSchema,
    RetractionSchema,
)
from registry.assessment.services.amendments import LINES, end_line, retract_line, said_of
from registry.assessment.services.body_details import add_address, add_contact, add_identifier
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, loaded, options
from registry.errors import Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.schema_fields import CommandSchema, load
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.i18n import localise

_STEPS = ("end", "retract")
# What tells a line from others, in the order in which it is shown.
_SHOWN = (
    "scheme",
    "value",
    "address",
    "purpose",
    "name",
    "product",
    "characteristic",
    "method",
    "standard",
    "document_key",
    "result_type",
    "instrument",
    "valid_from",
    "valid_until",
)


@blueprint.route("/workspace/bodies/<slug>/identifiers/new", methods=["GET", "POST"])
@needs("body:register")
def identifier_new(slug: str) -> Response:
    """Record a number under which somebody else knows the body."""
    return _detail_form(
        slug,
        add_identifier,
        BodyIdentifierSchema(),
        said=gettext("The identifier is recorded."),
        context={
            "heading": gettext("Add an identifier"),
            "kind": "identifier",
            "choices": options("identifier-scheme"),
        },
    )


@blueprint.route("/workspace/bodies/<slug>/addresses/new", methods=["GET", "POST"])
@needs("body:register")
def address_new(slug: str) -> Response:
    """Record a seat, a site or an address for letters."""
    countries = [(str(code), localise(country_names(str(code))).text) for code in COUNTRIES]
    return _detail_form(
        slug,
        add_address,
        BodyAddressSchema(),
        said=gettext("The address is recorded."),
        context={
            "heading": gettext("Add an address"),
            "kind": "address",
            "choices": options("address-kind"),
            "countries": sorted(countries, key=lambda choice: choice[1]),
        },
        initial={"country": "VN", "kind": "site"},
    )


@blueprint.route("/workspace/bodies/<slug>/contacts/new", methods=["GET", "POST"])
@needs("body:register")
def contact_new(slug: str) -> Response:
    """Record whom officers ask at the body."""
    return _detail_form(
        slug,
        add_contact,
        BodyContactSchema(),
        said=gettext("The contact is recorded."),
        context={
            "heading": gettext("Add a contact"),
            "kind": "contact",
            "choices": options("contact-purpose"),
        },
        initial={"purpose": "general"},
    )


@blueprint.route(
    "/workspace/lines/<any('scope-line', designation, identifier, address, contact, "
    "'arrangement-scope-line', listing):kind>/<int:line_id>",
    methods=["GET", "POST"],
)
@needs("body:register")
def line_amend(kind: str, line_id: int) -> Response:
    """End one line from a day on, or take it back."""
    current_actor().require(LINES[kind].permission)
    with reading() as session:
        line = _line(session, kind, line_id)
        back = _page_of(session, line)

    def read(typed: Data) -> Data:
        step = str(typed.pop("step", ""))
        if step not in _STEPS:
            raise Invalid.one("step", Message("Choose one of the two."))
        if step == "retract":
            typed.pop("valid_until", None)
            return {"step": step, "data": load(RetractionSchema(), typed, form=True)}
        return {"step": step, "data": load(LineEndSchema(), typed, form=True)}

    def take(command: Data) -> str:
        step = end_line if command["step"] == "end" else retract_line
        with change() as uow:
            step(uow, kind, line_id, command["data"])
        return back

    said = said_of(line)
    names = _names()
    return FormPage(
        template="assessment/line_amend.html",
        read=read,
        take=take,
        said=gettext("The change is recorded."),
        context={"says": [(names[name], said[name]) for name in _SHOWN if said.get(name)]},
        initial={"valid_until": parts().clock.today().isoformat()},
    ).answer()


def _line(session: Session, kind: str, line_id: int) -> Any:
    model = LINES[kind].model
    line = session.scalar(select(model).where(model.id == line_id, known(model)))
    if line is None:
        raise NotFound(Message("There is no such line, or it was replaced since."))
    return line


def _page_of(session: Session, line: Any) -> str:
    """Return the address of the officer's page that a line is on."""
    if hasattr(line, "arrangement_id"):
        slug = session.get_one(Arrangement, line.arrangement_id).slug
        return url_for("assessment.arrangement_admin", slug=slug)
    body_id = (
        session.get_one(Accreditation, line.accreditation_id).body_id
        if hasattr(line, "accreditation_id")
        else line.body_id
    )
    return url_for("assessment.body_admin", slug=session.get_one(Body, body_id).slug)


def _names() -> dict[str, str]:
    return {
        "scheme": gettext("Kind of number"),
        "value": gettext("Number"),
        "address": gettext("Address"),
        "purpose": gettext("What for"),
        "name": gettext("Name"),
        "product": gettext("Product or field"),
        "characteristic": gettext("Characteristic"),
        "method": gettext("Method"),
        "standard": gettext("Standard"),
        "document_key": gettext("Regulation"),
        "result_type": gettext("Results"),
        "instrument": gettext("Legal instrument"),
        "valid_from": gettext("Valid from"),
        "valid_until": gettext("Valid until"),
    }


def _detail_form(
    slug: str,
    command: Callable[[UnitOfWork, str, Data], object],
    schema: CommandSchema,
    *,
    said: str,
    context: Data,
    initial: Data | None = None,
) -> Response:
    with reading() as session:
        summary = body_facts(session, slug, AsOf(parts().clock.today())).summary
    body = {
        "slug": slug,
        "name": summary.organisation.names,
        "demonstration": summary.body.demonstration,
    }

    def take(data: Data) -> str:
        with change() as uow:
            command(uow, slug, data)
        return url_for("assessment.body_admin", slug=slug)

    return FormPage(
        template="assessment/detail_form.html",
        read=loaded(schema),
        take=take,
        said=said,
        context={"body": body, **context},
        initial=initial or {},
    ).answer()
