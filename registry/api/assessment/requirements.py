"""The finder as a resource: which rules apply to a product, and what they take."""

from typing import Any

from flask import Response
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.catalogue.presenting import ObligationAnswerSchema, present_obligation
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, texts
from registry.assessment.presenters.requirements import GROUPS, group_of
from registry.assessment.queries.requirements import Requirement, requirements
from registry.catalog.applicability import ORDER, Applicability
from registry.catalog.hs_codes import printed_hs
from registry.catalog.hs_nomenclature import HsEntry, nomenclature
from registry.catalog.product_question import read_question
from registry.catalog.queries.obligations import coverage
from registry.catalog.queries.product_rules import WAYS, Obliged
from registry.web.edge import asked_as_of, parts, reading

blueprint = Resource("Requirements", "Which rules apply to a product on a day")


class HsEntryAnswerSchema(AnswerSchema):
    """A section, chapter, heading or subheading of the Harmonized System of 2022."""

    code = fields.String()
    description = fields.String(metadata={"description": "In English."})
    vietnamese = fields.String(
        allow_none=True, metadata={"description": "A short title, where this register has one."}
    )


class ApplicableObligationSchema(ObligationAnswerSchema):
    """An obligation and how it stands on the day asked."""

    stands = fields.String(metadata={"enum": list(ORDER)})
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)


class WindowAnswerSchema(AnswerSchema):
    """Another edition that may be used as well, until a day, inclusive."""

    edition = fields.String(metadata={"description": "Slug of the other edition."})
    designation = fields.String()
    until = fields.Date()
    newer = fields.Boolean()


class EditionNameSchema(AnswerSchema):
    """An edition by its slug and designation."""

    edition = fields.String()
    designation = fields.String()


class AbleBodySchema(AnswerSchema):
    """A body accredited or designated for the regulation on the day asked."""

    slug = fields.String()
    names = texts()
    country = fields.String()
    accreditations = fields.List(fields.String())
    designated_for = fields.List(fields.String())
    demonstration = fields.Boolean()


class AcceptedResultSchema(AnswerSchema):
    """A type of result that an arrangement covers; ``begins`` when that is still to come."""

    arrangement = fields.String(metadata={"description": "Slug of the arrangement."})
    titles = texts()
    kind = fields.String()
    phase = fields.String(allow_none=True)
    result_type = fields.String()
    direction = fields.String()
    begins = fields.Date(allow_none=True)
    certain = fields.Boolean(metadata={"description": "False: it covers some products only."})
    demonstration = fields.Boolean()


class RequirementAnswerSchema(AnswerSchema):
    """A regulation edition that concerns the product."""

    edition = fields.String(metadata={"description": "Slug of the regulation edition."})
    designation = fields.String()
    titles = texts()
    status = fields.String()
    group = fields.String(metadata={"enum": list(GROUPS)})
    found_by = fields.String(metadata={"enum": list(WAYS)})
    since = fields.Date(allow_none=True)
    until = fields.Date(allow_none=True)
    obligations = fields.List(fields.Nested(ApplicableObligationSchema))
    coexists_with = fields.List(fields.Nested(WindowAnswerSchema))
    replaced_by = fields.List(fields.Nested(EditionNameSchema))
    bodies = fields.List(fields.Nested(AbleBodySchema))
    accepted_results = fields.List(fields.Nested(AcceptedResultSchema))


class CoverageAnswerSchema(AnswerSchema):
    """How much the register says of what applies to which products."""

    obligations = fields.Integer()
    editions = fields.Integer()
    chapters = fields.Integer()


class RequirementsAnswerSchema(AnswerSchema):
    """What concerns the product, what applies first. A miss does not mean that nothing applies."""

    hs = fields.String(allow_none=True, metadata={"description": "The code as it was read."})
    q = fields.String()
    at = fields.Date()
    lineage = fields.List(fields.Nested(HsEntryAnswerSchema))
    headings = fields.List(fields.Nested(HsEntryAnswerSchema))
    more = fields.Boolean()
    coverage = fields.Nested(CoverageAnswerSchema)
    items = fields.List(fields.Nested(RequirementAnswerSchema))


@blueprint.question(
    "/requirements",
    RequirementsAnswerSchema,
    query=[
        query("hs", "An HS code of 2 to 8 digits in any punctuation."),
        query("q", "Words of the product, or an HS code."),
        *AS_OF,
    ],
)
def find() -> Response:
    """Say which rules apply to a product, who can test it, and which results are accepted."""
    question = read_question(text("hs") or "", text("q") or "")
    with reading() as session:
        as_of = asked_as_of(session)
        zone = parts().settings.zone
        answer = requirements(session, parts().search, question, as_of, zone)
        covered = answer.coverage or coverage(session, as_of)
    body = {
        "hs": printed_hs(question.hs) if question.hs else None,
        "q": question.text,
        "at": as_of.at,
        "lineage": [_entry(entry) for entry in question.lineage],
        "headings": [_entry(nomenclature().entries[c]) for c in question.headings.codes],
        "more": answer.more,
        "coverage": {
            "obligations": covered.obligations,
            "editions": covered.editions,
            "chapters": covered.chapters,
        },
        "items": [_present(requirement) for requirement in answer.found],
    }
    return tagged(body)


def _entry(entry: HsEntry) -> dict[str, str | None]:
    return {
        "code": entry.code,
        "description": entry.description,
        "vietnamese": entry.vietnamese or None,
    }


def _present(requirement: Requirement) -> dict[str, Any]:
    rule = requirement.rule
    edition = rule.facts.edition
    return {
        "edition": edition.slug,
        "designation": edition.designation,
        "titles": rule.facts.record.titles,
        "status": rule.facts.status.status,
        "group": group_of(requirement),
        "found_by": rule.way,
        **_period(rule.stands),
        "obligations": [_obliged(item, edition.slug) for item in rule.obligations],
        "coexists_with": [
            {
                "edition": window.other.edition.slug,
                "designation": window.other.edition.designation,
                "until": window.until,
                "newer": window.other_is_newer,
            }
            for window in rule.windows
        ],
        "replaced_by": [
            {"edition": newer.edition.slug, "designation": newer.edition.designation}
            for newer in rule.replaced_by
        ],
        "bodies": [
            {
                "slug": body.slug,
                "names": body.names,
                "country": body.country,
                "accreditations": body.accreditations,
                "designated_for": body.designated_for,
                "demonstration": body.demonstration,
            }
            for body in requirement.bodies
        ],
        "accepted_results": [
            {
                "arrangement": result.arrangement.slug,
                "titles": result.record.titles,
                "kind": result.record.kind,
                "phase": result.record.phase,
                "result_type": result.line.result_type,
                "direction": result.line.direction,
                "begins": result.begins,
                "certain": result.certain,
                "demonstration": result.arrangement.demonstration,
            }
            for result in requirement.accepted
        ],
    }


def _obliged(item: Obliged, slug: str) -> dict[str, Any]:
    return {
        **present_obligation(item.obligation, slug),
        "stands": item.stands.key,
        **_period(item.stands),
    }


def _period(stands: Applicability) -> dict[str, Any]:
    return {"since": stands.since, "until": stands.until}
