"""Gathers what the status of editions depends on and computes their timelines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from registry.catalog.models import Edition, EditionRecord, Relation
from registry.catalog.stages import is_draft
from registry.catalog.states import PUBLISHED, WITHDRAWN
from registry.catalog.status import Change, StatusFacts, Succession, timeline
from registry.history import known
from registry.journal.models import JournalEntry

_SUPERSEDED_BY = ("supersedes", "superseded-by")
_CHUNK = 5_000

Named = tuple[Edition, EditionRecord]
# The edition that a relation says something of, the relation, the newer edition's record.
Related = tuple[int, Relation, EditionRecord]


def timelines(
    session: Session, editions: Sequence[Named], zone: ZoneInfo, position: int | None = None
) -> dict[int, list[Change]]:
    """Return the status timeline of each edition, by edition id, as known at ``position``."""
    result: dict[int, list[Change]] = {}
    for start in range(0, len(editions), _CHUNK):
        chunk = editions[start : start + _CHUNK]
        newer = list(_relations_to(session, {e.key: e.id for e, _ in chunk}, position))
        recorded = _recorded(session, chunk, [relation for _, relation, _ in newer], zone)
        successions, amended = _successors(newer, recorded)
        for edition, record in chunk:
            facts = StatusFacts(
                state=record.state,
                national=edition.national,
                stage=record.stage,
                issued=record.issued,
                effective_from=record.effective_from,
                effective_until=record.effective_until,
                withdrawn_on=record.withdrawn_on,
                recorded_on=recorded[record.known_from],
                successions=successions[edition.id],
                amended_on=amended[edition.id],
            )
            result[edition.id] = timeline(facts)
    return result


def replacements(
    session: Session, editions: Sequence[Edition], position: int | None = None
) -> dict[int, list[int]]:
    """Return, by edition id, the published editions that took each one's place."""
    ids = {edition.key: edition.id for edition in editions}
    found: dict[int, list[int]] = defaultdict(list)
    for edition_id, relation, newer in _relations_to(session, ids, position):
        if relation.type in _SUPERSEDED_BY and is_published(newer):
            found[edition_id].append(newer.edition_id)
    return found


def _recorded(
    session: Session, editions: Sequence[Named], relations: Sequence[Relation], zone: ZoneInfo
) -> dict[int, date]:
    """Return the day of each journal position that records or relations were known from."""
    positions = {record.known_from for _, record in editions}
    positions |= {relation.known_from for relation in relations}
    rows = session.execute(
        select(JournalEntry.position, JournalEntry.recorded_at).where(
            JournalEntry.position.in_(positions)
        )
    )
    return {position: instant.astimezone(zone).date() for position, instant in rows}


def _successors(
    related: Iterable[Related], recorded: Mapping[int, date]
) -> tuple[dict[int, list[Succession]], dict[int, list[str]]]:
    """Return, by edition id, what took its place and when it was amended or corrected.

    Only published editions count: a draft that will replace something has not yet.
    """
    successions: dict[int, list[Succession]] = defaultdict(list)
    amended: dict[int, list[str]] = defaultdict(list)
    for edition_id, relation, newer in related:
        if not is_published(newer):
            continue
        on = relation.on.isoformat() if relation.on else _date_of(newer)
        if relation.type in _SUPERSEDED_BY:
            learned = recorded[relation.known_from]
            successions[edition_id].append(Succession(on, learned, relation.coexistence_until))
        elif on is not None:
            amended[edition_id].append(on)
    return successions, amended


def _relations_to(session: Session, ids: dict[str, int], position: int | None) -> Iterable[Related]:
    newer = aliased(Edition)
    forward = session.execute(
        select(Relation, EditionRecord)
        .join(EditionRecord, EditionRecord.edition_id == Relation.edition_id)
        .where(
            Relation.target_key.in_(list(ids)),
            Relation.type.in_(("supersedes", "amends")),
            known(Relation, position),
            known(EditionRecord, position),
        )
    ).all()
    for relation, record in forward:
        yield ids[relation.target_key], relation, record
    backward = session.execute(
        select(Relation, EditionRecord)
        .join(newer, newer.key == Relation.target_key)
        .join(EditionRecord, EditionRecord.edition_id == newer.id)
        .where(
            Relation.edition_id.in_(list(ids.values())),
            Relation.type.in_(("superseded-by", "amended-by")),
            known(Relation, position),
            known(EditionRecord, position),
        )
    ).all()
    for relation, record in backward:
        yield relation.edition_id, relation, record


def is_published(record: EditionRecord) -> bool:
    """Whether an edition has been published, going by its workflow state and its own stage."""
    if record.state not in (PUBLISHED, WITHDRAWN):
        return False
    return not is_draft(record.stage)


def _date_of(record: EditionRecord) -> str | None:
    """Return from when an edition counts, with the precision known."""
    return record.effective_from.isoformat() if record.effective_from else record.issued
