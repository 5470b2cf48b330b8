"""Foreign results (contexts of templates/public/foreign_results.html, foreign_result.html)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.assessment.foreign.queries import OUTCOMES, Count, ForeignFacts, Relied
from registry.assessment.presenters.common import Reader
from registry.assessment.presenters.reports import present_conditions

COLUMNS = (
    "scheme",
    "number",
    "status",
    "standard",
    "level",
    "product",
    "vendor",
    "issuer",
    "issued_on",
    "valid_until",
    "judged_on",
    "outcome",
    "demonstration",
)


def present_summary(counts: Iterable[Count]) -> list[dict[str, Any]]:
    """Return one row for each scheme: how many results have which outcome."""
    found: dict[str, dict[str, int]] = {}
    for count in counts:
        found.setdefault(count.scheme, dict.fromkeys(OUTCOMES, 0))[count.key] = count.results
    return [
        {"scheme": scheme, **numbers, "total": sum(numbers.values())}
        for scheme, numbers in found.items()
    ]


def present_reasons(counts: Iterable[Count]) -> list[dict[str, Any]]:
    """Return why results were not accepted, schemes added up, most frequent first."""
    found: dict[tuple[str | None, str], int] = {}
    for count in counts:
        key = (count.condition, count.key)
        found[key] = found.get(key, 0) + count.results
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [
        {"condition": condition, "reason": reason, "results": results}
        for (condition, reason), results in ordered
    ]


def present_row(facts: ForeignFacts) -> dict[str, Any]:
    """Return one row of the list."""
    return {
        "scheme": facts.result.scheme,
        "number": facts.result.number,
        "status": facts.status.kind,
        "standard": facts.record.content["standard"]["label"],
        "level": facts.record.content["level"],
        "product": facts.record.product,
        "vendor": facts.record.content["vendor"],
        "issuer": facts.issuer.slug,
        "issuer_names": facts.issuer_names,
        "issued_on": facts.record.issued_on,
        "valid_until": facts.record.valid_until,
        "judged_on": facts.decision.on,
        "outcome": facts.decision.outcome,
        "demonstration": facts.result.demonstration,
    }


def present_one(
    facts: ForeignFacts, acceptance: Mapping[str, Any], reader: Reader
) -> dict[str, Any]:
    """Return the page of one result; ``acceptance`` is that of the day asked."""
    return {
        "result": {
            **present_row(facts),
            "subject": f"foreign-result:{facts.result.id}",
            "url": facts.record.content["url"],
            "kind": facts.record.content["kind"],
            "steps": facts.record.content["steps"],
        },
        "statuses": present_statuses(facts),
        "outcome": acceptance["outcome"],
        "conditions": present_conditions(acceptance["conditions"], reader),
    }


def present_statuses(facts: ForeignFacts) -> list[dict[str, Any]]:
    """Return the status history, as far as the lists tell its days."""
    return [
        {
            "kind": status.kind,
            "effective_on": status.effective_on,
            "effective_after": status.effective_after,
            "effective_by": status.effective_by,
        }
        for status in facts.statuses
    ]


def present_relied(found: Sequence[Relied]) -> list[dict[str, Any]]:
    """Return what rested on results that lapsed."""
    return [
        {
            "scheme": relied.result.scheme,
            "number": relied.result.number,
            "status": relied.status.kind,
            "known_by": relied.status.effective_on or relied.status.effective_by,
            "kind": relied.subject.partition(":")[0],
            "subject": relied.subject,
            "since": relied.since,
        }
        for relied in found
    ]
