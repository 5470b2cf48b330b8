"""Reports with what the register makes of them, condition by condition, number by number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from registry.assessment.presenters.common import Reader
from registry.assessment.queries.acceptance import AssessedResult
from registry.assessment.queries.report_facts import report_items
from registry.assessment.queries.report_requests import RequestFacts
from registry.assessment.queries.reports import ReportFacts
from registry.assessment.rules.figure import figure_geometry
from registry.journal.queries import EntryView
from registry.messages import from_data

# Probabilities nearer to 0 or 1 than this are shown as bounds: none is ever certain.
_NEARLY = 0.0001


@dataclass(frozen=True, slots=True)
class ReportCase:
    """Everything that was asked about one report.

    ``conditions`` are those of the day asked, as ``rules.sentences.as_data`` gives
    them; ``receipt`` is the journal entry of the submission.
    """

    facts: ReportFacts
    conditions: Sequence[Mapping[str, Any]]
    results: Sequence[AssessedResult]
    receipt: EntryView | None
    decided_by: str | None


def present_rows(found: Iterable[ReportFacts]) -> list[dict[str, Any]]:
    """Return the rows of a list of reports."""
    return [
        {
            "id": facts.report.id,
            "number": facts.report.number,
            "demonstration": facts.report.demonstration,
            "regulation": facts.edition.designation,
            "application": facts.application.number if facts.application else None,
            "issued_on": facts.report.issued_on,
            "state": facts.record.state,
            "since": facts.record.state_since,
        }
        for facts in found
    ]


def present_requests(
    found: Iterable[RequestFacts], translate: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return the rows of what was sent and is no report yet, with why it was returned."""
    return [
        {
            "id": facts.request.id,
            "number": facts.request.number,
            "sent_at": facts.content.sent_at,
            "status": facts.status,
            "position": facts.content.position,
            "problems": [
                translate(from_data(problem)) for problem in facts.standing.problems or ()
            ],
        }
        for facts in found
    ]


# What speaks against a report is read first.
_FIRST = {"not_met": 0, "unknown": 1}


def present_conditions(
    conditions: Sequence[Mapping[str, Any]], reader: Reader
) -> list[dict[str, Any]]:
    """Return conditions as ``rules.sentences.as_data`` gives them, with their words."""
    return [
        {
            "key": condition["key"],
            "label": reader.texts("acceptance-condition", condition["key"]),
            "verdict": condition["verdict"],
            "sentence": condition["sentences"],
            "evidence": [
                {
                    "reference": evidence["reference"],
                    # What was judged earlier may name a scope line with a bare colon at its end.
                    "label": evidence.get("labels") or evidence["label"].rstrip(": "),
                }
                for evidence in condition["evidence"]
            ],
            "legal_basis": [reader.texts("legal-basis", key) for key in condition["legal_basis"]],
        }
        for condition in sorted(conditions, key=lambda one: _FIRST.get(one["verdict"], len(_FIRST)))
    ]


def present_report(case: ReportCase, reader: Reader) -> dict[str, Any]:
    """Return the page of one report."""
    facts, receipt = case.facts, case.receipt
    report, decision = facts.report, facts.decision
    return {
        "report": {
            "id": report.id,
            "number": report.number,
            "demonstration": report.demonstration,
            "laboratory": facts.laboratory.names,
            "laboratory_slug": facts.body.slug,
            "regulation": {
                "designation": facts.edition.designation,
                "slug": facts.edition.slug,
            },
            "application": facts.application.number if facts.application else None,
            "issued_on": report.issued_on,
            "state": facts.record.state,
            "state_since": facts.record.state_since,
            "version": facts.record.known_from,
        },
        "receipt": {
            "position": receipt.position,
            "recorded_at": receipt.recorded_at,
            "leaf_hash": receipt.leaf_hash,
            "digest": report.digest,
        }
        if receipt
        else None,
        "decision": {
            "judged_on": decision.on,
            "outcome": decision.outcome,
            "decided_outcome": decision.decided_outcome,
            "reasons": decision.reasons,
            "decided_by": case.decided_by,
        },
        "conditions": present_conditions(case.conditions, reader),
        "results": [
            _result(assessed, content, reader)
            for assessed, content in zip(case.results, report.content["results"], strict=True)
        ],
        "contradicted": sum(assessed.contradicted for assessed in case.results),
        "items": _items(facts, reader),
    }


def _result(assessed: AssessedResult, content: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    verdict = assessed.verdict
    rule = content["decision_rule"]
    numbers = {
        name: reader.number(content[name])
        for name in (
            "value",
            "expanded_uncertainty",
            "coverage_factor",
            "limit_lower",
            "limit_upper",
        )
    }
    return {
        "characteristic": content["characteristic"],
        "method": content["method"],
        "performed_on": _day(content["performed_on"]),
        "performed_until": _day(content["performed_until"]),
        "provider": content["provider"],
        "unit": content["unit"],
        **numbers,
        "rule": reader.label("decision-rule", rule) if rule else None,
        "statement": content["statement"],
        "computed": verdict.outcome.value if verdict else None,
        "contradicted": assessed.contradicted,
        "probability": _probability(verdict.conformance_probability, reader)
        if verdict and verdict.conformance_probability is not None
        else None,
        "risk": _probability(verdict.specific_risk, reader)
        if verdict and verdict.specific_risk is not None
        else None,
        "limit_unit": content["limit_unit"],
        "figure": _figure(assessed, numbers, reader),
    }


def _figure(
    assessed: AssessedResult, numbers: Mapping[str, str | None], reader: Reader
) -> dict[str, Any] | None:
    """Return the interval picture of templates/macros/figures.html, on an axis from 0 to 100."""
    result, verdict = assessed.result, assessed.verdict
    if verdict is None or result.measurement is None or result.limits is None:
        return None
    drawn = figure_geometry(result.measurement, result.limits, verdict, width=100.0)
    guarded = verdict.guard_band != 0
    return {
        "value": numbers["value"],
        "expanded_uncertainty": numbers["expanded_uncertainty"],
        "unit": result.measurement.unit,
        # In the unit of the value, which the axis is in.
        "limit_lower": _shown(result.limits.lower, reader),
        "limit_upper": _shown(result.limits.upper, reader),
        "x_value": drawn.value,
        "x_low": drawn.uncertainty_start,
        "x_high": drawn.uncertainty_end,
        "x_limit_lower": drawn.limit_lower,
        "x_limit_upper": drawn.limit_upper,
        "x_guard_lower": drawn.acceptance_lower if guarded else None,
        "x_guard_upper": drawn.acceptance_upper if guarded else None,
        "result": verdict.outcome.value.replace("_", "-"),
    }


def _shown(number: Decimal | None, reader: Reader) -> str | None:
    return None if number is None else reader.number(f"{number:f}")


def _probability(probability: float, reader: Reader) -> str:
    bound = ""
    if probability > 1 - _NEARLY:
        probability, bound = 1 - _NEARLY, "> "
    elif probability < _NEARLY:
        probability, bound = _NEARLY, "< "
    return f"{bound}{reader.number(f'{100 * probability:.2f}')} %"


def _items(facts: ReportFacts, reader: Reader) -> list[dict[str, Any]]:
    """Return the items of ISO/IEC 17025:2017, 7.8.2.1 with what the report says to each."""
    content = facts.report.content
    item = content["item"]
    said: dict[str, list[str | None]] = {
        "a": [content["title"]],
        "b": [content["laboratory_address"]],
        "c": [content["location"]],
        "d": [facts.report.number],
        "e": [content["customer"]],
        "g": [item["description"], item["condition"]],
        "k": [content["sampling"]],
        "n": [content["deviations"]],
        "o": [content["authorised_by"]],
        "p": [content["external_results"]],
    }
    days: dict[str, list[date | None]] = {
        "h": [_day(item["received_on"]), _day(item["sampled_on"])],
        "j": [facts.report.issued_on],
    }
    return [
        {
            "letter": letter,
            "label": reader.texts("report-item", letter),
            "state": state.value,
            "texts": [text for text in said.get(letter, []) if text],
            "days": [day for day in days.get(letter, []) if day],
        }
        for letter, state in report_items(content).items()
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
