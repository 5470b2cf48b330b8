"""Conformity assessment and accreditation bodies as resources."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import page, page_parameters, representation
from registry.api.assessment.accreditations import (
    AccreditationAnswerSchema,
    present_accreditation,
)
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment.queries.bodies import BodyFacts, BodySummary, bodies, body_facts
from registry.assessment.schemas import BodyDesignationSchema, BodySchema
from registry.assessment.services.bodies import designate_body, register_body
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

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

    regulation = fields.String()
    regulation_slug = fields.String()
    activity = fields.String()
    ministry = fields.String()
    instrument = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class ListingAnswerSchema(AnswerSchema):
    """That a body is listed under an arrangement."""

    arrangement = fields.String(metadata={"description": "Slug of the arrangement."})
    titles = texts()
    standard = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)


class BodyAnswerSchema(BodySummarySchema, ChangeableSchema):
    """A body with everything that the register says of it."""

    address = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    identifier_scheme = fields.String(allow_none=True)
    identifier = fields.String(allow_none=True)
    accreditations = fields.List(fields.Nested(AccreditationAnswerSchema))
    designations = fields.List(fields.Nested(DesignationAnswerSchema))
    listings = fields.List(fields.Nested(ListingAnswerSchema))

    sometimes = frozenset({"receipt"})


@blueprint.question(
    "/bodies",
    page_of(BodySummarySchema),
    query=[
        *AS_OF,
        *PAGING,
        query("kind", "Only bodies of this kind, like testing_laboratory."),
        query("country", "Only bodies of this country, ISO 3166-1 alpha-2."),
    ],
)
def list_bodies() -> Response:
    """List bodies by their public name."""
    key, limit = page_parameters(str)
    with reading() as session:
        rows = bodies(
            session,
            asked_as_of(session),
            kind=text("kind"),
            country=text("country"),
            after=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _present_summary, lambda row: (row.body.slug,))


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
    "/bodies/<slug>/designations",
    BodyAnswerSchema,
    body=BodyDesignationSchema,
    permission="designation:record",
)
def designate(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record that a ministry designates a body for a regulation."""
    designate_body(uow, slug, data)
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
                "arrangement": arrangement.slug,
                "titles": record.titles,
                "standard": listing.standard,
                "valid_from": listing.valid_from,
                "valid_until": listing.valid_until,
            }
            for listing, arrangement, record in facts.listings
        ],
        "version": _version(facts),
    }


def _version(facts: BodyFacts) -> int:
    """Return the journal position of the newest fact about a body."""
    return max(
        facts.summary.record.known_from,
        facts.summary.organisation.known_from,
        *(a.version for a in facts.accreditations),
        *(designation.known_from for designation, _ in facts.designations),
        *(listing.known_from for listing, _, _ in facts.listings),
    )


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
