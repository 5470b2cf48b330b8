"""Records accreditations, what befalls them, and their scopes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Body,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.bodies import ACCREDITATION_BODY
from registry.assessment.queries.references import (
    body_at,
    body_named,
    full_designation,
    is_dated,
    read_designation,
)
from registry.assessment.services.amendments import said_of
from registry.assessment.services.cascade import (
    after_accreditation_event,
    after_event_retracted,
    end_scope_lines,
)
from registry.assessment.services.checks import check_latest, overlap, refuse_own_matter
from registry.assessment.states import ACCREDITATION
from registry.assessment.status import status_on
from registry.errors import BadTransition, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.checks import require_term


def record_accreditation(uow: UnitOfWork, body_slug: str, data: Mapping[str, Any]) -> Accreditation:
    """Record an accreditation of a body; data as ``AccreditationSchema`` loads it."""
    uow.actor.require("accreditation:record")
    body = body_at(uow.session, body_slug)
    refuse_own_matter(uow, body.organisation_id)
    accreditor = _accreditor(uow, data["accreditor"])
    if accreditor.id == body.id:
        raise Invalid.one("accreditor", Message("A body cannot accredit itself."))
    standard = read_designation(data["standard"], "standard").printed
    _refuse_duplicate(uow, accreditor, data)
    accreditation = Accreditation(body_id=body.id)
    uow.session.add(accreditation)
    uow.session.flush()
    position = uow.record(
        "accreditation.record",
        f"accreditation:{accreditation.id}",
        {**data, "body": body.slug, "standard": standard},
    )
    record = AccreditationRecord(
        accreditation_id=accreditation.id,
        accreditor_id=accreditor.id,
        standard=standard,
        number=data["number"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        source=data["source"],
    )
    uow.add(record, position=position)
    uow.session.flush()
    return accreditation


def record_accreditation_event(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> AccreditationEvent:
    """Record what befell an accreditation; data as ``AccreditationEventSchema`` loads it.

    Refuses what contradicts the standing on that day, and days before the last
    event: history is not rewritten by a new event. A suspension, withdrawal or
    reduction opens a task for each thing that depends on it; a reinstatement closes
    those still open. A reduction ends the scope lines it names.
    """
    uow.actor.require("accreditation:record")
    record = _record(uow, accreditation_id)
    events = _events(uow, accreditation_id)
    check_latest([record, *events], expected)
    day = data["effective_on"]
    if day < record.valid_from:
        raise Invalid.one(
            "effective_on", Message("This day lies before the accreditation was granted.")
        )
    if events and day < max(event.effective_on for event in events):
        raise Invalid.one("effective_on", Message("This day lies before the last event recorded."))
    standing = status_on(record, events, day).key
    try:
        ACCREDITATION.check(data["kind"], standing, uow.actor)
    except BadTransition as contradiction:
        raise Invalid.one("kind", contradiction.message) from None
    position = uow.record(
        f"accreditation.{data['kind']}", f"accreditation:{accreditation_id}", data
    )
    event = AccreditationEvent(
        accreditation_id=accreditation_id,
        kind=data["kind"],
        effective_on=day,
        reason=data["reason"],
    )
    uow.add(event, position=position)
    uow.session.flush()
    # What depends on the lines is read while they still hold.
    after_accreditation_event(uow, event, data["scope_lines"])
    end_scope_lines(uow, accreditation_id, data["scope_lines"], day, position)
    uow.session.flush()
    return event


def retract_accreditation_event(
    uow: UnitOfWork,
    event_id: int,
    data: Mapping[str, Any],
    *,
    of: int | None = None,
    expected: int | None = None,
) -> None:
    """Take back the last event of an accreditation; data as ``RetractionSchema`` loads it.

    Earlier events cannot be taken back: those after them rest on them. ``of`` is the
    accreditation that it must be of.
    """
    uow.actor.require("accreditation:record")
    event = uow.session.scalar(
        select(AccreditationEvent).where(
            AccreditationEvent.id == event_id, known(AccreditationEvent)
        )
    )
    if event is None or of not in (None, event.accreditation_id):
        raise NotFound(Message("There is no such event."))
    events = _events(uow, event.accreditation_id)
    check_latest([_record(uow, event.accreditation_id), *events], expected)
    if event.id != max(events, key=lambda one: (one.effective_on, one.id)).id:
        raise BadTransition(Message("Only the last event can be retracted."))
    position = uow.record(
        "accreditation.retract-event",
        f"accreditation:{event.accreditation_id}",
        {"event": event.id, "says": said_of(event), **data},
    )
    uow.close(event, position)
    after_event_retracted(uow, event, data["reason"])


def correct_accreditation(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> AccreditationRecord:
    """Say of an accreditation what is true of it, or extend it: the record before stays known.

    Data as ``AccreditationCorrectionSchema`` loads it. Events and scope lines that lie
    before a later first day keep it from being moved.
    """
    uow.actor.require("accreditation:record")
    record = _record(uow, accreditation_id)
    events = _events(uow, accreditation_id)
    check_latest([record, *events], expected)
    accreditor = _accreditor(uow, data["accreditor"])
    accreditation = uow.session.get_one(Accreditation, accreditation_id)
    if accreditor.id == accreditation.body_id:
        raise Invalid.one("accreditor", Message("A body cannot accredit itself."))
    first = min((event.effective_on for event in events), default=data["valid_from"])
    if first < data["valid_from"]:
        raise Invalid.one("valid_from", Message("An event is recorded for an earlier day."))
    standard = read_designation(data["standard"], "standard").printed
    _refuse_duplicate(uow, accreditor, data, besides=accreditation_id)
    revised = record.revised(
        accreditor_id=accreditor.id,
        standard=standard,
        number=data["number"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
        source=data["source"],
    )
    position = uow.record(
        "accreditation.correct",
        f"accreditation:{accreditation_id}",
        {**data, "standard": standard},
    )
    uow.replace(record, revised, position)
    uow.session.flush()
    return revised


def add_scope_lines(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any]
) -> list[ScopeLine]:
    """Add lines to a scope; data as ``ScopeLinesSchema`` loads it."""
    uow.actor.require("accreditation:record")
    record = accreditation_record(uow.session, accreditation_id)
    values = []
    for number, item in enumerate(data["lines"]):
        path = f"lines.{number}."
        require_term(uow, "activity", item["activity"], f"{path}activity")
        values.append(scope_line_values(uow.session, record, item, path))
    return write_scope_lines(uow, accreditation_id, values)


def scope_line_values(
    session: Session, record: AccreditationRecord, item: Mapping[str, Any], path: str = ""
) -> dict[str, Any]:
    """Return the columns of one line of a scope; data as ``ScopeLineSchema`` loads it.

    What is wrong with a field is filed under it, with ``path`` before.
    """
    if item["valid_from"] < record.valid_from:
        raise Invalid.one(
            f"{path}valid_from",
            Message("This day lies before the accreditation was granted."),
        )
    method = full_designation(session, item["method"], f"{path}method")
    dated = is_dated(method)
    return {
        **item,
        "method": method.printed,
        "method_key": method.key if dated else method.document_key,
        "method_dated": dated,
    }


def write_scope_lines(
    uow: UnitOfWork, accreditation_id: int, values: Sequence[Mapping[str, Any]]
) -> list[ScopeLine]:
    """Write lines as ``scope_line_values`` returns them, with one journal entry."""
    _refuse_own_accreditation(uow, accreditation_id)
    said = [
        {name: value for name, value in line.items() if not name.startswith("method_")}
        for line in values
    ]
    position = uow.record(
        "accreditation.add-scope", f"accreditation:{accreditation_id}", {"lines": said}
    )
    lines = [ScopeLine(accreditation_id=accreditation_id, **line) for line in values]
    uow.add(*lines, position=position)
    uow.session.flush()
    return lines


def _accreditor(uow: UnitOfWork, slug: str) -> Body:
    accreditor = body_named(uow.session, slug, "accreditor")
    record = uow.session.scalar(
        select(BodyRecord).where(BodyRecord.body_id == accreditor.id, known(BodyRecord))
    )
    if record is None or ACCREDITATION_BODY not in record.kinds:
        raise Invalid.one("accreditor", Message("This body is not an accreditation body."))
    return accreditor


def _refuse_duplicate(
    uow: UnitOfWork, accreditor: Body, data: Mapping[str, Any], besides: int | None = None
) -> None:
    period = (data["valid_from"], data["valid_until"])
    for other in uow.session.scalars(
        select(AccreditationRecord).where(
            AccreditationRecord.accreditor_id == accreditor.id,
            AccreditationRecord.number == data["number"],
            known(AccreditationRecord),
        )
    ):
        if other.accreditation_id != besides and overlap(
            period, (other.valid_from, other.valid_until)
        ):
            raise Invalid.one(
                "number",
                Message(
                    "This accreditor's number {number} is recorded for an overlapping period.",
                    number=data["number"],
                ),
            )


def _events(uow: UnitOfWork, accreditation_id: int) -> list[AccreditationEvent]:
    return list(
        uow.session.scalars(
            select(AccreditationEvent)
            .where(
                AccreditationEvent.accreditation_id == accreditation_id,
                known(AccreditationEvent),
            )
            .order_by(AccreditationEvent.id)
        )
    )


def _refuse_own_accreditation(uow: UnitOfWork, accreditation_id: int) -> None:
    accreditation = uow.session.get_one(Accreditation, accreditation_id)
    refuse_own_matter(uow, uow.session.get_one(Body, accreditation.body_id).organisation_id)


def _record(uow: UnitOfWork, accreditation_id: int) -> AccreditationRecord:
    record = accreditation_record(uow.session, accreditation_id)
    _refuse_own_accreditation(uow, accreditation_id)
    return record


def accreditation_record(session: Session, accreditation_id: int) -> AccreditationRecord:
    """Return what is said of an accreditation now; ``NotFound`` when there is none."""
    record = session.scalar(
        select(AccreditationRecord).where(
            AccreditationRecord.accreditation_id == accreditation_id, known(AccreditationRecord)
        )
    )
    if record is None:
        raise NotFound(Message("There is no such accreditation."))
    return record
