"""Gives each version of a subject its place in the status lists."""

import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.credentials.models import StatusIndex
from registry.credentials.status_list import SIZE
from registry.unit_of_work import UnitOfWork

ASSIGN = "credential.assign-status-index"

# A list is left when it is half full: until then, drawing lots finds a free place at once.
_FULL = SIZE // 2


def status_index(session: Session, subject: str, version: int) -> StatusIndex | None:
    """Return the place of a version, ``None`` before it has one."""
    return session.scalar(
        select(StatusIndex).where(StatusIndex.subject == subject, StatusIndex.version == version)
    )


def assign_status_index(uow: UnitOfWork, subject: str, version: int) -> StatusIndex:
    """Return the place of a version, drawing one by lot the first time.

    The place says nothing about when, or after whom, the credential was issued.
    """
    found = status_index(uow.session, subject, version)
    if found is not None:
        return found
    number = uow.session.scalar(select(func.max(StatusIndex.list_number))) or 1
    if _count(uow.session, number) >= _FULL:
        number += 1
    place = secrets.randbelow(SIZE)
    while _taken(uow.session, number, place):
        place = secrets.randbelow(SIZE)
    position = uow.record(
        ASSIGN, subject, {"version": version, "status_list": number, "status_index": place}
    )
    assigned = StatusIndex(
        subject=subject,
        version=version,
        list_number=number,
        place=place,
        assigned_position=position,
    )
    uow.session.add(assigned)
    uow.session.flush()
    return assigned


def _count(session: Session, number: int) -> int:
    statement = select(func.count()).where(StatusIndex.list_number == number)
    return session.scalar(statement) or 0


def _taken(session: Session, number: int, place: int) -> bool:
    statement = select(StatusIndex.id).where(
        StatusIndex.list_number == number, StatusIndex.place == place
    )
    return session.scalar(statement) is not None
