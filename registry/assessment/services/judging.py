"""Judges what was receipted: each report once, in the unit of work that enters it.

The rules see the register as it stands when they judge. What cannot be taken any more,
although it could when it was sent, is returned with reasons.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.assessment import states
from registry.assessment.models import (
    AcceptanceDecision,
    Body,
    Report,
    ReportRecord,
    ReportRequest,
    ReportRequestContent,
    ReportRequestRecord,
)
from registry.assessment.queries.acceptance import (
    AssessedResult,
    Gatherer,
    assessed_results,
    judge,
)
from registry.assessment.rules.sentences import as_data
from registry.assessment.services.attachments import attach, uploads_named
from registry.assessment.services.report_requests import (
    NOT_REGISTERED,
    CheckedReport,
    Named,
    check_number,
    find_named,
    registered,
    stored_problems,
)
from registry.errors import Invalid, RegistryError
from registry.history import AsOf, known
from registry.state_machine import perform
from registry.unit_of_work import Entry, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)

# How many reports one unit of work judges: others who write wait for it no longer than
# they would for a page.
BATCH = 20
MOST = 50 * BATCH

_JUDGE = system_actor("rules")


# The id of a report that was only tried.
_NO_REPORT = 0


@dataclass(frozen=True, slots=True)
class Received:
    """A request with the content that counts; ``record.known_from`` is its receipt's position."""

    request: ReportRequest
    content: ReportRequestContent
    record: ReportRequestRecord


@dataclass(frozen=True, slots=True)
class Submission:
    """A report as it was judged: what was received, where it is journalled, what the rules say.

    ``outcome`` is the rules'; ``digest`` the SHA-256 of the content's canonical JSON;
    ``acceptance`` is as ``registry.assessment.rules.sentences.as_data`` gives it;
    ``contradictions`` are the results whose statement contradicts its own numbers.
    ``position`` is that of the judgement, 0 for a report that was only tried.
    """

    report: Report
    state: str
    outcome: str
    digest: str
    position: int
    acceptance: dict[str, Any]
    contradictions: list[AssessedResult]


def judge_waiting(units: UnitOfWorkFactory) -> int:
    """Judge what waits, the oldest first; return how many requests were settled.

    At most ``MOST`` are looked at, so that a flood does not keep the other followers from
    their turn. One that the rules fail on stays waiting and does not keep the others: it
    is logged.
    """
    settled, after = 0, 0
    for _ in range(MOST // BATCH):
        batch = _waiting(units, after)
        if not batch:
            break
        after = batch[-1]
        settled += judge_requests(units, batch)
    return settled


def judge_requests(units: UnitOfWorkFactory, request_ids: Sequence[int]) -> int:
    """Judge those of the requests that still wait; return how many were settled."""
    try:
        with units(_JUDGE) as uow:
            return len(judge_in(uow, request_ids))
    except RegistryError:
        raise
    except Exception:
        if len(request_ids) == 1:
            log.exception("Report request %s cannot be judged.", request_ids[0])
            return 0
    return sum(judge_requests(units, [id_]) for id_ in request_ids)


def judge_in(uow: UnitOfWork, request_ids: Sequence[int]) -> dict[int, Submission]:
    """Judge those that still wait; return what was entered, by request: the rest is returned.

    Enters each report with its state and the acceptance decision; an amended report also
    moves its predecessor to *replaced*.
    """
    return _judge_received(uow, _received(uow, request_ids))


def _judge_received(uow: UnitOfWork, batch: Sequence[Received]) -> dict[int, Submission]:
    if len(batch) > 1 and any(received.content.content["replaces"] for received in batch):
        # Two may amend the same report: the second must see what the first did.
        return {key: it for one in batch for key, it in _judge_received(uow, [one]).items()}
    find = _Finder(uow)
    cases = [case for received in batch if (case := _case(uow, received, find)) is not None]
    uow.session.add_all(case.report for case in cases)
    uow.session.flush()
    gatherer = Gatherer(uow.session, AsOf(uow.today), uow.clock.zone)
    gatherer.prepare([case.report for case in cases])
    judged = [_judged(gatherer, case.report) for case in cases]
    if not cases:
        return {}
    first = uow.record_many([_entry(*pair) for pair in zip(cases, judged, strict=True)])
    submissions = {
        case.received.request.id: replace(submission, position=first + offset)
        for offset, (case, submission) in enumerate(zip(cases, judged, strict=True))
    }
    for case in cases:
        _store(uow, case, submissions[case.received.request.id])
        attach(uow, case.report)
    uow.session.flush()
    for case in cases:
        if case.named.replaced is not None:
            _amend(uow, case.named.replaced, case.report)
    return submissions


def try_report(session: Session, checked: CheckedReport, today: date, zone: ZoneInfo) -> Submission:
    """Return what would become of a report, and change nothing: practice for laboratories."""
    check_number(session, checked.body, checked.number)
    report = _report(checked.body, checked.named, checked.content, checked.digest)
    # Nothing can refer to it: it is no report of the register.
    report.id = _NO_REPORT
    submission = _judged(Gatherer(session, AsOf(today), zone), report)
    for condition in submission.acceptance["conditions"]:
        for evidence in condition["evidence"]:
            if evidence["reference"] == f"report:{_NO_REPORT}":
                evidence["reference"] = ""
    return submission


@dataclass(frozen=True, slots=True)
class _Case:
    """A request that waits, with what its report names today and the report to be entered."""

    received: Received
    named: Named
    report: Report


class _Finder:
    """Finds what reports name, once for all reports of a batch that name the same."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._found: dict[tuple[Any, ...], tuple[Body, Named] | Invalid] = {}

    def __call__(self, received: Received) -> tuple[Body, Named]:
        """Return body and what its report names; ``Invalid`` where it cannot be taken."""
        content = received.content.content
        names = (content["regulation"], content["application"], content["replaces"])
        key = (received.request.body_id, *names)
        if key not in self._found:
            self._found[key] = self._look(received)
        found = self._found[key]
        if isinstance(found, Invalid):
            raise found
        return found

    def _look(self, received: Received) -> tuple[Body, Named] | Invalid:
        session = self._uow.session
        body = session.get_one(Body, received.request.body_id)
        if not registered(session, body, self._uow.today):
            return Invalid.one("", NOT_REGISTERED)
        try:
            return body, find_named(session, body, received.content.content)
        except Invalid as problem:
            return problem


def _case(uow: UnitOfWork, received: Received, find: _Finder) -> _Case | None:
    """Return what is to be judged; None after returning what cannot be taken any more."""
    content = received.content
    try:
        body, named = find(received)
        uploads_named(uow.session, body, content.content)
    except Invalid as problem:
        _return(uow, received, problem)
        return None
    report = _report(body, named, content.content, content.digest)
    report.submitted_by_user_id = content.sent_by_user_id
    report.submitted_at = content.sent_at
    return _Case(received, named, report)


def _report(body: Body, named: Named, content: dict[str, Any], digest: str) -> Report:
    application = named.application
    return Report(
        body_id=body.id,
        application_id=application.id if application else None,
        edition_id=named.edition.id,
        number=content["number"],
        issued_on=date.fromisoformat(content["issued_on"]),
        content=content,
        digest=digest,
        replaces_id=named.replaced.report_id if named.replaced else None,
        demonstration=body.demonstration or bool(application and application.demonstration),
    )


def _judged(gatherer: Gatherer, report: Report) -> Submission:
    gathered = gatherer.facts(report)
    judgement = judge(gathered, gatherer.as_of)
    return Submission(
        report=report,
        state=states.STATE_AFTER[judgement.outcome],
        outcome=judgement.outcome.value,
        digest=report.digest,
        position=0,
        acceptance=as_data(judgement, gathered.terms),
        contradictions=[item for item in assessed_results(gathered.report) if item.contradicted],
    )


def _entry(case: _Case, submission: Submission) -> Entry:
    conditions = submission.acceptance["conditions"]
    return Entry(
        "report.judge",
        f"report:{case.report.id}",
        {
            "state": submission.state,
            "request": f"report-request:{case.received.request.id}",
            "body": f"body:{case.report.body_id}",
            "edition": case.named.edition.key,
            "digest": submission.digest,
            "conditions": {item["key"]: item["verdict"] for item in conditions},
        },
        sealed={"acceptance": submission.acceptance},
    )


def _store(uow: UnitOfWork, case: _Case, submission: Submission) -> None:
    record, report = case.received.record, case.report
    state = states.REPORT_REQUEST.check("judge", record.state, uow.actor)
    uow.replace(record, record.revised(state=state, report_id=report.id), submission.position)
    uow.add(
        ReportRecord(report_id=report.id, state=submission.state, state_since=uow.today),
        AcceptanceDecision(
            report_id=report.id,
            on=uow.today,
            outcome=submission.outcome,
            conditions=submission.acceptance["conditions"],
            decided_outcome=submission.outcome,
        ),
        position=submission.position,
    )


def _amend(uow: UnitOfWork, replaced: ReportRecord, report: Report) -> None:
    perform(
        uow,
        states.REPORT,
        "replace",
        replaced.report_id,
        replaced,
        changes={"state_since": uow.today},
        data={"by": f"report:{report.id}"},
    )


def _return(uow: UnitOfWork, received: Received, problem: Invalid) -> None:
    perform(
        uow,
        states.REPORT_REQUEST,
        "return",
        received.request.id,
        received.record,
        changes={"problems": stored_problems(problem)},
        data={"fields": sorted(problem.fields)},
    )


def _waiting(units: UnitOfWorkFactory, after: int) -> Sequence[int]:
    with units.reading() as session:
        return session.scalars(
            select(ReportRequestRecord.request_id)
            .where(
                ReportRequestRecord.state == states.RECEIVED,
                known(ReportRequestRecord),
                ReportRequestRecord.request_id > after,
            )
            .order_by(ReportRequestRecord.request_id)
            .limit(BATCH)
        ).all()


def _received(uow: UnitOfWork, request_ids: Sequence[int]) -> list[Received]:
    """Return those of the requests that nobody judged meanwhile."""
    rows = uow.session.execute(
        select(ReportRequest, ReportRequestContent, ReportRequestRecord)
        .join(ReportRequestRecord, ReportRequestRecord.request_id == ReportRequest.id)
        .join(
            ReportRequestContent,
            ReportRequestContent.position == ReportRequestRecord.content_position,
        )
        .where(
            ReportRequest.id.in_(request_ids),
            ReportRequestRecord.state == states.RECEIVED,
            known(ReportRequestRecord),
        )
        .order_by(ReportRequest.id)
    )
    return [Received(*row) for row in rows]
