"""Editions, relations and obligations as JSON, and the schemas that describe them."""

from typing import Any

from flask import url_for
from marshmallow import fields

from registry.api.schemas import AnswerSchema, ChangeableSchema, texts
from registry.catalog.exporting import edition_data
from registry.catalog.models import Obligation
from registry.catalog.queries.editions import EditionFacts, RelationFacts


class InstrumentAnswerSchema(AnswerSchema):
    """The legal instrument that promulgated an edition, as far as it is known."""

    kind = fields.String()
    number = fields.String()
    date = fields.String()
    issuer = fields.String()
    effective = fields.String()
    title = fields.String()
    url = fields.String()

    sometimes = frozenset({"kind", "number", "date", "issuer", "effective", "title", "url"})


class ChangeAnswerSchema(AnswerSchema):
    """A status and the first day on which it held; the day is null when it is not known."""

    since = fields.Date(allow_none=True)
    status = fields.String()


class RelationAnswerSchema(AnswerSchema):
    """A relation seen from the edition asked for; ``in`` means that the other edition states it."""

    type = fields.String()
    direction = fields.String(metadata={"enum": ["in", "out"]})
    degree = fields.String(allow_none=True)
    designation = fields.String(metadata={"description": "The edition at the other end."})
    slug = fields.String(allow_none=True)
    status = fields.String(allow_none=True)


class ObligationAnswerSchema(AnswerSchema):
    """That a regulation edition applies to products from one day until another."""

    id = fields.Integer()
    edition = fields.String(metadata={"description": "Slug of the regulation edition."})
    product = texts()
    hs_codes = fields.List(fields.String())
    method = fields.String(allow_none=True)
    declaration = fields.String(allow_none=True)
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    note = fields.String(allow_none=True)
    source = fields.String(allow_none=True)
    version = fields.Integer(metadata={"description": "Journal position that recorded it."})


class EditionSummarySchema(ChangeableSchema):
    """An edition as valid and known on the days asked. What is unknown is left out."""

    slug = fields.String()
    href = fields.String()
    designation = fields.String()
    national = fields.Boolean(metadata={"description": "Of the register's own list."})
    state = fields.String(metadata={"description": "Where its record is in the workflow."})
    kind = fields.String()
    publisher = fields.String()
    titles = texts()
    scope = texts()
    status = fields.String(metadata={"description": "Status on the day asked."})
    status_since = fields.Date()
    timeline = fields.List(fields.Nested(ChangeAnswerSchema))
    lead_ministry = fields.String()
    doctype = fields.String()
    stage = fields.String(metadata={"description": "International harmonized stage code."})
    issued = fields.String(metadata={"description": "A year, a month or a day, as its source."})
    effective_from = fields.Date()
    effective_until = fields.Date()
    withdrawn_on = fields.Date()
    instrument = fields.Nested(InstrumentAnswerSchema)
    ics = fields.List(fields.String())
    domains = fields.List(fields.String())
    languages = fields.List(fields.String())
    committee = fields.List(fields.String())
    drafted_by = fields.String()
    pages = fields.Integer()
    url = fields.String()
    status_source = fields.String()
    source = fields.String()
    evidence = fields.String()
    note = fields.String()

    always = frozenset(
        {
            "slug",
            "href",
            "designation",
            "national",
            "state",
            "kind",
            "status",
            "timeline",
            "version",
        }
    )

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Count on the identity and the status; the rest is there as far as it is known."""
        field_obj.required = field_name in self.always


class PartEndedAnswerSchema(AnswerSchema):
    """A part of an edition that no longer applies from a day on."""

    id = fields.Integer()
    part = fields.String()
    first_day = fields.Date()
    reason = fields.String()
    source = fields.String(allow_none=True)


class EditionAnswerSchema(EditionSummarySchema):
    """One edition with its relations and, for a regulation, its obligations."""

    parts_ended = fields.List(fields.Nested(PartEndedAnswerSchema))

    relations = fields.List(fields.Nested(RelationAnswerSchema))
    obligations = fields.List(fields.Nested(ObligationAnswerSchema))


def present_edition(facts: EditionFacts) -> dict[str, Any]:
    """Return an edition as JSON: open data plus its address and version."""
    return {
        **edition_data(facts, []),
        "slug": facts.edition.slug,
        "href": url_for("Editions.one", slug=facts.edition.slug),
        "national": facts.edition.national,
        "state": facts.record.state,
        "timeline": [{"since": c.since, "status": c.status} for c in facts.changes],
        "version": facts.record.known_from,
    }


def present_relation(facts: RelationFacts) -> dict[str, Any]:
    """Return a relation as JSON, seen from the edition that was asked for."""
    return {
        "type": facts.relation.type,
        "direction": "in" if facts.inward else "out",
        "degree": facts.relation.degree,
        "designation": facts.designation,
        "slug": facts.other.edition.slug if facts.other else None,
        "status": facts.other.status.status if facts.other else None,
    }


def present_obligation(obligation: Obligation, edition_slug: str) -> dict[str, Any]:
    """Return an obligation as JSON."""
    return {
        "id": obligation.id,
        "edition": edition_slug,
        "product": obligation.product,
        "hs_codes": obligation.hs_codes,
        "method": obligation.method,
        "declaration": obligation.declaration,
        "valid_from": obligation.valid_from,
        "valid_until": obligation.valid_until,
        "note": obligation.note,
        "source": obligation.source,
        "version": obligation.known_from,
    }
