"""Rows of the officers' desk as its page shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.assessment.presenters.common import Reader
from registry.assessment.presenters.subjects import befallen, page_of_subject
from registry.assessment.queries.dependents import Dependent
from registry.assessment.queries.desk import WorkItem
from registry.assessment.queries.expiry import Expiry
from registry.assessment.queries.surveillance import SurveillanceFacts
from registry.assessment.services.bulk import RowResult

# What can be done with many rows of a kind at once.
_BULK = {"application/submitted": "take-up"}


def present_queue(
    items: Sequence[WorkItem], names: Mapping[int, str], reader: Reader, user_id: int | None
) -> list[dict[str, Any]]:
    """Return the rows of the queue. ``names`` are of the people that rows are with."""
    return [
        {
            "kind": item.kind,
            "subject": item.subject,
            "label": item.label,
            "step": step_label(item, reader),
            "page": _page(item),
            "since": item.since,
            "due": item.due,
            "age": item.age,
            "score": item.score,
            "risks": [
                {"key": risk.key, "label": reader.label("desk-risk", risk.key)}
                for risk in item.risks
            ],
            "assigned": names.get(item.assigned_user_id or 0),
            "mine": item.assigned_user_id is not None and item.assigned_user_id == user_id,
            "bar": item.bar,
            "version": item.version,
            "cause": {
                "subject": item.cause.cause,
                "label": item.cause_label or item.cause.cause,
                "kind": befallen(item.cause.cause, item.cause.cause_kind, reader),
                "from": item.cause.cause_from,
            }
            if item.cause
            else None,
            "selectable": item.kind == "task" or item.step in _BULK,
        }
        for item in items
    ]


def step_label(item: WorkItem, reader: Reader) -> str:
    """Return what is to be done with a row."""
    vocabulary = "task-kind" if item.kind == "task" else "desk-deadline"
    return reader.label(vocabulary, item.step)


def _page(item: WorkItem) -> dict[str, Any] | None:
    if item.kind == "surveillance":
        number = int(item.subject.partition(":")[2])
        return {"endpoint": "assessment.surveillance_one", "arguments": {"surveillance_id": number}}
    return page_of_subject(item.about.partition(":")[0], item.name, officer=True)


def present_results(
    results: Sequence[RowResult], labels: Mapping[str, str], versions: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return what came of rows, or would come of them, under the names people know."""
    return [
        {
            "subject": row.subject,
            "label": labels.get(row.subject, row.subject),
            "outcome": row.outcome.value,
            "reason": row.reason,
            "version": versions.get(row.subject),
        }
        for row in results
    ]


def present_dependents(found: Sequence[Dependent], reader: Reader) -> list[dict[str, Any]]:
    """Return what depends on a loss."""
    return [
        {
            "kind": reader.label("task-kind", item.kind),
            "label": item.label,
            "state": item.state,
            "family": _FAMILIES.get(item.kind),
            "on": item.on,
            "rests_on": ", ".join(item.rests_on),
        }
        for item in found
    ]


_FAMILIES = {
    "report": "report",
    "acceptance": "report",
    "certificate": "certificate",
    "declaration": "certificate",
    "application": "application",
}


def present_surveillance(
    found: Sequence[SurveillanceFacts], reader: Reader
) -> list[dict[str, Any]]:
    """Return surveillance as a table shows it."""
    return [
        {
            "id": facts.surveillance.id,
            "of": facts.of.label if facts.of else facts.surveillance.subject,
            "page": page_of_subject(facts.of.kind, facts.of.name, officer=True)
            if facts.of
            else None,
            "activity": reader.label("surveillance-activity", facts.record.activity),
            "state": facts.record.state,
            "state_label": reader.label("surveillance-state", facts.record.state),
            "planned_on": facts.record.planned_on,
            "done_on": facts.record.done_on,
            "result": reader.label("surveillance-result", facts.record.result)
            if facts.record.result
            else None,
            "note": facts.record.note,
            "version": facts.record.known_from,
        }
        for facts in found
    ]


def present_expiry(found: Sequence[Expiry]) -> list[dict[str, Any]]:
    """Return what ends soon."""
    return [
        {
            "kind": item.kind,
            "label": item.label,
            "about": item.about,
            "last_day": item.last_day,
            "page": page_of_subject(item.subject.partition(":")[0], item.name, officer=True),
        }
        for item in found
    ]
