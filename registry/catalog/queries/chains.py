"""What took the place of editions, and what took the place of that, to the last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.catalog.models import Edition
from registry.catalog.queries.editions import EditionFacts, by_ids
from registry.catalog.queries.statuses import replacements
from registry.history import AsOf

T = TypeVar("T")

# Fewer than the variables that SQLite takes in one statement.
_CHUNK = 5_000


def replacement_chain(
    session: Session, edition: Edition, as_of: AsOf, zone: ZoneInfo
) -> list[EditionFacts]:
    """Return what took the place of ``edition``, and what took the place of that, to the last.

    Where two editions took one's place the chain goes on from the later one.
    """
    return replacement_chains(session, [edition], as_of, zone)[edition.id]


def replacement_chains(
    session: Session, editions: Sequence[Edition], as_of: AsOf, zone: ZoneInfo
) -> dict[int, list[EditionFacts]]:
    """Return the chain of each edition by its id, with one round of questions for each link."""
    newer: dict[int, list[int]] = {}
    facts: dict[int, EditionFacts] = {}
    frontier: Sequence[Edition] = editions
    while frontier:
        for chunk in chunks(frontier):
            newer.update(replacements(session, chunk, as_of.position))
        wanted = {id_ for edition in frontier for id_ in newer.get(edition.id, ())} - facts.keys()
        found = facts_by_id(session, sorted(wanted), as_of, zone)
        facts |= found
        frontier = [fact.edition for id_, fact in found.items() if id_ not in newer]
    return {edition.id: _chain(edition.id, newer, facts) for edition in editions}


def chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """Yield ``items`` in pieces that one statement can name."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def facts_by_id(
    session: Session, ids: Sequence[int], as_of: AsOf, zone: ZoneInfo
) -> dict[int, EditionFacts]:
    """Return the facts of the public editions of ``ids``, however many, by id."""
    found = (fact for chunk in chunks(ids) for fact in by_ids(session, chunk, as_of, zone))
    return {fact.edition.id: fact for fact in found}


def _chain(
    start: int, newer: Mapping[int, Sequence[int]], facts: Mapping[int, EditionFacts]
) -> list[EditionFacts]:
    chain: list[EditionFacts] = []
    met = {start}
    current = start
    # A circle in somebody else's data must not be walked for ever.
    while candidates := [facts[i] for i in newer.get(current, ()) if i in facts and i not in met]:
        latest = max(candidates, key=lambda f: (f.record.issued or "", f.edition.key))
        chain.append(latest)
        met |= {fact.edition.id for fact in candidates}
        current = latest.edition.id
    return chain
