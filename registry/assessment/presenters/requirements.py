"""What applies to a product (context of templates/public/requirements.html)."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.assessment.presenters.common import (
    Reader,
    country_names,
    source_link,
)
from registry.assessment.queries.able_bodies import AbleForRegulation
from registry.assessment.queries.accepted_results import AcceptedResult
from registry.assessment.queries.requirements import Requirement, Requirements
from registry.catalog.applicability import NO_LONGER, ORDER
from registry.catalog.hs_codes import printed_hs, related
from registry.catalog.hs_nomenclature import HsEntry, nomenclature
from registry.catalog.notes import note_words
from registry.catalog.product_question import ProductQuestion
from registry.catalog.queries.product_rules import Obliged

# A regulation without a list of products: it was found by its title.
UNLISTED = "unlisted"
GROUPS = (*ORDER[:-1], UNLISTED, NO_LONGER)

_MOST_CODES = 12
_MOST_HEADINGS = 8

Methods = Mapping[str, Mapping[str, Any]]


def present_requirements(answer: Requirements, reader: Reader, methods: Methods) -> dict[str, Any]:
    """Return the page's context without its links.

    ``methods`` are the attributes of the certification methods by key.
    """
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in GROUPS}
    for requirement in answer.found:
        item = _requirement(requirement, answer.question, reader, methods)
        groups[item["group"]].append(item)
    return {
        "question": _question(answer.question, reader.language),
        "groups": [{"key": key, "items": items} for key, items in groups.items() if items],
        "counts": {key: len(items) for key, items in groups.items()},
        "more": answer.more,
        "coverage": answer.coverage,
    }


def group_of(requirement: Requirement) -> str:
    """Return under which heading a requirement stands."""
    rule = requirement.rule
    if not rule.obligations and rule.stands.key != NO_LONGER:
        return UNLISTED
    return rule.stands.key


def _question(question: ProductQuestion, language: str) -> dict[str, Any]:
    headings = question.headings.codes
    entries = nomenclature().entries
    return {
        "hs": printed_hs(question.hs) if question.hs else None,
        "text": question.text,
        "blank": question.blank,
        "exact": question.exact,
        "lineage": [_entry(entry, language) for entry in question.lineage],
        "headings": [_entry(entries[code], language) for code in headings[:_MOST_HEADINGS]],
        "more_headings": max(0, len(headings) - _MOST_HEADINGS),
        "heading_words": question.headings.used,
        "too_wide": question.too_wide,
    }


def _entry(entry: HsEntry, language: str) -> dict[str, Any]:
    vietnamese = entry.vietnamese if language == "vi" else ""
    section = not entry.code.isdigit()
    code = entry.code if section else printed_hs(entry.code)
    return {
        "code": code,
        "description": vietnamese or entry.description,
        "language": "vi" if vietnamese else "en",
        "section": section,
    }


def _requirement(
    requirement: Requirement,
    question: ProductQuestion,
    reader: Reader,
    methods: Methods,
) -> dict[str, Any]:
    rule = requirement.rule
    facts = rule.facts
    return {
        "group": group_of(requirement),
        "way": rule.way,
        "slug": facts.edition.slug,
        "designation": facts.edition.designation,
        "title": facts.record.titles,
        "status": {"key": facts.status.status, "since": facts.status.since},
        "stands": rule.stands,
        "obligations": [_obliged(item, question, reader, methods) for item in rule.obligations],
        "windows": [
            {
                "designation": window.other.edition.designation,
                "slug": window.other.edition.slug,
                "until": window.until,
                "newer": window.other_is_newer,
            }
            for window in rule.windows
        ],
        "replaced_by": [
            {"designation": newer.edition.designation, "slug": newer.edition.slug}
            for newer in rule.replaced_by
        ],
        "bodies": [_body(body, reader) for body in requirement.bodies],
        "accepted": [_accepted(result, reader) for result in requirement.accepted],
    }


def _obliged(
    item: Obliged, question: ProductQuestion, reader: Reader, methods: Methods
) -> dict[str, Any]:
    obligation = item.obligation
    codes = _codes(item.codes, question)
    method = obligation.method
    return {
        "product": obligation.product or "",
        "codes": codes[:_MOST_CODES],
        "more_codes": max(0, len(codes) - _MOST_CODES),
        "method": reader.texts("certification-method", method) if method else None,
        "counterpart": methods.get(method, {}).get("iso17067") if method else None,
        "declaration": reader.texts("declaration-basis", obligation.declaration)
        if obligation.declaration
        else None,
        "stands": item.stands,
        "valid_from": obligation.valid_from,
        "valid_until": obligation.valid_until,
        "note": note_words(obligation.note),
        "source": source_link(obligation.source),
    }


def _codes(codes: Sequence[str], question: ProductQuestion) -> list[dict[str, Any]]:
    """Return codes as printed, those that the question is about first."""
    asked = [question.hs] if question.hs else question.headings.codes
    found = {code for code in codes if any(related(code, other) for other in asked)}
    return [
        {"code": printed_hs(code), "found": code in found}
        for code in sorted(codes, key=lambda code: (code not in found, code))
    ]


def _body(body: AbleForRegulation, reader: Reader) -> dict[str, Any]:
    return {
        "slug": body.slug,
        "name": body.names,
        "country": country_names(body.country),
        "demonstration": body.demonstration,
        "accreditations": body.accreditations,
        "designated_for": [reader.texts("activity", key) for key in body.designated_for],
    }


def _accepted(result: AcceptedResult, reader: Reader) -> dict[str, Any]:
    record, line = result.record, result.line
    return {
        "slug": result.arrangement.slug,
        "title": record.titles,
        "demonstration": result.arrangement.demonstration,
        "kind": reader.texts("arrangement-kind", record.kind),
        "phase": reader.texts("arrangement-phase", record.phase) if record.phase else None,
        "result_type": reader.texts("result-type", line.result_type),
        "direction": reader.texts("recognition-direction", line.direction),
        "product": line.product,
        "article": record.article,
        "begins": result.begins,
        "valid_until": min(filter(None, (record.valid_until, line.valid_until)), default=None),
        "certain": result.certain,
    }
