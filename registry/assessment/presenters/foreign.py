"""Foreign results (contexts of templates/public/foreign_results.html, foreign_result.html)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.assessment.foreign.affected import Relied
from registry.assessment.foreign.jobs import report_of
from registry.assessment.foreign.laboratory_queries import LaboratoryFacts
from registry.assessment.foreign.queries import OUTCOMES, Count, ForeignFacts
from registry.assessment.models import ForeignImport
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

RELIED_COLUMNS = ("scheme", "number", "status", "known_by", "kind", "subject", "since")
IMPORT_COUNTS = (
    "rows",
    "new",
    "changed",
    "unchanged",
    "status changed",
    "no longer listed",
    "repeated",
    "bad",
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
    facts: ForeignFacts,
    acceptance: Mapping[str, Any],
    reader: Reader,
    laboratories: Mapping[str, str],
) -> dict[str, Any]:
    """Return the page of one result; ``acceptance`` is that of the day asked.

    ``laboratories`` gives the slugs of the laboratories that it names.
    """
    return {
        "result": {
            **present_row(facts),
            "subject": f"foreign-result:{facts.result.id}",
            "url": facts.record.content["url"],
            "kind": facts.record.content["kind"],
            "steps": [
                {**step, "slug": laboratories.get(step["laboratory"] or "")}
                for step in facts.record.content["steps"]
            ],
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
    """Return what rested on results that are no longer in force."""
    return [
        {
            "scheme": relied.scheme,
            "number": relied.number,
            "status": relied.status,
            "known_by": relied.known_by,
            "kind": relied.subject.partition(":")[0],
            "subject": relied.subject,
            "since": relied.since,
        }
        for relied in found
    ]


def present_laboratory(facts: LaboratoryFacts) -> dict[str, Any]:
    """Return a laboratory that lists name; ``body`` is None while nobody linked it to one."""
    return {
        "slug": facts.laboratory.slug,
        "name": facts.laboratory.name,
        "subject": f"foreign-laboratory:{facts.laboratory.id}",
        "results": facts.results,
        "accepted": facts.accepted,
        "first": facts.first,
        "last": facts.last,
        "body": facts.body and {"slug": facts.body.slug, "names": facts.body_names},
    }


def present_import(job: ForeignImport) -> dict[str, Any]:
    """Return an import of a list: where it stands, and what it did so far."""
    report = report_of(job)
    return {
        "id": job.id,
        "scheme": job.scheme,
        "read_on": job.read_on,
        "filename": job.filename,
        "state": job.phase,
        "problem": job.problem,
        "uploaded_at": job.uploaded_at,
        "finished_at": job.finished_at,
        "rows_done": job.rows_done,
        "counts": {name: report.counts[name] for name in IMPORT_COUNTS},
        "outcomes": {name: report.outcomes[name] for name in OUTCOMES},
        "lapsed": len(report.lapsed),
        "bad": [{"line": row.line, "field": row.field, "reason": row.reason} for row in report.bad],
    }
