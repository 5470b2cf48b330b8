"""Which regulations in force could be tested to on a day, and by whom."""

from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, texts
from registry.assessment.queries.able_bodies import AbleForRegulation
from registry.assessment.queries.regulation_coverage import (
    CoveredRegulation,
    regulation_coverage,
)
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Coverage", "Technical regulations and the bodies able to test to them")


class AbleAnswerSchema(AnswerSchema):
    """A body, the accreditations whose scope names the regulation, and its designations."""

    body = fields.String(metadata={"description": "Slug of the body."})
    names = texts()
    country = fields.String()
    accreditations = fields.List(fields.String())
    designated_for = fields.List(fields.String())
    demonstration = fields.Boolean()


class CoveredRegulationSchema(AnswerSchema):
    """A regulation in force on the day, with the bodies able to test to it; none is a gap."""

    designation = fields.String()
    slug = fields.String()
    titles = texts()
    ministry = fields.String()
    domains = fields.List(fields.String())
    bodies = fields.List(fields.Nested(AbleAnswerSchema))


class RegulationCoverageSchema(AnswerSchema):
    """All regulations in force on the day, those that nobody can test to first."""

    at = fields.Date()
    regulations = fields.Integer()
    uncovered = fields.Integer(metadata={"description": "How many nobody can test to."})
    items = fields.List(fields.Nested(CoveredRegulationSchema))


@blueprint.question(
    "/coverage",
    RegulationCoverageSchema,
    query=[
        *AS_OF,
        query("domain", "Only regulations of this domain."),
        query("ministry", "Only regulations that this ministry leads or issued."),
    ],
)
def show() -> Response:
    """Tell who could test to which regulation on the day asked."""
    with reading() as session:
        as_of = asked_as_of(session)
        found = regulation_coverage(
            session,
            as_of,
            parts().settings.zone,
            domain=text("domain") or "",
            ministry=text("ministry") or "",
        )
    return tagged(
        {
            "at": as_of.at,
            "regulations": len(found.regulations),
            "uncovered": found.uncovered,
            "items": [_present(regulation) for regulation in found.regulations],
        }
    )


def _present(regulation: CoveredRegulation) -> dict[str, Any]:
    return {
        "designation": regulation.facts.edition.designation,
        "slug": regulation.facts.edition.slug,
        "titles": regulation.facts.record.titles,
        "ministry": regulation.ministry,
        "domains": regulation.facts.record.domains,
        "bodies": [_able(body) for body in regulation.bodies],
    }


def _able(body: AbleForRegulation) -> dict[str, Any]:
    return {
        "body": body.slug,
        "names": body.names,
        "country": body.country,
        "accreditations": body.accreditations,
        "designated_for": body.designated_for,
        "demonstration": body.demonstration,
    }
