"""Surveillance as planned and done, and whose calendar an address shows."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import CalendarAddress, Surveillance, SurveillanceRecord
from registry.assessment.queries.subjects import SubjectFacts, describe
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message


@dataclass(frozen=True, slots=True)
class SurveillanceFacts:
    """A surveillance activity and what it is of; ``record.known_from`` is its version."""

    surveillance: Surveillance
    record: SurveillanceRecord
    of: SubjectFacts | None


def surveillances(
    session: Session,
    as_of: AsOf,
    *,
    state: str | None = None,
    until: date | None = None,
    after: int | None = None,
    limit: int = 200,
) -> list[SurveillanceFacts]:
    """Return surveillance by planned day; ``until`` bounds that day.

    ``after`` is the number of the last one shown; the list is then in order of numbers.
    """
    query = (
        select(Surveillance, SurveillanceRecord)
        .join(SurveillanceRecord, SurveillanceRecord.surveillance_id == Surveillance.id)
        .where(known(SurveillanceRecord, as_of.position))
        .limit(limit)
    )
    if state is not None:
        query = query.where(SurveillanceRecord.state == state)
    if until is not None:
        query = query.where(SurveillanceRecord.planned_on <= until)
    if after is not None:
        query = query.where(Surveillance.id > after).order_by(Surveillance.id)
    else:
        query = query.order_by(SurveillanceRecord.planned_on, Surveillance.id)
    return [
        SurveillanceFacts(surveillance, record, describe(session, surveillance.subject, as_of))
        for surveillance, record in session.execute(query)
    ]


def surveillance_facts(session: Session, surveillance_id: int, as_of: AsOf) -> SurveillanceFacts:
    """Return one surveillance activity; ``NotFound`` otherwise."""
    row = session.execute(
        select(Surveillance, SurveillanceRecord)
        .join(SurveillanceRecord, SurveillanceRecord.surveillance_id == Surveillance.id)
        .where(Surveillance.id == surveillance_id, known(SurveillanceRecord, as_of.position))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such surveillance."))
    return SurveillanceFacts(row[0], row[1], describe(session, row[0].subject, as_of))


def calendar_owner(session: Session, secret: str) -> CalendarAddress:
    """Return whose calendar an address shows; ``NotFound`` when it is nobody's (any more)."""
    digest = hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
    address = session.scalar(select(CalendarAddress).where(CalendarAddress.secret_sha256 == digest))
    if address is None:
        raise NotFound(Message("There is no calendar at this address."))
    return address
