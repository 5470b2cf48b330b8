"""Applications, for the applicant and for the people who handle them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from registry.actor import Actor
from registry.assessment import states
from registry.assessment.presenters.common import (
    Reader,
    Text,
    country_names,
    printed_hs,
)
from registry.assessment.presenters.reports import present_conditions
from registry.assessment.queries.applications import (
    ApplicationFacts,
    ApplicationFile,
)
from registry.assessment.queries.information_requests import RequestFacts
from registry.assessment.queries.reports import ReportFacts
from registry.assessment.queries.stages import WAY
from registry.assessment.rules.stages import Stage, StageFigures

_STOPPED = frozenset({states.REFUSED, states.WITHDRAWN})


def present_rows(found: Iterable[ApplicationFacts]) -> list[dict[str, Any]]:
    """Return the rows of a list of applications."""
    return [
        {
            "number": facts.application.number,
            "demonstration": facts.application.demonstration,
            "product": facts.record.product["name"],
            "applicant": facts.applicant.names,
            "regulation": facts.edition.designation,
            "state": facts.record.state,
            "since": facts.record.state_since,
        }
        for facts in found
    ]


def person_ids(file: ApplicationFile) -> list[int | None]:
    """Return the accounts of the people who acted on an application."""
    record = file.facts.record
    asked = [facts.record.asked_by_user_id for facts in file.requests]
    return [record.evaluator_id, record.reviewer_id, record.decision_maker_id, *asked]


def present_file(
    file: ApplicationFile,
    actor: Actor,
    persons: Mapping[int, str],
    reader: Reader,
    decision: str,
) -> dict[str, Any]:
    """Return the page of one application; ``decision`` is what its last step is called.

    A reviewer's recommendation and its reasons are for those who handle
    applications; the reasons of a refusal are for the applicant as well.
    """
    facts, record = file.facts, file.facts.record
    handles = actor.may("application:read-all")
    certificate = file.certificate
    return {
        "application": {
            "number": facts.application.number,
            "demonstration": facts.application.demonstration,
            "state": record.state,
            "state_since": record.state_since,
            "version": record.known_from,
            "product": record.product["name"],
            "models": record.product["models"],
            "hs": [printed_hs(code) for code in record.product["hs"]],
            "description": record.product["description"],
            "regulation": {
                "designation": facts.edition.designation,
                "slug": facts.edition.slug,
            },
            "method": reader.texts("certification-method", record.method),
            "note": record.note,
            "applicant": facts.applicant.names,
            "country": country_names(facts.applicant.country),
            "recommendation": record.recommendation if handles else None,
            "reasons": record.reasons if handles or record.state in _STOPPED else None,
            "takes_reports": record.state in states.OPEN_FOR_REPORTS,
        },
        "steps": _steps(file, persons, reader, decision),
        "stages": [_stage(step, file, persons, reader) for step in file.steps],
        "requests": [_request(facts, persons) for facts in file.requests],
        "waits_since": _waits_since(file),
        "reports": [_report(report, reader) for report in file.reports],
        "certificate": {
            "number": certificate.number,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
        }
        if certificate
        else None,
        "actions": _actions(file, actor),
        "barred": _barred(file, actor),
    }


def _actions(file: ApplicationFile, actor: Actor) -> list[str]:
    """Return the actions from here that neither the state nor the four eyes forbid."""
    barred = _barred(file, actor)
    return [action for action in file.actions if barred is None or action == "withdraw"]


def _barred(file: ApplicationFile, actor: Actor) -> str | None:
    """Return why a reader whose role would allow the next step may not take it."""
    record = file.facts.record
    if not [action for action in file.actions if action != "withdraw"]:
        return None
    if actor.organisation_id == file.facts.application.organisation_id:
        return "own_organisation"
    if actor.user_id in (record.evaluator_id, record.reviewer_id):
        return "four_eyes"
    return None


def _steps(
    file: ApplicationFile,
    persons: Mapping[int, str],
    reader: Reader,
    decision: str,
) -> list[dict[str, Any]]:
    last = len(file.steps) - 1
    steps = [
        {
            "label": reader.label("application-state", step.state),
            "state": _mark(step, last=number == last),
            "on": step.since,
            "by": _responsible(step, file, persons),
            "days": None if step.state in states.DECIDED else step.days,
        }
        for number, step in enumerate(file.steps)
    ]
    if file.facts.record.state in states.DECIDED:
        return steps
    passed = {step.state for step in file.steps}
    ahead = [reader.label("application-state", state) for state in WAY if state not in passed]
    return steps + [
        {"label": words, "state": "ahead", "on": None, "by": None, "days": None}
        for words in (*ahead, decision)
    ]


def _mark(step: Stage, *, last: bool) -> str:
    if step.state in _STOPPED:
        return "stopped"
    return "current" if last and step.state not in states.DECIDED else "done"


def _responsible(step: Stage, file: ApplicationFile, persons: Mapping[int, str]) -> str | None:
    record = file.facts.record
    who = {
        states.EVALUATION: record.evaluator_id,
        states.REVIEW: record.reviewer_id,
        states.GRANTED: record.decision_maker_id,
        states.REFUSED: record.decision_maker_id,
    }.get(step.state)
    return persons.get(who) if who is not None else None


def _stage(
    step: Stage, file: ApplicationFile, persons: Mapping[int, str], reader: Reader
) -> dict[str, Any]:
    """Return one stage beside what it usually takes, here and for any regulation."""
    return {
        "key": step.state,
        "label": reader.label("application-state", step.state),
        "since": step.since,
        "until": step.until,
        "days": None if step.state in states.DECIDED else step.days,
        "waited": step.waited,
        "by": _responsible(step, file, persons),
        "typical_here": _median(file.typical_here.get(step.state)),
        "typical": _median(file.typical.get(step.state)),
    }


def _median(found: StageFigures | None) -> float | None:
    return found.median if found is not None else None


def _request(facts: RequestFacts, persons: Mapping[int, str]) -> dict[str, Any]:
    record = facts.record
    return {
        "id": facts.request.id,
        "version": record.known_from,
        "state": record.state,
        "text": record.text,
        "due_on": record.due_on,
        "asked_on": record.asked_on,
        "asked_by": persons.get(record.asked_by_user_id),
        "closed_on": record.closed_on,
        "answer": record.answer,
        "files": [{"name": file.name, "sha256": file.sha256} for file in facts.files],
    }


def _waits_since(file: ApplicationFile) -> date | None:
    """Return since when the application waits for its applicant, if it does."""
    if file.facts.record.state in states.DECIDED:
        return None
    asked = [f.record.asked_on for f in file.requests if f.record.state == states.OPEN]
    return min(asked, default=None)


def _report(facts: ReportFacts, reader: Reader) -> dict[str, Any]:
    laboratory: Text = facts.laboratory.names
    return {
        "id": facts.report.id,
        "number": facts.report.number,
        "demonstration": facts.report.demonstration,
        "laboratory": laboratory,
        "laboratory_slug": facts.body.slug,
        "issued_on": facts.report.issued_on,
        "state": facts.record.state,
        "conditions": present_conditions(facts.decision.conditions, reader),
        "reasons": facts.decision.reasons,
    }


def open_actions(actions: Sequence[str]) -> dict[str, bool]:
    """Return which parts of the page's forms to show."""
    return {
        "take_up": "take-up" in actions,
        "review": "review" in actions,
        "decide": "grant" in actions,
        "withdraw": "withdraw" in actions,
    }
