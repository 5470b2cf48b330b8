"""Receives reports, judges them at once, and records officers' decisions on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import AcceptanceDecision, Application, Body, Report, ReportRecord
from registry.assessment.queries.acceptance import (
    AssessedResult,
    assessed_results,
    gather_facts,
    judge,
)
from registry.assessment.queries.references import edition_named
from registry.assessment.rules.sentences import as_data
from registry.assessment.services.applications import load_application
from registry.assessment.services.checks import person, refuse_own_matter
from registry.assessment.services.report_content import check_content, stored_content
from registry.canonical import content_digest
from registry.catalog.models import Edition
from registry.errors import Conflict, Denied, Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version


@dataclass(frozen=True, slots=True)
class Submission:
    """The receipt of a report: what was received, where it is journalled, what the rules say.

    ``digest`` is the SHA-256 of the content's canonical JSON; ``acceptance`` is as
    ``registry.assessment.rules.sentences.as_data`` gives it; ``contradictions`` are the
    results whose statement contradicts its own numbers.
    """

    report: Report
    state: str
    digest: str
    position: int
    acceptance: dict[str, Any]
    contradictions: list[AssessedResult]


def submit_report(uow: UnitOfWork, data: Mapping[str, Any]) -> Submission:
    """Receive a report of the actor's own body and judge it; data as ``ReportSchema`` loads it.

    Raises ``Invalid`` naming the field, also "number" when the body used it before.
    """
    uow.actor.require("report:submit")
    body = _own_body(uow)
    edition = edition_named(uow.session, data["regulation"], "regulation")
    application = _application(uow, data["application"], edition)
    replaced = _replaced(uow, body, data["replaces"])
    taken = select(Report.id).where(Report.body_id == body.id, Report.number == data["number"])
    if uow.session.scalar(taken) is not None:
        raise Invalid.one(
            "number",
            Message("You submitted a report {number} before.", number=data["number"]),
        )
    check_content(uow, data)
    content = stored_content(data)
    report = Report(
        body_id=body.id,
        application_id=application.id if application else None,
        edition_id=edition.id,
        number=data["number"],
        issued_on=data["issued_on"],
        content=content,
        digest=content_digest(content),
        replaces_id=replaced.report_id if replaced else None,
        submitted_by_user_id=person(uow),
        submitted_at=uow.now,
        demonstration=body.demonstration or bool(application and application.demonstration),
    )
    uow.session.add(report)
    uow.session.flush()
    return _judged(uow, report, edition, replaced)


def decide_report(
    uow: UnitOfWork, report_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Report:
    """Record an officer's decision on a report; data as ``ReportDecisionSchema`` loads it.

    It may differ from what the rules say, or settle what they cannot tell, only
    with reasons in writing; after the application is decided it comes too late.
    """
    uow.actor.require("report:decide")
    report, record, decision = load_report(uow, report_id)
    check_version(record, expected)
    body = uow.session.get_one(Body, report.body_id)
    parties = [body.organisation_id]
    if report.application_id is not None:
        application = uow.session.get_one(Application, report.application_id)
        parties.append(application.organisation_id)
        if load_application(uow, application.number)[1].state in states.DECIDED:
            raise Conflict(Message("The application that rests on this report is decided."))
    refuse_own_matter(uow, *parties)
    if data["outcome"] != decision.outcome and not data["reasons"]:
        raise Invalid.one("reasons", Message("Give the reasons for this decision in writing."))
    changed = perform(
        uow,
        states.REPORT,
        data["outcome"],
        report.id,
        record,
        changes={"state_since": uow.today},
        data={"outcome": data["outcome"]},
        sealed={"reasons": data["reasons"]},
    )
    revised = decision.revised(
        decided_outcome=data["outcome"],
        reasons=data["reasons"],
        decided_by_user_id=person(uow),
    )
    uow.replace(decision, revised, changed.known_from)
    uow.session.flush()
    return report


def load_report(uow: UnitOfWork, report_id: int) -> tuple[Report, ReportRecord, AcceptanceDecision]:
    """Return a report, where it stands and what was decided on it; ``NotFound`` otherwise."""
    row = uow.session.execute(
        select(Report, ReportRecord, AcceptanceDecision)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .join(AcceptanceDecision, AcceptanceDecision.report_id == Report.id)
        .where(Report.id == report_id, known(ReportRecord), known(AcceptanceDecision))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such report."))
    return row


def _judged(
    uow: UnitOfWork, report: Report, edition: Edition, replaced: ReportRecord | None
) -> Submission:
    as_of = AsOf(uow.today)
    gathered = gather_facts(uow.session, report, as_of, uow.clock.zone)
    judgement = judge(gathered, as_of)
    acceptance = as_data(judgement, gathered.terms)
    state = states.STATE_AFTER[judgement.outcome]
    position = uow.record(
        "report.submit",
        f"report:{report.id}",
        {
            "state": state,
            "body": f"body:{report.body_id}",
            "edition": edition.key,
            "digest": report.digest,
            "conditions": {item["key"]: item["verdict"] for item in acceptance["conditions"]},
        },
        sealed={
            "number": report.number,
            "application": report.application_id,
            "content": report.content,
            "acceptance": acceptance,
        },
    )
    uow.add(
        ReportRecord(report_id=report.id, state=state, state_since=uow.today),
        AcceptanceDecision(
            report_id=report.id,
            on=uow.today,
            outcome=judgement.outcome.value,
            conditions=acceptance["conditions"],
            decided_outcome=judgement.outcome.value,
        ),
        position=position,
    )
    uow.session.flush()
    if replaced is not None:
        perform(
            uow,
            states.REPORT,
            "replace",
            replaced.report_id,
            replaced,
            changes={"state_since": uow.today},
            data={"by": f"report:{report.id}"},
        )
    contradictions = [item for item in assessed_results(gathered.report) if item.contradicted]
    return Submission(report, state, report.digest, position, acceptance, contradictions)


def _own_body(uow: UnitOfWork) -> Body:
    body = None
    if uow.actor.organisation_id is not None:
        body = uow.session.scalar(
            select(Body).where(Body.organisation_id == uow.actor.organisation_id)
        )
    if body is None:
        raise Denied(Message("Your organisation is not registered as a body."))
    return body


def _application(uow: UnitOfWork, number: str | None, edition: Edition) -> Application | None:
    if number is None:
        return None
    try:
        application, record = load_application(uow, number)
    except NotFound as missing:
        raise Invalid.one("application", missing.message) from None
    if application.organisation_id == uow.actor.organisation_id:
        raise Invalid.one(
            "application", Message("Nobody may act on a matter of their own organisation.")
        )
    if record.state not in states.OPEN_FOR_REPORTS:
        raise Invalid.one("application", Message("This application no longer takes results."))
    if application.edition_id != edition.id:
        raise Invalid.one(
            "regulation", Message("The application is for another regulation or edition.")
        )
    return application


def _replaced(uow: UnitOfWork, body: Body, number: str | None) -> ReportRecord | None:
    if number is None:
        return None
    record = uow.session.scalar(
        select(ReportRecord)
        .join(Report, Report.id == ReportRecord.report_id)
        .where(Report.body_id == body.id, Report.number == number, known(ReportRecord))
    )
    if record is None:
        raise Invalid.one("replaces", Message("You submitted no report of this number."))
    if record.state == states.REPLACED:
        raise Invalid.one("replaces", Message("This report was replaced already."))
    return record
