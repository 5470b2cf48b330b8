"""Records accreditations, what befalls them, and their scopes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Body,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.references import (
    body_at,
    body_named,
    is_dated,
    read_designation,
)
from registry.assessment.services.checks import check_latest, overlap
from registry.assessment.states import ACCREDITATION
from registry.assessment.status import status_on
from registry.errors import BadTransition, Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.checks import require_term

ACCREDITATION_BODY = "accreditation_body"


def record_accreditation(uow: UnitOfWork, body_slug: str, data: Mapping[str, Any]) -> Accreditation:
    """Record an accreditation of a body; data as ``AccreditationSchema`` loads it."""
    uow.actor.require("accreditation:record")
    body = body_at(uow.session, body_slug)
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
    event: history is not rewritten by a new event.
    """
    uow.actor.require("accreditation:record")
    record = _record(uow, accreditation_id)
    events = list(
        uow.session.scalars(
            select(AccreditationEvent)
            .where(
                AccreditationEvent.accreditation_id == accreditation_id,
                known(AccreditationEvent),
            )
            .order_by(AccreditationEvent.id)
        )
    )
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
    return event


def add_scope_lines(
    uow: UnitOfWork, accreditation_id: int, data: Mapping[str, Any]
) -> list[ScopeLine]:
    """Add lines to a scope; data as ``ScopeLinesSchema`` loads it."""
    uow.actor.require("accreditation:record")
    record = _record(uow, accreditation_id)
    lines = []
    for number, item in enumerate(data["lines"]):
        path = f"lines.{number}"
        require_term(uow, "activity", item["activity"], f"{path}.activity")
        if item["valid_from"] < record.valid_from:
            raise Invalid.one(
                f"{path}.valid_from",
                Message("This day lies before the accreditation was granted."),
            )
        method = read_designation(item["method"], f"{path}.method")
        dated = is_dated(method)
        values = {
            **item,
            "method": method.printed,
            "method_key": method.key if dated else method.document_key,
            "method_dated": dated,
        }
        lines.append(ScopeLine(accreditation_id=accreditation_id, **values))
    position = uow.record("accreditation.add-scope", f"accreditation:{accreditation_id}", data)
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


def _refuse_duplicate(uow: UnitOfWork, accreditor: Body, data: Mapping[str, Any]) -> None:
    period = (data["valid_from"], data["valid_until"])
    for other in uow.session.scalars(
        select(AccreditationRecord).where(
            AccreditationRecord.accreditor_id == accreditor.id,
            AccreditationRecord.number == data["number"],
            known(AccreditationRecord),
        )
    ):
        if overlap(period, (other.valid_from, other.valid_until)):
            raise Invalid.one(
                "number",
                Message(
                    "This accreditor's number {number} is recorded for an overlapping period.",
                    number=data["number"],
                ),
            )


def _record(uow: UnitOfWork, accreditation_id: int) -> AccreditationRecord:
    record = uow.session.scalar(
        select(AccreditationRecord).where(
            AccreditationRecord.accreditation_id == accreditation_id, known(AccreditationRecord)
        )
    )
    if record is None:
        raise NotFound(Message("There is no such accreditation."))
    return record
