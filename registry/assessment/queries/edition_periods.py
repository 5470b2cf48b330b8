"""In which periods editions count, as the acceptance rules want to know it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.models import Document, Edition, EditionRecord
from registry.catalog.queries.statuses import timelines
from registry.catalog.status import AMENDED, IN_FORCE, IN_FORCE_IN_PART, UNKNOWN, Change
from registry.history import known

_COUNTS = (IN_FORCE, IN_FORCE_IN_PART, AMENDED)


@dataclass(frozen=True, slots=True)
class EditionPeriod:
    """A period, both days included, in which an edition is in force.

    Where ``certain`` is false nobody knows whether it was; ``first`` None is then
    "not known", else there is always a first day.
    """

    document_key: str
    edition_id: int
    edition_key: str
    designation: str
    first: date | None
    last: date | None
    certain: bool


def edition_periods(
    session: Session, document_keys: Collection[str], zone: ZoneInfo, position: int | None = None
) -> list[EditionPeriod]:
    """Return the periods of every edition of the documents, as known at ``position``."""
    rows = session.execute(
        select(Document.key, Edition, EditionRecord)
        .join(Edition, Edition.document_id == Document.id)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(Document.key.in_(document_keys), known(EditionRecord, position))
        .order_by(Edition.id)
    ).all()
    changes = timelines(session, [(row[1], row[2]) for row in rows], zone, position)
    return [
        EditionPeriod(
            document_key=document_key,
            edition_id=edition.id,
            edition_key=edition.key,
            designation=edition.designation,
            first=first,
            last=last,
            certain=certain,
        )
        for document_key, edition, _ in rows
        for first, last, certain in _periods(changes[edition.id])
    ]


def _periods(changes: list[Change]) -> Iterator[tuple[date | None, date | None, bool]]:
    """Join neighbouring changes that count; those that are unknown stay apart."""
    runs: list[tuple[date | None, date | None, bool]] = []
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        last = following.since - timedelta(days=1) if following and following.since else None
        if change.status == UNKNOWN:
            runs.append((None, last, False))
        elif change.status in _COUNTS:
            if runs and runs[-1][2] and change.since and runs[-1][1] == _before(change.since):
                runs[-1] = (runs[-1][0], last, True)
            else:
                runs.append((change.since, last, True))
    yield from runs


def _before(day: date) -> date:
    return day - timedelta(days=1)
