"""Takes reports in: what is receipted here is durable, and is judged afterwards.

Everything that can be told without waiting for the writer's turn is checked before it
(``check_report``); only the number of a report, which two might use at once, is checked
by the one writer (``receive_report``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, literal, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Body,
    BodyRecord,
    Report,
    ReportRecord,
    ReportRequest,
    ReportRequestContent,
    ReportRequestRecord,
)
from registry.assessment.queries.references import edition_named
from registry.assessment.services.attachments import uploads_named
from registry.assessment.services.checks import person
from registry.assessment.services.report_content import check_content, stored_content
from registry.canonical import content_digest
from registry.catalog.models import Edition
from registry.errors import Denied, Invalid, NotFound
from registry.history import covers, known
from registry.messages import Message, as_data
from registry.unit_of_work import UnitOfWork, check_version

NOT_REGISTERED = Message("Your organisation is not registered as a body.")


@dataclass(frozen=True, slots=True)
class Named:
    """What a report names, found in the register."""

    edition: Edition
    application: Application | None
    replaced: ReportRecord | None


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A report that the register can take: its body, what it names, and what is stored of it.

    ``digest`` is the SHA-256 of the canonical JSON of ``content``.
    """

    body: Body
    named: Named
    content: dict[str, Any]
    digest: str

    @property
    def number(self) -> str:
        """The body's own number of the report."""
        return str(self.content["number"])


class Sent(NamedTuple):
    """What was taken in: the request, and the receipt's position, which is its version."""

    request_id: int
    number: str
    position: int
    digest: str
    sent_at: datetime


# Asked and said for every report that is sent: made once.
_REQUEST = insert(ReportRequest.__table__)  # type: ignore[arg-type]
_CONTENT = insert(ReportRequestContent.__table__)  # type: ignore[arg-type]
_RECORD = insert(ReportRequestRecord.__table__)  # type: ignore[arg-type]
_OWN_BODY = (
    select(Body, BodyRecord.valid_from, BodyRecord.valid_until)
    .join(BodyRecord, BodyRecord.body_id == Body.id)
    .where(Body.organisation_id == bindparam("organisation"), known(BodyRecord))
)
_APPLICATION = (
    select(Application, ApplicationRecord.state)
    .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
    .where(Application.number == bindparam("number"), known(ApplicationRecord))
)
# The state of the requests is not part of the question: SQLite would look through all that wait.
_NUMBERED = (
    select(literal(states.JUDGED))
    .where(Report.body_id == bindparam("body"), Report.number == bindparam("number"))
    .union_all(
        select(ReportRequestRecord.state)
        .join(ReportRequest, ReportRequest.id == ReportRequestRecord.request_id)
        .where(
            ReportRequest.body_id == bindparam("body"),
            ReportRequest.number == bindparam("number"),
            known(ReportRequestRecord),
        )
    )
)


def check_report(
    session: Session, actor: Actor, today: date, data: Mapping[str, Any]
) -> CheckedReport:
    """Return a report that could be taken in today; data as ``ReportSchema`` loads it.

    Raises ``Denied`` unless the actor's organisation is registered as a body, and
    ``Invalid`` naming every field that the register cannot make sense of.
    """
    actor.require("report:submit")
    body = own_body(session, actor, today)
    named = find_named(session, body, data)
    content = stored_content(data)
    check_content(session, today, content)
    uploads_named(session, body, content)
    return CheckedReport(body, named, content, content_digest(content))


def receive_report(uow: UnitOfWork, checked: CheckedReport) -> Sent:
    """Take a report in and journal its receipt; ``Invalid`` names a number used before."""
    uow.actor.require("report:submit")
    check_number(uow.session, checked.body, checked.number)
    position = uow.next_position
    uow.record("report.submit", f"report-request:{position}", _public(checked), _sealed(checked))
    connection = uow.session.connection()
    connection.execute(
        _REQUEST, {"id": position, "body_id": checked.body.id, "number": checked.number}
    )
    sent = _store_content(uow, position, checked, position)
    connection.execute(
        _RECORD,
        {
            "request_id": position,
            "content_position": position,
            "state": states.RECEIVED,
            "known_from": position,
        },
    )
    return sent


def replace_report(
    uow: UnitOfWork, request_id: int, checked: CheckedReport, *, expected: int
) -> Sent:
    """Let a report sent anew, whole, take the place of one that is not judged yet.

    ``expected`` is the version that the laboratory means to replace: ``Stale`` when it
    is no longer the latest. ``BadTransition`` once the report is judged or returned; then
    only an amended report helps.
    """
    request, record = load_request(uow, request_id)
    if request.body_id != checked.body.id:
        raise NotFound(Message("There is no such request."))
    check_version(record, expected)
    state = states.REPORT_REQUEST.check("replace", record.state, uow.actor)
    if checked.number != request.number:
        raise Invalid.one("number", Message("A report sent anew keeps its number."))
    position = uow.record(
        "report-request.replace",
        f"report-request:{request.id}",
        {"state": state, **_public(checked)},
        _sealed(checked),
    )
    sent = _store_content(uow, request.id, checked, position)
    uow.replace(record, record.revised(state=state, content_position=position), position)
    return sent


def load_request(uow: UnitOfWork, request_id: int) -> tuple[ReportRequest, ReportRequestRecord]:
    """Return a request and where it stands; ``NotFound`` otherwise."""
    row = uow.session.execute(
        select(ReportRequest, ReportRequestRecord)
        .join(ReportRequestRecord, ReportRequestRecord.request_id == ReportRequest.id)
        .where(ReportRequest.id == request_id, known(ReportRequestRecord))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such request."))
    return row[0], row[1]


def own_body(session: Session, actor: Actor, today: date) -> Body:
    """Return the body that the actor reports for; ``Denied`` where there is none."""
    rows = session.execute(_OWN_BODY, {"organisation": actor.organisation_id})
    for body, first, last in rows:
        if covers(first, last, today):
            return body
    raise Denied(NOT_REGISTERED)


def registered(session: Session, body: Body, today: date) -> bool:
    """Whether the register knows ``body`` as one on ``today``."""
    records = session.scalars(
        select(BodyRecord).where(BodyRecord.body_id == body.id, known(BodyRecord))
    )
    return any(covers(record.valid_from, record.valid_until, today) for record in records)


def stored_problems(problem: Invalid) -> list[dict[str, Any]]:
    """Return what is wrong, field by field, as it is kept with a request that is returned."""
    return [
        {"field": field, **as_data(text)}
        for field, texts in problem.fields.items()
        for text in texts
    ]


def check_number(session: Session, body: Body, number: str) -> None:
    """Raise ``Invalid`` on "number" when the body's report of it is here or on its way."""
    # Read to the end: an answer left open keeps its connection in the past, and from writing.
    numbered = session.connection().scalars(_NUMBERED, {"body": body.id, "number": number}).all()
    if any(state != states.RETURNED for state in numbered):
        raise Invalid.one(
            "number", Message("You submitted a report {number} before.", number=number)
        )


def find_named(session: Session, body: Body, data: Mapping[str, Any]) -> Named:
    """Return what a report of ``body`` names; ``Invalid`` names what it cannot be taken for."""
    edition = edition_named(session, data["regulation"], "regulation")
    return Named(
        edition,
        _application(session, body, data["application"], edition),
        _replaced(session, body, data["replaces"]),
    )


def _application(
    session: Session, body: Body, number: str | None, edition: Edition
) -> Application | None:
    if number is None:
        return None
    found = session.execute(_APPLICATION, {"number": number}).one_or_none()
    if found is None:
        raise Invalid.one("application", Message("There is no application of this number."))
    application, state = found
    if application.organisation_id == body.organisation_id:
        raise Invalid.one(
            "application", Message("Nobody may act on a matter of their own organisation.")
        )
    if state not in states.OPEN_FOR_REPORTS:
        raise Invalid.one("application", Message("This application no longer takes results."))
    if application.edition_id != edition.id:
        raise Invalid.one(
            "regulation", Message("The application is for another regulation or edition.")
        )
    return application


def _replaced(session: Session, body: Body, number: str | None) -> ReportRecord | None:
    if number is None:
        return None
    record = session.scalar(
        select(ReportRecord)
        .join(Report, Report.id == ReportRecord.report_id)
        .where(Report.body_id == body.id, Report.number == number, known(ReportRecord))
    )
    if record is None:
        raise Invalid.one("replaces", Message("You submitted no report of this number."))
    if record.state == states.REPLACED:
        raise Invalid.one("replaces", Message("This report was replaced already."))
    return record


def _store_content(uow: UnitOfWork, request_id: int, checked: CheckedReport, position: int) -> Sent:
    uow.session.connection().execute(
        _CONTENT,
        {
            "position": position,
            "request_id": request_id,
            "content": checked.content,
            "digest": checked.digest,
            "sent_by_user_id": person(uow),
            "sent_at": uow.now,
        },
    )
    return Sent(request_id, checked.number, position, checked.digest, uow.now)


def _public(checked: CheckedReport) -> dict[str, Any]:
    return {
        "body": f"body:{checked.body.id}",
        "edition": checked.named.edition.key,
        "digest": checked.digest,
    }


def _sealed(checked: CheckedReport) -> dict[str, Any]:
    application = checked.named.application
    return {
        "number": checked.number,
        "application": application.id if application else None,
        "content": checked.content,
    }
