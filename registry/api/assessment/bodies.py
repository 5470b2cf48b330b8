"""Conformity assessment and accreditation bodies as resources."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import representation
from registry.api.assessment.accreditations import (
    AccreditationAnswerSchema,
    present_accreditation,
)
from registry.api.assessment.listing import listing
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment.queries.bodies import BodyFacts, BodySummary, body_facts
from registry.assessment.queries.body_search import BodySearch, search_bodies
from registry.assessment.schemas import (
    BodyAddressSchema,
    BodyContactSchema,
    BodyCorrectionSchema,
    BodyDesignationSchema,
    BodyIdentifierSchema,
    BodySchema,
    BodyWithdrawalSchema,
)
from registry.assessment.services.bodies import (
    correct_body,
    designate_body,
    register_body,
    withdraw_body,
)
from registry.assessment.services.body_details import add_address, add_contact, add_identifier
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, current_actor, reading

_SEARCHED = ("kind", "country", "place", "method", "product", "characteristic", "standard")

blueprint = Resource("Bodies", "Conformity assessment bodies and accreditation bodies")


class BodySummarySchema(AnswerSchema):
    """An organisation in the role of a body."""

    slug = fields.String()
    href = fields.String()
    names = texts()
    country = fields.String()
    kinds = fields.List(fields.String())
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    demonstration = fields.Boolean()


class DesignationAnswerSchema(AnswerSchema):
    """A ministry's permission for a regulation."""

    id = fields.Integer()
    regulation = fields.String()
    regulation_slug = fields.String()
    activity = fields.String()
    ministry = fields.String()
    instrument = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class ListingAnswerSchema(AnswerSchema):
    """That a body is listed under an arrangement."""

    id = fields.Integer()
    arrangement = fields.String(metadata={"description": "Slug of the arrangement."})
    titles = texts()
    standard = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class BodyLineSchema(AnswerSchema):
    """One line of what is known of a body, with the number by which it can be ended."""

    id = fields.Integer()
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class IdentifierAnswerSchema(BodyLineSchema):
    """A number under which somebody else knows the body."""

    scheme = fields.String()
    value = fields.String()


class AddressAnswerSchema(BodyLineSchema):
    """A seat, a site or an address for letters."""

    kind = fields.String()
    address = fields.String()
    province = fields.String(allow_none=True)
    country = fields.String()


class ContactAnswerSchema(BodyLineSchema):
    """Whom officers ask, and for what."""

    purpose = fields.String()
    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class BodyAnswerSchema(BodySummarySchema, ChangeableSchema):
    """A body with everything that the register says of it."""

    address = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    identifier_scheme = fields.String(allow_none=True)
    identifier = fields.String(allow_none=True)
    accreditations = fields.List(fields.Nested(AccreditationAnswerSchema))
    designations = fields.List(fields.Nested(DesignationAnswerSchema))
    listings = fields.List(fields.Nested(ListingAnswerSchema))
    identifiers = fields.List(fields.Nested(IdentifierAnswerSchema))
    addresses = fields.List(fields.Nested(AddressAnswerSchema))
    contacts = fields.List(
        fields.Nested(ContactAnswerSchema), metadata={"description": "Only for officers."}
    )

    ended_because = fields.String(
        allow_none=True, metadata={"description": "Why an officer ended its registration."}
    )

    sometimes = frozenset({"receipt", "contacts"})


@blueprint.question(
    "/bodies",
    page_of(BodySummarySchema),
    query=[
        *AS_OF,
        *PAGING,
        query("q", "Words of names, numbers, products, characteristics and methods."),
        query("kind", "Only bodies of this kind, like testing_laboratory."),
        query("country", "Only bodies of this country, ISO 3166-1 alpha-2."),
        query("place", "Words of an address, like a province."),
        query("method", "Accredited for this document or edition, in any spelling."),
        query("product", "Words of the product or field of a scope line."),
        query("characteristic", "Words of the characteristic of the same scope line."),
        query("standard", "Words of the standard accredited to, like 17025."),
    ],
)
def list_bodies() -> Response:
    """List bodies by their public name, those that the search fits."""
    search = BodySearch(text=text("q") or "", **{name: text(name) or "" for name in _SEARCHED})

    def find(session: Session, as_of: AsOf, after: str | None, limit: int) -> list[BodySummary]:
        found = search_bodies(session, as_of, search)
        return [row for row in found if after is None or row.body.slug > after][:limit]

    return listing(find, _present_summary, lambda row: row.body.slug)


@blueprint.question("/bodies/<slug>", BodyAnswerSchema, query=AS_OF)
def show_body(slug: str) -> Response:
    """Show a body with its accreditations, designations and listings."""
    with reading() as session:
        body = _one(session, slug, asked_as_of(session))
    return representation(body, body["version"])


@blueprint.command(
    "/bodies", BodyAnswerSchema, body=BodySchema, permission="body:register", status=201
)
def register(uow: UnitOfWork, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Register an organisation as a body."""
    return _one(uow.session, register_body(uow, data).slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>",
    BodyAnswerSchema,
    body=BodyCorrectionSchema,
    permission="body:register",
    method="PUT",
    versioned=True,
)
def correct(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Correct what a body is registered as and when; without a last day it has no end."""
    correct_body(uow, slug, data, expected=expected)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>/withdraw",
    BodyAnswerSchema,
    body=BodyWithdrawalSchema,
    permission="body:register",
)
def withdraw(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """End the registration of a body from a day on; what rests on it becomes tasks."""
    withdraw_body(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>/designations",
    BodyAnswerSchema,
    body=BodyDesignationSchema,
    permission="designation:record",
)
def designate(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record that a ministry designates a body for a regulation."""
    designate_body(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>/identifiers",
    BodyAnswerSchema,
    body=BodyIdentifierSchema,
    permission="body:register",
)
def record_identifier(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record a number under which somebody else knows the body."""
    add_identifier(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>/addresses",
    BodyAnswerSchema,
    body=BodyAddressSchema,
    permission="body:register",
)
def record_address(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record a seat, a site or an address for letters."""
    add_address(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/bodies/<slug>/contacts",
    BodyAnswerSchema,
    body=BodyContactSchema,
    permission="body:register",
)
def record_contact(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record whom officers ask; the journal seals it."""
    add_contact(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


def _one(session: Session, slug: str, as_of: AsOf) -> dict[str, Any]:
    facts = body_facts(session, slug, as_of)
    organisation = facts.summary.organisation
    return {
        **_present_summary(facts.summary),
        "address": organisation.address,
        "website": organisation.website,
        "identifier_scheme": organisation.identifier_scheme,
        "identifier": organisation.identifier,
        "accreditations": [
            present_accreditation(a, facts.summary.body) for a in facts.accreditations
        ],
        "designations": [
            {
                "id": designation.id,
                "regulation": document.designation,
                "regulation_slug": document.slug,
                "activity": designation.activity,
                "ministry": designation.ministry,
                "instrument": designation.instrument,
                "valid_from": designation.valid_from,
                "valid_until": designation.valid_until,
            }
            for designation, document in facts.designations
        ],
        "listings": [
            {
                "id": listing.id,
                "arrangement": arrangement.slug,
                "titles": record.titles,
                "standard": listing.standard,
                "valid_from": listing.valid_from,
                "valid_until": listing.valid_until,
            }
            for listing, arrangement, record in facts.listings
        ],
        "identifiers": [_line(line, IdentifierAnswerSchema) for line in facts.identifiers],
        "addresses": [_line(line, AddressAnswerSchema) for line in facts.addresses],
        "ended_because": facts.ended_because,
        **_contacts(facts),
        "version": facts.version,
    }


def _contacts(facts: BodyFacts) -> dict[str, Any]:
    if not current_actor().may("contact:read"):
        return {}
    return {"contacts": [_line(line, ContactAnswerSchema) for line in facts.contacts]}


def _line(line: Any, schema: type[AnswerSchema]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in schema().fields}


def _present_summary(summary: BodySummary) -> dict[str, Any]:
    return {
        "slug": summary.body.slug,
        "href": url_for("Bodies.show_body", slug=summary.body.slug),
        "names": summary.organisation.names,
        "country": summary.organisation.country,
        "kinds": summary.record.kinds,
        "valid_from": summary.record.valid_from,
        "valid_until": summary.record.valid_until,
        "demonstration": summary.body.demonstration,
    }
