"""The followed catalogues: whose they are, when they were last refreshed, what they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.catalog.models import (
    Catalogue,
    CatalogueRecord,
    CatalogueRefresh,
    Edition,
    EditionRecord,
)
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh and when it was recorded."""

    facts: CatalogueRefresh
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CatalogueFacts:
    """A followed catalogue as known then; ``refreshes`` are the latest first."""

    key: str
    record: CatalogueRecord
    editions: int
    refreshes: tuple[Refresh, ...]

    def refreshed_on(self, zone: ZoneInfo) -> date | None:
        """Return the day of the last refresh."""
        return self.refreshes[0].recorded_at.astimezone(zone).date() if self.refreshes else None


def followed_catalogues(session: Session, as_of: AsOf) -> list[CatalogueFacts]:
    """Return every followed catalogue as known then, by name."""
    records = session.execute(
        select(Catalogue, CatalogueRecord)
        .join(CatalogueRecord, CatalogueRecord.catalogue_id == Catalogue.id)
        .where(known(CatalogueRecord, as_of.position))
        .order_by(CatalogueRecord.name)
    ).all()
    refreshes: dict[int, list[Refresh]] = {}
    rows = session.execute(
        select(CatalogueRefresh, JournalEntry.recorded_at)
        .join(JournalEntry, JournalEntry.position == CatalogueRefresh.known_from)
        .where(known(CatalogueRefresh, as_of.position))
        .order_by(CatalogueRefresh.id.desc())
    )
    for refresh, recorded_at in rows:
        refreshes.setdefault(refresh.catalogue_id, []).append(Refresh(refresh, recorded_at))
    counts = _counts(session, as_of)
    return [
        CatalogueFacts(
            catalogue.key,
            record,
            counts.get(catalogue.key, 0),
            tuple(refreshes.get(catalogue.id, ())),
        )
        for catalogue, record in records
    ]


def one_catalogue(session: Session, key: str, as_of: AsOf) -> CatalogueFacts:
    """Return the followed catalogue of that key; ``NotFound`` if there was none."""
    for facts in followed_catalogues(session, as_of):
        if facts.key == key:
            return facts
    raise NotFound("No catalogue of this name is followed.")


def without_catalogue(session: Session, as_of: AsOf) -> int:
    """Return how many followed editions no registered catalogue holds."""
    return (
        session.scalar(
            select(func.count())
            .select_from(EditionRecord)
            .join(Edition, Edition.id == EditionRecord.edition_id)
            .where(
                EditionRecord.catalogue.is_(None),
                Edition.national.is_(False),
                known(EditionRecord, as_of.position),
            )
        )
        or 0
    )


def source_ids(session: Session, key: str) -> dict[str, str]:
    """Return the designation of each edition of a catalogue by what the catalogue calls it."""
    rows = session.execute(
        select(EditionRecord.source_id, Edition.designation)
        .join(Edition, Edition.id == EditionRecord.edition_id)
        .where(
            EditionRecord.catalogue == key,
            EditionRecord.source_id.is_not(None),
            known(EditionRecord),
        )
    )
    return {str(source_id): designation for source_id, designation in rows}


def _counts(session: Session, as_of: AsOf) -> dict[str, int]:
    rows = session.execute(
        select(EditionRecord.catalogue, func.count())
        .where(EditionRecord.catalogue.is_not(None), known(EditionRecord, as_of.position))
        .group_by(EditionRecord.catalogue)
    )
    return {str(key): count for key, count in rows}
