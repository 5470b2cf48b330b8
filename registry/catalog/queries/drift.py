"""Gathers every adoption of the national list with what became of the adopted edition."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.drift import Adoption, FollowedEdition, began_on
from registry.catalog.models import Edition, Relation
from registry.catalog.queries.chains import chunks, facts_by_id, replacement_chains
from registry.catalog.queries.editions import (
    EditionFacts,
    changed_editions,
)
from registry.history import AsOf, known
from registry.journal.queries import head

# Beyond this many changed editions gathering anew is quicker than mending.
_ANEW_ABOVE = 2_000


@dataclass(frozen=True, slots=True)
class _Kept:
    """All adoptions as they stood at a journal position."""

    position: int
    adoptions: Sequence[Adoption]


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
    named = _stated(session, as_of, only)
    adopting = facts_by_id(
        session, list({relation.edition_id for relation, _ in named}), as_of, zone
    )
    held = facts_by_id(session, list({edition for _, edition in named if edition}), as_of, zone)
    chains = replacement_chains(session, [f.edition for f in held.values()], as_of, zone)
    followed: dict[int, FollowedEdition] = {}

    def present(facts: EditionFacts) -> FollowedEdition:
        if facts.edition.id not in followed:
            followed[facts.edition.id] = _followed(facts)
        return followed[facts.edition.id]

    found = []
    for relation, target in named:
        facts = adopting.get(relation.edition_id)
        if facts is None:
            continue
        adopted = held.get(target) if target else None
        chain = chains[adopted.edition.id] if adopted else ()
        found.append(
            Adoption(
                relation_id=relation.id,
                edition_id=facts.edition.id,
                slug=facts.edition.slug,
                designation=facts.edition.designation,
                titles=facts.record.titles,
                domains=tuple(facts.record.domains),
                ministry=facts.record.lead_ministry or facts.record.publisher,
                began=began_on(facts.record.issued, facts.record.effective_from),
                changes=facts.changes,
                degree=relation.degree,
                adopted_designation=relation.target_designation,
                adopted=present(adopted) if adopted else None,
                chain=tuple(present(newer) for newer in chain),
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
    due = {a.edition_id for a in kept.adoptions if not changed.isdisjoint(a.involved)}
    due |= changed
    left = [a for a in kept.adoptions if a.edition_id not in due]
    return _ordered([*left, *gather(session, as_of, zone, due)])


def _stated(
    session: Session, as_of: AsOf, only: Collection[int] | None
) -> Sequence[tuple[Relation, int | None]]:
    """Return each adoption that a national edition states, with the adopted edition's id."""
    adopting, adopted = Edition.__table__.alias(), Edition.__table__.alias()
    statement = (
        select(Relation, adopted.c.id)
        .join(adopting, adopting.c.id == Relation.edition_id)
        .outerjoin(adopted, adopted.c.key == Relation.target_key)
        .where(
            Relation.type == "adopts",
            known(Relation, as_of.position),
            adopting.c.national.is_(True),
        )
    )
    if only is None:
        return [(relation, id_) for relation, id_ in session.execute(statement)]
    return [
        (relation, id_)
        for chunk in chunks(list(only))
        for relation, id_ in session.execute(statement.where(Relation.edition_id.in_(chunk)))
    ]


def _followed(facts: EditionFacts) -> FollowedEdition:
    return FollowedEdition(
        id=facts.edition.id,
        slug=facts.edition.slug,
        designation=facts.edition.designation,
        issued=facts.record.issued,
        changes=facts.changes,
        catalogue=facts.record.catalogue,
    )


def _ordered(found: Sequence[Adoption]) -> list[Adoption]:
    return sorted(found, key=lambda adoption: (adoption.designation, adoption.relation_id))
