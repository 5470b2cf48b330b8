"""Gathers every adoption of the national list with what became of the adopted edition."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from registry.catalog.drift import Adoption
from registry.catalog.models import Edition, EditionRecord, Relation
from registry.catalog.queries.chains import (
    chain_from,
    chunks,
    edition_courses,
    with_replacements,
)
from registry.catalog.queries.editions import changed_editions
from registry.catalog.queries.statuses import among
from registry.history import AsOf, known
from registry.journal.queries import head

# Beyond this many changed editions gathering anew is quicker than mending.
_ANEW_ABOVE = 2_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """All adoptions as they stood at a journal position."""

    position: int
    adoptions: Sequence[Adoption]


class _Stated(NamedTuple):
    """A relation by which a national edition adopts another, with what the list says of it."""

    relation_id: int
    edition_id: int
    degree: str | None
    target_designation: str
    adopted_id: int | None
    domains: Sequence[str]
    lead_ministry: str | None
    publisher: str


# What a database's adoptions come to does not depend on the day asked, so each process
# keeps them and mends what the journal says has changed. Nothing is lost with them.
_kept: WeakKeyDictionary[Any, _Kept] = WeakKeyDictionary()


def adoptions(session: Session, as_of: AsOf, zone: ZoneInfo) -> Sequence[Adoption]:
    """Return the adoptions of the national list as known then, by designation."""
    if as_of.position is not None:
        return gather(session, as_of, zone)
    engine = session.get_bind()
    end = head(session)
    kept = _kept.get(engine)
    if kept is None or kept.position > end:
        kept = _Kept(end, gather(session, as_of, zone))
    elif kept.position < end:
        kept = _Kept(end, _mended(session, kept, end, as_of, zone))
    _kept[engine] = kept
    return kept.adoptions


def gather(
    session: Session, as_of: AsOf, zone: ZoneInfo, only: Collection[int] | None = None
) -> list[Adoption]:
    """Read adoptions from the database; with ``only`` those that these editions state."""
    stated = _stated(session, as_of, only)
    adopting = edition_courses(session, {row.edition_id for row in stated}, as_of, zone)
    held = {row.adopted_id for row in stated if row.adopted_id is not None}
    followed = with_replacements(session, held, as_of, zone)
    found = []
    for row in stated:
        if row.edition_id not in adopting:
            continue
        adopted = followed.get(row.adopted_id) if row.adopted_id is not None else None
        found.append(
            Adoption(
                relation_id=row.relation_id,
                adopting=adopting[row.edition_id].edition,
                domains=tuple(row.domains),
                ministry=row.lead_ministry or row.publisher,
                degree=row.degree,
                adopted_designation=row.target_designation,
                adopted=adopted.edition if adopted else None,
                chain=tuple(chain_from(adopted.edition.id, followed)) if adopted else (),
            )
        )
    return _ordered(found)


def _mended(
    session: Session, kept: _Kept, end: int, as_of: AsOf, zone: ZoneInfo
) -> Sequence[Adoption]:
    changed = changed_editions(session, kept.position, end)
    if not changed:
        return kept.adoptions
    if len(changed) > _ANEW_ABOVE:
        return gather(session, as_of, zone)
    due = {a.adopting.id for a in kept.adoptions if not changed.isdisjoint(a.involved)}
    due |= changed
    left = [a for a in kept.adoptions if a.adopting.id not in due]
    return _ordered([*left, *gather(session, as_of, zone, due)])


def _stated(session: Session, as_of: AsOf, only: Collection[int] | None) -> list[_Stated]:
    """Return each adoption that a public national edition states."""
    adopting, adopted = aliased(Edition), aliased(Edition)
    statement = (
        select(
            Relation.id,
            Relation.edition_id,
            Relation.degree,
            Relation.target_designation,
            adopted.id,
            EditionRecord.domains,
            EditionRecord.lead_ministry,
            EditionRecord.publisher,
        )
        .join(adopting, adopting.id == Relation.edition_id)
        .join(EditionRecord, EditionRecord.edition_id == Relation.edition_id)
        .outerjoin(adopted, adopted.key == Relation.target_key)
        .where(
            Relation.type == "adopts",
            adopting.national.is_(True),
            known(Relation, as_of.position),
            known(EditionRecord, as_of.position),
        )
    )
    if only is None:
        return [_Stated(*row) for row in session.execute(statement)]
    return [
        _Stated(*row)
        for chunk in chunks(list(only))
        for row in session.execute(statement.where(among(Relation.edition_id, chunk)))
    ]


def _ordered(found: Sequence[Adoption]) -> list[Adoption]:
    return sorted(found, key=lambda adoption: (adoption.adopting.designation, adoption.relation_id))
