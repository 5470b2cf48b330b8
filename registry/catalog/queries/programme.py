"""The programme of work as it stood on a day and as it was known at a journal position."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.models import Edition, PlannedEntryRecord, ProgrammeStep
from registry.catalog.programme import Standing, standing_on
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A planned entry, the steps it has taken by the day asked, and where it stands.

    ``editions`` are those that its steps name, by id; ``version`` is the journal
    position of the newest fact.
    """

    id: int
    record: PlannedEntryRecord
    steps: Sequence[ProgrammeStep]
    standing: Standing
    editions: Mapping[int, Edition]
    version: int

    @property
    def edition(self) -> Edition | None:
        """The edition that it has become."""
        edition_id = self.steps[-1].edition_id
        return self.editions.get(edition_id) if edition_id is not None else None


def programme(
    session: Session,
    as_of: AsOf,
    *,
    domain: str | None = None,
    ministry: str | None = None,
    entry_id: int | None = None,
) -> list[ProgrammeEntry]:
    """Return the entries planned by the day asked, the earliest deadline first."""
    wanted = [known(PlannedEntryRecord, as_of.position)]
    if domain is not None:
        wanted.append(PlannedEntryRecord.domain == domain)
    if ministry is not None:
        wanted.append(PlannedEntryRecord.ministry == ministry)
    if entry_id is not None:
        wanted.append(PlannedEntryRecord.planned_entry_id == entry_id)
    records = session.scalars(select(PlannedEntryRecord).where(*wanted)).all()
    taken = select(ProgrammeStep).where(known(ProgrammeStep, as_of.position))
    if entry_id is not None:
        taken = taken.where(ProgrammeStep.planned_entry_id == entry_id)
    steps: dict[int, list[ProgrammeStep]] = defaultdict(list)
    for step in session.scalars(taken.order_by(ProgrammeStep.id)):
        steps[step.planned_entry_id].append(step)
    editions = _editions(session, [s for group in steps.values() for s in group])
    found = []
    for record in records:
        all_steps = steps[record.planned_entry_id]
        standing = standing_on(all_steps, record.due, as_of.at)
        if standing is None:
            continue
        found.append(
            ProgrammeEntry(
                id=record.planned_entry_id,
                record=record,
                steps=[step for step in all_steps if step.on <= as_of.at],
                standing=standing,
                editions=editions,
                version=max(record.known_from, all_steps[-1].known_from),
            )
        )
    return sorted(found, key=lambda entry: (entry.record.due, entry.id))


def one_entry(session: Session, entry_id: int, as_of: AsOf) -> ProgrammeEntry:
    """Return one entry; ``NotFound`` when it was not planned or not known then."""
    found = programme(session, as_of, entry_id=entry_id)
    if not found:
        raise NotFound("There is no such entry in the programme of work.")
    return found[0]


def latest_steps(
    session: Session, entries: Sequence[ProgrammeEntry], limit: int
) -> list[tuple[ProgrammeEntry, ProgrammeStep, datetime]]:
    """Return the steps recorded last, the newest first, with when they were recorded."""
    steps = [(entry, step) for entry in entries for step in entry.steps]
    newest = sorted(steps, key=lambda pair: pair[1].known_from, reverse=True)[:limit]
    rows = session.execute(
        select(JournalEntry.position, JournalEntry.recorded_at).where(
            JournalEntry.position.in_([step.known_from for _, step in newest])
        )
    )
    recorded: dict[int, datetime] = dict(rows.all())
    return [(entry, step, recorded[step.known_from]) for entry, step in newest]


def _editions(session: Session, steps: Sequence[ProgrammeStep]) -> dict[int, Edition]:
    ids = [step.edition_id for step in steps if step.edition_id is not None]
    return {e.id: e for e in session.scalars(select(Edition).where(Edition.id.in_(ids)))}
