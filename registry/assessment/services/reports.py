"""Reports that are judged as they come, and officers' decisions on reports."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import AcceptanceDecision, Application, Body, Report, ReportRecord
from registry.assessment.services.applications import load_application
from registry.assessment.services.checks import person, refuse_own_matter
from registry.assessment.services.judging import judge_in
from registry.assessment.services.opinions import Submission
from registry.assessment.services.report_requests import check_report, receive_report
from registry.errors import Conflict, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version


def submit_report(uow: UnitOfWork, data: Mapping[str, Any]) -> Submission:
    """Receive a report and judge it in the same unit of work, for a person who waits.

    Data as ``ReportSchema`` loads it. Raises ``Invalid`` naming the field, also
    "number" when the body used it before.
    """
    checked = check_report(uow.session, uow.actor, uow.today, data)
    sent = receive_report(uow, checked)
    # Nobody changed anything since it was checked, so that it cannot be returned.
    return judge_in(uow, [sent.request_id])[sent.request_id]


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
