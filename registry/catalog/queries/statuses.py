"""Gathers what the status of editions depends on and computes their timelines.

Only the columns that count are read: a followed catalogue has hundreds of
thousands of editions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from registry.catalog.models import CommentPeriod, Edition, EditionRecord, PartialEnd, Relation
from registry.catalog.stages import is_draft, is_withdrawn
from registry.catalog.states import PUBLIC_COMMENT, PUBLISHED, WITHDRAWN
from registry.catalog.status import Change, StatusFacts, Succession, timeline
from registry.db import ask
from registry.history import known
from registry.journal.models import JournalEntry

_SUPERSEDED_BY = ("supersedes", "superseded-by")

# How many editions one statement names.
_CHUNK = 10_000

# Stands for the day of a journal position that no status depends on.
_NOT_ASKED = date.max

Named = tuple[Edition, EditionRecord]


class Dated(NamedTuple):
    """What an edition itself says of its status; see ``EditionRecord``."""

    id: int
    key: str
    national: bool
    known_from: int
    state: str
    stage: str | None
    issued: str | None
    effective_from: date | None
    effective_until: date | None
    withdrawn_on: date | None


DATED = (
    Edition.id,
    Edition.key,
    Edition.national,
    EditionRecord.known_from,
    EditionRecord.state,
    EditionRecord.stage,
    EditionRecord.issued,
    EditionRecord.effective_from,
    EditionRecord.effective_until,
    EditionRecord.withdrawn_on,
)


class Course(NamedTuple):
    """An edition's status over time, and the published editions that took its place."""

    changes: list[Change]
    replaced_by: list[int]


class _Related(NamedTuple):
    """That a newer edition took an edition's place, or amended it."""

    edition_id: int
    type: str
    on: date | None
    coexistence_until: date | None
    known_from: int
    newer_id: int
    state: str
    stage: str | None
    effective_from: date | None
    issued: str | None


def timelines(
    session: Session, editions: Sequence[Named], zone: ZoneInfo, position: int | None = None
) -> dict[int, list[Change]]:
    """Return the status timeline of each edition, by edition id, as known at ``position``."""
    rows = [_dated(edition, record) for edition, record in editions]
    return {id_: course.changes for id_, course in courses(session, rows, zone, position).items()}


def courses(
    session: Session, editions: Sequence[Dated], zone: ZoneInfo, position: int | None = None
) -> dict[int, Course]:
    """Return the course of each edition, by edition id, as known at ``position``."""
    result: dict[int, Course] = {}
    for start in range(0, len(editions), _CHUNK):
        chunk = editions[start : start + _CHUNK]
        newer = _relations_to(session, [row.id for row in chunk], position)
        recorded = _recorded(session, chunk, newer, zone)
        published = [related for related in newer if is_published(related)]
        successions, amended = _successors(published, recorded)
        parts = _parts_ended(session, position)
        commented = any(row.state == PUBLIC_COMMENT for row in chunk)
        periods = _comment_periods(session, position) if commented else {}
        replaced_by: dict[int, list[int]] = defaultdict(list)
        for related in published:
            if related.type in _SUPERSEDED_BY:
                replaced_by[related.edition_id].append(related.newer_id)
        for row in chunk:
            facts = StatusFacts(
                state=row.state,
                national=row.national,
                stage=row.stage,
                issued=row.issued,
                effective_from=row.effective_from,
                effective_until=row.effective_until,
                withdrawn_on=row.withdrawn_on,
                recorded_on=recorded.get(row.known_from, _NOT_ASKED),
                successions=successions.get(row.id, ()),
                amended_on=amended.get(row.id, ()),
                parts_ended_on=parts.get(row.id, ()),
                comment_period=periods.get(row.id),
            )
            result[row.id] = Course(timeline(facts), replaced_by.get(row.id, []))
    return result


def among(column: Any, numbers: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``numbers``, however many.

    Numbers need no escaping: written out they cost a fraction of as many parameters.
    """
    written: BindParameter[Any] = bindparam(
        None, list(numbers), expanding=True, literal_execute=True
    )
    condition: ColumnElement[bool] = column.in_(written)
    return condition


def is_published(record: EditionRecord | _Related) -> bool:
    """Whether an edition has been published, going by its workflow state and its own stage."""
    if record.state not in (PUBLISHED, WITHDRAWN):
        return False
    return not is_draft(record.stage)


def _dated(edition: Edition, record: EditionRecord) -> Dated:
    return Dated(
        edition.id,
        edition.key,
        edition.national,
        record.known_from,
        record.state,
        record.stage,
        record.issued,
        record.effective_from,
        record.effective_until,
        record.withdrawn_on,
    )


def _recorded(
    session: Session, editions: Sequence[Dated], relations: Sequence[_Related], zone: ZoneInfo
) -> dict[int, date]:
    """Return the day of each journal position that a status can depend on.

    Those are of withdrawals and successions whose own day no source tells.
    """
    undated = {
        row.known_from for row in editions if row.withdrawn_on is None and is_withdrawn(row.stage)
    }
    undated |= {row.known_from for row in relations if row.on is None and _date_of(row) is None}
    positions = list(undated)
    days: dict[int, date] = {}
    by_instant: dict[object, date] = {}
    for start in range(0, len(positions), _CHUNK):
        rows = session.execute(
            select(JournalEntry.position, JournalEntry.recorded_at).where(
                among(JournalEntry.position, positions[start : start + _CHUNK])
            )
        )
        for position, instant in rows:
            # What was recorded together shares its instant.
            if instant not in by_instant:
                by_instant[instant] = instant.astimezone(zone).date()
            days[position] = by_instant[instant]
    return days


def _successors(
    related: Iterable[_Related], recorded: Mapping[int, date]
) -> tuple[dict[int, list[Succession]], dict[int, list[str]]]:
    """Return, by edition id, what took its place and when it was amended or corrected.

    Only published editions count: a draft that will replace something has not yet.
    """
    successions: dict[int, list[Succession]] = defaultdict(list)
    amended: dict[int, list[str]] = defaultdict(list)
    for item in related:
        on = item.on.isoformat() if item.on else _date_of(item)
        if item.type in _SUPERSEDED_BY:
            learned = recorded.get(item.known_from, _NOT_ASKED)
            successions[item.edition_id].append(Succession(on, learned, item.coexistence_until))
        elif on is not None:
            amended[item.edition_id].append(on)
    return successions, amended


def _parts_ended(session: Session, position: int | None) -> dict[int, list[date]]:
    """Return the days on which parts of editions ended, by edition id: few have any."""
    rows = ask(session, _PARTS_ENDED[position is None], {"position": position})
    ended: dict[int, list[date]] = defaultdict(list)
    for edition_id, first_day in rows:
        ended[edition_id].append(first_day)
    return ended


def _comment_periods(session: Session, position: int | None) -> dict[int, tuple[date, date]]:
    """Return the first and last day for comments, by edition id: few have any."""
    rows = session.execute(
        select(CommentPeriod.edition_id, CommentPeriod.first_day, CommentPeriod.last_day).where(
            known(CommentPeriod, position)
        )
    )
    return {edition_id: (first, last) for edition_id, first, last in rows}


def _relations_to(session: Session, ids: Sequence[int], position: int | None) -> list[_Related]:
    asked = {"ids": list(ids), "position": position}
    forward = ask(session, _FORWARD[position is None], asked)
    backward = ask(session, _BACKWARD[position is None], asked)
    return [_Related(*row) for row in (*forward, *backward)]


def _date_of(record: _Related) -> str | None:
    """Return from when an edition counts, with the precision known."""
    return record.effective_from.isoformat() if record.effective_from else record.issued


_SAID = (
    Relation.type,
    Relation.on,
    Relation.coexistence_until,
    Relation.known_from,
    EditionRecord.edition_id,
    EditionRecord.state,
    EditionRecord.stage,
    EditionRecord.effective_from,
    EditionRecord.issued,
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True, literal_execute=True)


def _select_forward(position: BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    older = aliased(Edition)
    return (
        select(older.id, *_SAID)
        .join(Relation, Relation.target_key == older.key)
        .join(EditionRecord, EditionRecord.edition_id == Relation.edition_id)
        .where(
            older.id.in_(_IDS),
            Relation.type.in_(("supersedes", "amends")),
            known(Relation, position),
            known(EditionRecord, position),
        )
    )


def _select_backward(position: BindParameter[int] | None) -> Select[*tuple[Any, ...]]:
    newer = aliased(Edition)
    return (
        select(Relation.edition_id, *_SAID)
        .join(newer, newer.key == Relation.target_key)
        .join(EditionRecord, EditionRecord.edition_id == newer.id)
        .where(
            Relation.edition_id.in_(_IDS),
            Relation.type.in_(("superseded-by", "amended-by")),
            known(Relation, position),
            known(EditionRecord, position),
        )
    )


# Made once, by whether they ask for what is known now: every page asks for statuses, and
# making these statements takes longer than the database takes to answer them.
_THEN: BindParameter[int] = bindparam("position", type_=Integer)
_FORWARD = {True: _select_forward(None), False: _select_forward(_THEN)}
_BACKWARD = {True: _select_backward(None), False: _select_backward(_THEN)}
_PARTS_ENDED = {
    now: select(PartialEnd.edition_id, PartialEnd.first_day).where(
        known(PartialEnd, None if now else _THEN)
    )
    for now in (True, False)
}
