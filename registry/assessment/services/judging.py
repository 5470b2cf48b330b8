"""Judges what was receipted: each report once, in the unit of work that enters it.

The rules see the register as it stands when their judgement is entered. What cannot be
taken any more, although it could when it was sent, is returned with reasons.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from registry.actor import system_actor
from registry.assessment import states
from registry.assessment.models import (
    AcceptanceDecision,
    Body,
    Report,
    ReportRecord,
    ReportRequestRecord,
)
from registry.assessment.services.attachments import ATTACHMENTS, attach, uploads_named
from registry.assessment.services.opinions import (
    Judge,
    Opinion,
    Refusal,
    Submission,
    waiting_ids,
)
from registry.assessment.services.report_requests import stored_problems
from registry.errors import Invalid, RegistryError
from registry.history import known
from registry.state_machine import perform
from registry.unit_of_work import Entry, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)

# How many judgements one unit of work enters: others who write wait for it no longer than
# they would for a page.
BATCH = 20
MOST = 50 * BATCH

_JUDGE = system_actor("rules")


def judge_waiting(units: UnitOfWorkFactory) -> int:
    """Judge what waits, the oldest first; return how many reports were entered.

    At most ``MOST`` are looked at, so that a flood does not keep the other followers from
    their turn. One that the rules fail on stays waiting and does not keep the others: it
    is logged.
    """
    with units.reading() as session:
        ids = waiting_ids(session, MOST)
        if not ids:
            return 0
        judge = Judge(session, units.clock.today(), units.clock.zone)
        return sum(
            _settle(units, judge, ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)
        )


def judge_requests(units: UnitOfWorkFactory, request_ids: Sequence[int]) -> int:
    """Judge those of the requests that still wait; return how many reports were entered."""
    with units.reading() as session:
        judge = Judge(session, units.clock.today(), units.clock.zone)
        return _settle(units, judge, request_ids)


def judge_in(uow: UnitOfWork, request_ids: Sequence[int]) -> dict[int, Submission]:
    """Judge those that still wait; return what was entered, by request: the rest is returned.

    Enters each report with its state and the acceptance decision; an amended report also
    moves its predecessor to *replaced*.
    """
    found = Judge(uow.session, uow.today, uow.clock.zone).opinions(request_ids)
    if len(found) > 1 and any(item.received.amends for item in found):
        # Two may amend the same report: the second must see what the first did.
        return {
            key: entered for id_ in request_ids for key, entered in judge_in(uow, [id_]).items()
        }
    return _enter(uow, found, {item.received.request.id: item.received.record for item in found})


def _settle(units: UnitOfWorkFactory, judge: Judge, request_ids: Sequence[int]) -> int:
    try:
        found = judge.opinions(request_ids)
        with units(_JUDGE) as uow:
            if any(item.received.amends for item in found) or not judge.stands(
                uow.session, uow.today
            ):
                return len(judge_in(uow, request_ids))
            records = _still_waiting(uow, found)
            left = [item for item in found if item.received.request.id in records]
            return len(_enter(uow, left, records))
    except RegistryError:
        raise
    except Exception:
        if len(request_ids) == 1:
            log.exception("Report request %s cannot be judged.", request_ids[0])
            return 0
    return sum(_settle(units, judge, [id_]) for id_ in request_ids)


def _still_waiting(
    uow: UnitOfWork, found: Sequence[Opinion | Refusal]
) -> dict[int, ReportRequestRecord]:
    """Return, by request, the record of each that nobody judged or sent anew meanwhile."""
    judged = {item.received.request.id: item.received.record.known_from for item in found}
    rows = uow.session.scalars(
        select(ReportRequestRecord).where(
            ReportRequestRecord.request_id.in_(judged), known(ReportRequestRecord)
        )
    )
    return {row.request_id: row for row in rows if row.known_from == judged[row.request_id]}


def _enter(
    uow: UnitOfWork,
    found: Sequence[Opinion | Refusal],
    records: Mapping[int, ReportRequestRecord],
) -> dict[int, Submission]:
    """Enter judgements and return requests that cannot be taken; ``records`` by request."""
    opinions = []
    for item in found:
        checked = _with_files(uow, item) if isinstance(item, Opinion) else item
        if isinstance(checked, Refusal):
            _return(uow, records[item.received.request.id], checked.problem)
        else:
            opinions.append(checked)
    if not opinions:
        return {}
    for opinion in opinions:
        # The database numbers it.
        opinion.submission.report.id = None  # type: ignore[assignment]
    uow.session.add_all(opinion.submission.report for opinion in opinions)
    uow.session.flush()
    first = uow.record_many([_entry(opinion) for opinion in opinions])
    submissions = {}
    for offset, opinion in enumerate(opinions):
        submission = replace(opinion.submission, position=first + offset)
        request_id = opinion.received.request.id
        _store(uow, records[request_id], submission)
        attach(uow, submission.report)
        submissions[request_id] = submission
    uow.session.flush()
    for opinion in opinions:
        if opinion.named.replaced is not None:
            _amend(uow, opinion.named.replaced, opinion.submission.report)
    return submissions


def _with_files(uow: UnitOfWork, opinion: Opinion) -> Opinion | Refusal:
    """Refuse a report of which a file was removed meanwhile: the journal does not tell that."""
    report = opinion.submission.report
    if not report.content.get(ATTACHMENTS):
        return opinion
    try:
        uploads_named(uow.session, uow.session.get_one(Body, report.body_id), report.content)
    except Invalid as problem:
        return Refusal(opinion.received, problem)
    return opinion


def _entry(opinion: Opinion) -> Entry:
    submission, report = opinion.submission, opinion.submission.report
    submission.refer_to(f"report:{report.id}")
    conditions = submission.acceptance["conditions"]
    return Entry(
        "report.judge",
        f"report:{report.id}",
        {
            "state": submission.state,
            "request": f"report-request:{opinion.received.request.id}",
            "body": f"body:{report.body_id}",
            "edition": opinion.named.edition.key,
            "digest": submission.digest,
            "conditions": {item["key"]: item["verdict"] for item in conditions},
        },
        sealed={"acceptance": submission.acceptance},
    )


def _store(uow: UnitOfWork, record: ReportRequestRecord, submission: Submission) -> None:
    state = states.REPORT_REQUEST.check("judge", record.state, uow.actor)
    report_id, position = submission.report.id, submission.position
    uow.replace(record, record.revised(state=state, report_id=report_id), position)
    uow.add(
        ReportRecord(report_id=report_id, state=submission.state, state_since=uow.today),
        AcceptanceDecision(
            report_id=report_id,
            on=uow.today,
            outcome=submission.outcome,
            conditions=submission.acceptance["conditions"],
            decided_outcome=submission.outcome,
        ),
        position=position,
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


def _return(uow: UnitOfWork, record: ReportRequestRecord, problem: Invalid) -> None:
    perform(
        uow,
        states.REPORT_REQUEST,
        "return",
        record.request_id,
        record,
        changes={"problems": stored_problems(problem)},
        data={"fields": sorted(problem.fields)},
    )
