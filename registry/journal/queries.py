"""Questions to the journal."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.errors import NotFound
from registry.journal.leaf import leaf_content
from registry.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class EntryView:
    """A journal entry as it is shown: public members only, ``data`` as plain values."""

    position: int
    recorded_at: datetime
    actor: str
    action: str
    subject: str
    data: dict[str, Any]
    canonical_data: str
    sealed_digest: str | None
    hash_version: int
    leaf_hash: str


def head(session: Session) -> int:
    """Return the last position, 0 in an empty journal."""
    return session.scalar(select(func.max(JournalEntry.position))) or 0


def position_on(session: Session, day: date, zone: ZoneInfo) -> int:
    """Return the last position recorded by the end of ``day`` in ``zone`` (0 if none)."""
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    statement = select(func.max(JournalEntry.position)).where(JournalEntry.recorded_at < end)
    return session.scalar(statement) or 0


def entries(
    session: Session,
    *,
    before: int | None = None,
    after: int | None = None,
    subject: str | None = None,
    action: str | None = None,
    without: Sequence[str] = (),
    limit: int = 50,
) -> Sequence[EntryView]:
    """Return entries, the latest first; with ``after`` in journal order from there on.

    ``without`` names kinds of subject ("user") that are left out.
    """
    statement = select(JournalEntry)
    if before is not None:
        statement = statement.where(JournalEntry.position < before)
    if subject is not None:
        statement = statement.where(JournalEntry.subject == subject)
    if action is not None:
        statement = statement.where(JournalEntry.action == action)
    for kind in without:
        statement = statement.where(~JournalEntry.subject.startswith(f"{kind}:"))
    if after is not None:
        statement = statement.where(JournalEntry.position > after).order_by(JournalEntry.position)
    else:
        statement = statement.order_by(JournalEntry.position.desc())
    return [_view(entry) for entry in session.scalars(statement.limit(limit))]


def entry(session: Session, position: int) -> EntryView:
    """Return the entry at ``position``; ``NotFound`` beyond the journal's end."""
    found = session.get(JournalEntry, position)
    if found is None:
        raise NotFound("The journal has no entry at this position.")
    return _view(found)


class JournalHead(NamedTuple):
    """The end of the journal as every page shows it."""

    position: int
    recorded_at: datetime
    leaf_hash: str


def last_entry(session: Session) -> JournalHead | None:
    """Return the journal's last entry, None in an empty journal."""
    last = session.execute(_LAST).first()
    return None if last is None else JournalHead(last[0], last[1], last[2].hex())


# Asked with every page: made once.
_LAST = (
    select(JournalEntry.position, JournalEntry.recorded_at, JournalEntry.leaf_hash)
    .order_by(JournalEntry.position.desc())
    .limit(1)
)


def hashed_content(view: EntryView) -> bytes:
    """Return what the leaf hash of an entry is taken over."""
    return leaf_content(
        position=view.position,
        recorded_at=view.recorded_at,
        actor=view.actor,
        action=view.action,
        subject=view.subject,
        data=view.canonical_data.encode(),
        sealed_digest=view.sealed_digest,
    )


def recorded_at(session: Session, position: int) -> datetime | None:
    """Return when the entry at ``position`` was recorded."""
    return recorded_at_each(session, [position]).get(position)


def recorded_at_each(session: Session, positions: Collection[int]) -> dict[int, datetime]:
    """Return when each of the entries was recorded, in one question; some hundreds at most."""
    rows = session.execute(
        select(JournalEntry.position, JournalEntry.recorded_at).where(
            JournalEntry.position.in_(positions)
        )
    )
    return {row.position: row.recorded_at for row in rows}


def _view(entry: JournalEntry) -> EntryView:
    return EntryView(
        position=entry.position,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        data=json.loads(entry.data),
        canonical_data=entry.data,
        sealed_digest=entry.sealed_digest,
        hash_version=entry.hash_version,
        leaf_hash=entry.leaf_hash.hex(),
    )
