"""The officer's form that registers a body, with its organisation where that is new."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.accounts.schemas import COUNTRIES, IDENTIFIER_SCHEMES, OrganisationData
from registry.accounts.services.organisations import register_organisation
from registry.assessment.presenters.common import country_names
from registry.assessment.queries.directory import unregistered_organisations
from registry.assessment.schemas import BodySchema
from registry.assessment.services.bodies import register_body
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, Options, options
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, reading
from registry.web.i18n import localise

_NEW = "new"


@blueprint.route("/workspace/bodies/new", methods=["GET", "POST"])
@needs("body:register")
def body_new() -> Response:
    """Register a body, together with its organisation where that is new."""
    with reading() as session:
        organisations = unregistered_organisations(session)

    def take(data: Data) -> str:
        with change() as uow:
            slug = _register(uow, data)
        return url_for("assessment.body_admin", slug=slug)

    return FormPage(
        template="assessment/body_form.html",
        read=_read_body,
        take=take,
        said=gettext("The body is registered."),
        context={
            "organisations": sorted(
                ((slug, localise(names).text) for slug, names in organisations.items()),
                key=lambda choice: choice[1],
            ),
            "kinds": options("body-kind"),
            "countries": _countries(),
            "schemes": [(scheme, scheme) for scheme in IDENTIFIER_SCHEMES],
        },
        initial={f"{_NEW}.country": "VN"},
        many=frozenset({"kinds"}),
    ).answer()


def _read_body(typed: Data) -> Data:
    """Load a body and, unless an organisation is chosen, the new one; name all errors at once."""
    named = typed.get(_NEW)
    new = named if isinstance(named, dict) else {}
    chosen = bool(str(typed.get("organisation", "")).strip())
    errors: dict[str, list[str]] = {}
    organisation = None
    if not chosen:
        if not any(str(text).strip() for text in _texts(new.get("names"))):
            errors["organisation"] = [
                Message("Choose an organisation, or give the name of a new one below.")
            ]
        else:
            try:
                organisation = load(OrganisationData(), new, form=True)
            except Invalid as problem:
                errors |= {f"{_NEW}.{path}": texts for path, texts in problem.fields.items()}
    try:
        body = load(BodySchema(), typed if chosen else {**typed, "organisation": _NEW}, form=True)
    except Invalid as problem:
        errors |= problem.fields
    if errors:
        raise Invalid(errors)
    return {"organisation": organisation, "body": body}


def _texts(names: Any) -> list[Any]:
    return list(names.values()) if isinstance(names, dict) else []


def _register(uow: UnitOfWork, data: Data) -> str:
    body = data["body"]
    if data["organisation"] is not None:
        try:
            organisation = register_organisation(uow, data["organisation"])
        except Invalid as problem:
            raise Invalid(
                {f"{_NEW}.{path}": texts for path, texts in problem.fields.items()}
            ) from None
        body = {**body, "organisation": organisation.slug}
    return register_body(uow, body).slug


def _countries() -> Options:
    choices = [(str(code), localise(country_names(str(code))).text) for code in COUNTRIES]
    return sorted(choices, key=lambda choice: choice[1])
