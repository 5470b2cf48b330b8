"""Requests to take reports in, for the bodies that sent them and for officers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from registry.actor import Actor
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
from registry.assessment.queries.reports import READ_ALL, READ_OWN
from registry.errors import NotFound
from registry.history import known
from registry.journal.models import JournalEntry
from registry.journal.queries import EntryView, entries, entry
from registry.messages import Message

INITIAL = "initial"
PROCESSING = "processing"
STATUSES = (
    INITIAL,
    PROCESSING,
    states.ACCEPTED,
    states.REFUSED,
    states.RETURNED,
    states.REPLACED,
)

# Seconds after which it makes sense to ask again: the worker judges within a second or
# two, an officer within days.
RETRY = {INITIAL: 2, PROCESSING: 3600}


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request as it stands now; report, record and decision are there once it is judged."""

    request: ReportRequest
    standing: ReportRequestRecord
    content: ReportRequestContent
    body: Body
    report: Report | None
    record: ReportRecord | None
    decision: AcceptanceDecision | None
    receipt: JournalEntry

    @property
    def status(self) -> str:
        """One of ``STATUSES``: *processing* while an officer has to decide."""
        if self.record is None:
            returned = self.standing.state == states.RETURNED
            return states.RETURNED if returned else INITIAL
        return PROCESSING if self.record.state == states.REFERRED else self.record.state

    @property
    def retry(self) -> int | None:
        """Seconds until it is worth asking again; None once it is settled."""
        return RETRY.get(self.status)


def report_requests(
    session: Session,
    actor: Actor,
    *,
    status: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[RequestFacts]:
    """Return up to ``limit`` requests that the actor may see, the newest first.

    ``after`` is the id of the last request of the page before.
    """
    query = _query().order_by(ReportRequest.id.desc()).limit(limit)
    if not actor.may(READ_ALL):
        actor.require(READ_OWN)
        query = query.where(Body.organisation_id == actor.organisation_id)
    if status is not None:
        state = states.REFERRED if status == PROCESSING else status
        query = query.where(
            ReportRequestRecord.state == states.RECEIVED
            if status == INITIAL
            else or_(ReportRequestRecord.state == state, ReportRecord.state == state)
        )
    if after is not None:
        query = query.where(ReportRequest.id < after)
    return [RequestFacts(*row) for row in session.execute(query)]


def request_facts(session: Session, actor: Actor, request_id: int) -> RequestFacts:
    """Return one request; ``NotFound`` when the actor may not see it."""
    row = session.execute(_query().where(ReportRequest.id == request_id)).one_or_none()
    facts = RequestFacts(*row) if row is not None else None
    if facts is None or not _may_read(actor, facts.body):
        raise NotFound(Message("There is no such request."))
    return facts


def receipt_of_report(session: Session, report_id: int) -> EntryView | None:
    """Return the journal entry that is the receipt of what became a report."""
    position = session.scalar(
        select(ReportRequestRecord.content_position).where(
            ReportRequestRecord.report_id == report_id, known(ReportRequestRecord)
        )
    )
    if position is not None:
        return entry(session, position)
    # Reports that are older than their requests were receipted and judged by one entry.
    found = entries(session, subject=f"report:{report_id}", action="report.submit", limit=1)
    return found[0] if found else None


def unsettled_requests(session: Session, organisation_id: int | None) -> Sequence[RequestFacts]:
    """Return what a body sent that is no report yet or was returned, the newest first."""
    query = (
        _query()
        .where(
            Body.organisation_id == organisation_id,
            ReportRequestRecord.state.in_((states.RECEIVED, states.RETURNED)),
        )
        .order_by(ReportRequest.id.desc())
        .limit(_SHOWN)
    )
    return [RequestFacts(*row) for row in session.execute(query)]


# What a page of a person shows of them; programs ask page by page.
_SHOWN = 50


def _may_read(actor: Actor, body: Body) -> bool:
    if actor.may(READ_ALL):
        return True
    return actor.may(READ_OWN) and actor.organisation_id == body.organisation_id


def _query() -> Select[
    ReportRequest,
    ReportRequestRecord,
    ReportRequestContent,
    Body,
    Report,
    ReportRecord,
    AcceptanceDecision,
    JournalEntry,
]:
    return (
        select(
            ReportRequest,
            ReportRequestRecord,
            ReportRequestContent,
            Body,
            Report,
            ReportRecord,
            AcceptanceDecision,
            JournalEntry,
        )
        .join(ReportRequestRecord, ReportRequestRecord.request_id == ReportRequest.id)
        .join(
            ReportRequestContent,
            ReportRequestContent.position == ReportRequestRecord.content_position,
        )
        .join(JournalEntry, JournalEntry.position == ReportRequestContent.position)
        .join(Body, Body.id == ReportRequest.body_id)
        .outerjoin(Report, Report.id == ReportRequestRecord.report_id)
        .outerjoin(ReportRecord, (ReportRecord.report_id == Report.id) & known(ReportRecord))
        .outerjoin(
            AcceptanceDecision,
            (AcceptanceDecision.report_id == Report.id) & known(AcceptanceDecision),
        )
        .where(known(ReportRequestRecord))
    )
