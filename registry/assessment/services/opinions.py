"""What the rules say of reports that wait: judged from what a session sees, entering nothing.

Judging takes ten times as long as entering a judgement, so it is done without the turn as
the writer; whoever enters it asks whether what it rests on still stands.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment import states
from registry.assessment.models import (
    Body,
    Report,
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
from registry.assessment.services.attachments import uploads_named
from registry.assessment.services.report_requests import (
    NOT_REGISTERED,
    CheckedReport,
    Named,
    check_number,
    find_named,
    registered,
)
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.journal.models import JournalEntry
from registry.journal.queries import head

# What is recorded of reports changes nothing that other reports are judged by, but for one
# that amends another; such a report is judged by the writer.
_WITHOUT_EFFECT = (
    "report.submit",
    "report.judge",
    "report.attach",
    "report-request.replace",
    "report-request.return",
)

# The id of a report that is not entered yet, or never will be.
_NO_REPORT = 0


@dataclass(frozen=True, slots=True)
class Received:
    """A request with the content that counts; ``record.known_from`` is its receipt's position."""

    request: ReportRequest
    content: ReportRequestContent
    record: ReportRequestRecord

    @property
    def amends(self) -> bool:
        """Whether the report takes the place of an earlier one."""
        return bool(self.content.content["replaces"])


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

    def refer_to(self, reference: str) -> None:
        """Let what rests on the report itself refer to it so."""
        for condition in self.acceptance["conditions"]:
            for evidence in condition["evidence"]:
                if evidence["reference"] == f"report:{_NO_REPORT}":
                    evidence["reference"] = reference


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is to be entered of a request: a judgement, or why it cannot be taken any more."""

    received: Received
    named: Named
    submission: Submission


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a request cannot be taken any more, although it could when it was sent."""

    received: Received
    problem: Invalid


class Judge:
    """Judges as the register stands in one session on one day, reading each thing once."""

    def __init__(self, session: Session, today: date, zone: ZoneInfo) -> None:
        self.today = today
        self._session = session
        self._position = head(session)
        self._gatherer = Gatherer(session, AsOf(today), zone)
        self._found: dict[tuple[Any, ...], tuple[Body, Named] | Invalid] = {}

    def opinions(self, request_ids: Collection[int]) -> list[Opinion | Refusal]:
        """Return an opinion, or a refusal, on each of the requests that wait; oldest first."""
        found = [self._opened(received) for received in self._waiting(request_ids)]
        self._gatherer.prepare(item[2] for item in found if isinstance(item, tuple))
        return [
            item if isinstance(item, Refusal) else Opinion(*item[:2], self._judged(item[2]))
            for item in found
        ]

    def tried(self, checked: CheckedReport) -> Submission:
        """Return what would become of a report that is not sent."""
        submission = self._judged(
            _report(checked.body, checked.named, checked.content, checked.digest)
        )
        submission.refer_to("")
        return submission

    def stands(self, session: Session, today: date) -> bool:
        """Whether judging anew in the writer's ``session`` could not say anything else."""
        changed = select(JournalEntry.position).where(
            JournalEntry.position > self._position, JournalEntry.action.not_in(_WITHOUT_EFFECT)
        )
        return today == self.today and session.scalar(changed.limit(1)) is None

    def _waiting(self, request_ids: Collection[int]) -> Iterable[Received]:
        rows = self._session.execute(
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

    def _opened(self, received: Received) -> tuple[Received, Named, Report] | Refusal:
        content = received.content
        try:
            body, named = self._find(received)
            uploads_named(self._session, body, content.content)
        except Invalid as problem:
            return Refusal(received, problem)
        report = _report(body, named, content.content, content.digest)
        report.submitted_by_user_id = content.sent_by_user_id
        report.submitted_at = content.sent_at
        return received, named, report

    def _find(self, received: Received) -> tuple[Body, Named]:
        """Return body and what its report names; ``Invalid`` where it cannot be taken.

        Looked up once for all reports of a body that name the same.
        """
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
        body = self._session.get_one(Body, received.request.body_id)
        if not registered(self._session, body, self.today):
            return Invalid.one("", NOT_REGISTERED)
        try:
            return body, find_named(self._session, body, received.content.content)
        except Invalid as problem:
            return problem

    def _judged(self, report: Report) -> Submission:
        gathered = self._gatherer.facts(report)
        judgement = judge(gathered, self._gatherer.as_of)
        return Submission(
            report=report,
            state=states.STATE_AFTER[judgement.outcome],
            outcome=judgement.outcome.value,
            digest=report.digest,
            position=0,
            acceptance=as_data(judgement, gathered.terms),
            contradictions=[
                item for item in assessed_results(gathered.report) if item.contradicted
            ],
        )


def try_report(session: Session, checked: CheckedReport, today: date, zone: ZoneInfo) -> Submission:
    """Return what would become of a report, and change nothing: practice for laboratories."""
    check_number(session, checked.body, checked.number)
    return Judge(session, today, zone).tried(checked)


def waiting_ids(session: Session, limit: int) -> Sequence[int]:
    """Return the requests that wait, the oldest first."""
    return session.scalars(
        select(ReportRequestRecord.request_id)
        .where(ReportRequestRecord.state == states.RECEIVED, known(ReportRequestRecord))
        .order_by(ReportRequestRecord.request_id)
        .limit(limit)
    ).all()


def _report(body: Body, named: Named, content: dict[str, Any], digest: str) -> Report:
    application = named.application
    return Report(
        id=_NO_REPORT,
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
