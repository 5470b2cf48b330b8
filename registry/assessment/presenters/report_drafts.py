"""Drafts of reports as their pages show them: steps, what is wrong in each, two versions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.assessment.models import ReportDraft, Upload
from registry.assessment.presenters.common import Reader
from registry.assessment.presenters.reports import present_conditions
from registry.assessment.services.opinions import Submission

RESULTS = "results"
ATTACHMENTS = "attachments"
CHECK = "check"
STEPS = ("report", RESULTS, ATTACHMENTS, CHECK)

# The fields of the report on each page that takes some, by their first name.
FIELDS: Mapping[str, frozenset[str]] = {
    "report": frozenset(
        {
            "number",
            "regulation",
            "application",
            "replaces",
            "result_type",
            "issued_on",
            "title",
            "laboratory_address",
            "location",
            "customer",
            "item",
            "sampling",
            "relates_only_to_items",
            "deviations",
            "authorised_by",
            "external_results",
            "not_applicable",
        }
    ),
    RESULTS: frozenset({RESULTS}),
    ATTACHMENTS: frozenset({ATTACHMENTS}),
    CHECK: frozenset(),
}


def step_of(path: str) -> str:
    """Return the step on whose page the field of this path is; the last one if none."""
    first = path.partition(".")[0]
    return next((step for step in STEPS if first in FIELDS[step]), CHECK)


def problems_of(step: str, problems: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what is wrong on the page of ``step``."""
    return {path: texts for path, texts in problems.items() if step_of(path) == step}


def present_steps(
    content: Mapping[str, Any], here: str, problems: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """Return the steps with how they stand: here, begun, and how many things to mend."""
    return [
        {
            "key": step,
            "here": step == here,
            "begun": bool(FIELDS[step] & content.keys()),
            "problems": sum(step_of(path) == step for path in problems),
        }
        for step in STEPS
    ]


def present_drafts(drafts: Iterable[tuple[ReportDraft, str | None, str]]) -> list[dict[str, Any]]:
    """Return the rows of a list of drafts, each with its application and its age in words."""
    return [
        {
            "id": draft.id,
            "number": str(draft.content.get("number") or "")[:100] or None,
            "regulation": str(draft.content.get("regulation") or "")[:200] or None,
            "application": application,
            "saved_at": draft.updated_at,
            "age": age,
            "batch": draft.batch,
        }
        for draft, application, age in drafts
    ]


def differences(mine: Mapping[str, Any], saved: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of which the two versions of a page differ, with both texts."""
    return [
        {"field": name, "mine": _shown(mine.get(name)), "saved": _shown(saved.get(name))}
        for name in sorted(mine.keys() | saved.keys())
        if _shown(mine.get(name)) != _shown(saved.get(name))
    ]


def present_trial(trial: Submission, reader: Reader) -> dict[str, Any]:
    """Return what would become of the report: conditions, and statements against numbers."""
    conditions = present_conditions(trial.acceptance["conditions"], reader)
    for condition in conditions:
        # What only the report itself says is no record that could be looked at yet.
        condition["evidence"] = [item for item in condition["evidence"] if item["reference"]]
    return {
        "outcome": trial.outcome,
        "conditions": conditions,
        "contradictions": [
            {
                "characteristic": found.result.characteristic,
                "statement": found.result.statement,
                "computed": found.verdict.outcome.value if found.verdict else None,
            }
            for found in trial.contradictions
        ],
    }


def present_uploads(hashes: Sequence[str], uploads: Mapping[str, Upload]) -> list[dict[str, Any]]:
    """Return the files of a draft; one that has expired is shown as gone."""
    return [
        {
            "sha256": sha256,
            "name": upload.name if upload else None,
            "size": upload.size if upload else None,
            "media_type": upload.media_type if upload else None,
            "dcc": upload.facts.get("dcc") if upload else None,
        }
        for sha256 in hashes
        for upload in [uploads.get(sha256)]
    ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).strip()
