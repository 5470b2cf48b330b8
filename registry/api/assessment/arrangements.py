"""Recognition arrangements as resources."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import representation
from registry.api.assessment.listing import listing
from registry.api.parameters import AS_OF, PAGING
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment.queries.arrangements import (
    ArrangementFacts,
    arrangement_facts,
    arrangements,
)
from registry.assessment.schemas import (
    ArrangementCorrectionSchema,
    ArrangementSchema,
    ArrangementScopeSchema,
    ArrangementSuccessionSchema,
    ListingSchema,
)
from registry.assessment.services.arrangements import (
    add_arrangement_scope,
    add_predecessor,
    correct_arrangement,
    list_body,
    record_arrangement,
)
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

blueprint = Resource("Arrangements", "Recognition arrangements: parties, coverage, listed bodies")


class ArrangementSummarySchema(AnswerSchema):
    """A recognition arrangement; ``in_force`` on the day asked."""

    slug = fields.String()
    href = fields.String()
    titles = texts()
    kind = fields.String()
    phase = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    in_force = fields.Boolean()
    demonstration = fields.Boolean()


class PartyAnswerSchema(AnswerSchema):
    """A party: an economy by its ISO 3166-1 alpha-2 code, or a body by its slug."""

    economy = fields.String()
    body = fields.String()

    sometimes = frozenset({"economy", "body"})


class ArrangementLineAnswerSchema(AnswerSchema):
    """One line of what results are covered; null means that it is not restricted."""

    id = fields.Integer()
    regulation = fields.String(allow_none=True, metadata={"description": "Key of a document."})
    product = fields.String(allow_none=True)
    hs_codes = fields.List(fields.String())
    result_type = fields.String()
    direction = fields.String(metadata={"enum": ["inward", "outward", "both"]})
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class ListedBodyAnswerSchema(AnswerSchema):
    """A body listed under the arrangement; ``current`` on the day asked."""

    id = fields.Integer()
    body = fields.String(metadata={"description": "Slug of the body."})
    names = texts()
    country = fields.String()
    standard = fields.String(allow_none=True)
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    current = fields.Boolean()


class PredecessorAnswerSchema(AnswerSchema):
    """An arrangement that another continues, and until when both are taken alike."""

    slug = fields.String()
    transition_until = fields.Date(allow_none=True)
    source = fields.String(allow_none=True)


class ArrangementAnswerSchema(ArrangementSummarySchema, ChangeableSchema):
    """An arrangement with its parties, what it covers and whom it lists."""

    parties = fields.List(fields.Nested(PartyAnswerSchema))
    scope_lines = fields.List(fields.Nested(ArrangementLineAnswerSchema))
    listed_bodies = fields.List(fields.Nested(ListedBodyAnswerSchema))
    predecessor = fields.String(allow_none=True)
    predecessors = fields.List(
        fields.Nested(PredecessorAnswerSchema),
        metadata={"description": "All that it continues, the one above included."},
    )
    successors = fields.List(fields.String())
    transition_until = fields.Date(allow_none=True)
    article = fields.String(allow_none=True)
    source = fields.String(allow_none=True)

    sometimes = frozenset({"receipt"})


@blueprint.question("/arrangements", page_of(ArrangementSummarySchema), query=[*AS_OF, *PAGING])
def list_arrangements() -> Response:
    """List arrangements by their public name."""
    return listing(
        lambda session, as_of, after, limit: arrangements(session, as_of, after=after, limit=limit),
        _present_summary,
        lambda row: row.arrangement.slug,
    )


@blueprint.question("/arrangements/<slug>", ArrangementAnswerSchema, query=AS_OF)
def show_arrangement(slug: str) -> Response:
    """Show an arrangement with what it covers and whom it lists."""
    with reading() as session:
        body = _one(session, slug, asked_as_of(session))
    return representation(body, body["version"])


@blueprint.command(
    "/arrangements",
    ArrangementAnswerSchema,
    body=ArrangementSchema,
    permission="arrangement:record",
    status=201,
)
def record(uow: UnitOfWork, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record a recognition arrangement."""
    return _one(uow.session, record_arrangement(uow, data).slug, AsOf(uow.today))


@blueprint.command(
    "/arrangements/<slug>",
    ArrangementAnswerSchema,
    body=ArrangementCorrectionSchema,
    permission="arrangement:record",
    method="PUT",
    versioned=True,
)
def correct(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Correct or end an arrangement; what rests on its listings after its end becomes tasks."""
    correct_arrangement(uow, slug, data, expected=expected)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/arrangements/<slug>/scope-lines",
    ArrangementAnswerSchema,
    body=ArrangementScopeSchema,
    permission="arrangement:record",
)
def add_lines(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add lines to what an arrangement covers."""
    add_arrangement_scope(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/arrangements/<slug>/listings",
    ArrangementAnswerSchema,
    body=ListingSchema,
    permission="arrangement:record",
)
def add_listing(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """List a body under an arrangement."""
    list_body(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


@blueprint.command(
    "/arrangements/<slug>/predecessors",
    ArrangementAnswerSchema,
    body=ArrangementSuccessionSchema,
    permission="arrangement:record",
)
def continue_further(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record a further arrangement that this one continues, as when two merge into one."""
    add_predecessor(uow, slug, data)
    return _one(uow.session, slug, AsOf(uow.today))


def _one(session: Session, slug: str, as_of: AsOf) -> dict[str, Any]:
    facts = arrangement_facts(session, slug, as_of)
    record = facts.record
    return {
        **_present_summary(facts),
        "parties": [_present_party(facts, party) for party in record.parties],
        "scope_lines": [
            {
                "id": line.id,
                "regulation": line.document_key,
                "product": line.product,
                "hs_codes": line.hs_codes,
                "result_type": line.result_type,
                "direction": line.direction,
                "valid_from": line.valid_from,
                "valid_until": line.valid_until,
            }
            for line in facts.scope_lines
        ],
        "listed_bodies": [
            {
                "id": listed.listing.id,
                "body": listed.body.slug,
                "names": listed.organisation.names,
                "country": listed.organisation.country,
                "standard": listed.listing.standard,
                "valid_from": listed.listing.valid_from,
                "valid_until": listed.listing.valid_until,
                "current": listed.current,
            }
            for listed in facts.listed
        ],
        "predecessor": facts.predecessor.slug if facts.predecessor else None,
        "predecessors": [
            {
                "slug": before.arrangement.slug,
                "transition_until": before.succession.transition_until,
                "source": before.succession.source,
            }
            for before in facts.predecessors
        ],
        "successors": [successor.slug for successor in facts.successors],
        "transition_until": record.transition_until,
        "article": record.article,
        "source": record.source,
        "version": facts.version,
    }


def _present_party(facts: ArrangementFacts, party: Mapping[str, Any]) -> dict[str, str]:
    if "economy" in party:
        return {"economy": party["economy"]}
    return {"body": facts.party_bodies[party["body_id"]][0].slug}


def _present_summary(facts: ArrangementFacts) -> dict[str, Any]:
    return {
        "slug": facts.arrangement.slug,
        "href": url_for("Arrangements.show_arrangement", slug=facts.arrangement.slug),
        "titles": facts.record.titles,
        "kind": facts.record.kind,
        "phase": facts.record.phase,
        "valid_from": facts.record.valid_from,
        "valid_until": facts.record.valid_until,
        "in_force": facts.in_force,
        "demonstration": facts.arrangement.demonstration,
    }
