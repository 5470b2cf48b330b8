"""What took the place of editions, and what took the place of that, to the last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.drift import EditionCourse
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.queries.editions import PUBLIC_STATES, EditionFacts, by_ids
from registry.catalog.queries.statuses import DATED, Dated, among, courses
from registry.history import AsOf, known

# How many editions one statement names.
_CHUNK = 10_000


class Replaced(NamedTuple):
    """An edition with the published editions that took its place directly."""

    edition: EditionCourse
    by: Sequence[int]


def replacement_chain(
    session: Session, edition: Edition, as_of: AsOf, zone: ZoneInfo
) -> list[EditionFacts]:
    """Return what took the place of ``edition``, and what took the place of that, to the last.

    Where two editions took one's place the chain goes on from the later one.
    """
    known_then = with_replacements(session, [edition.id], as_of, zone)
    ids = [newer.id for newer in chain_from(edition.id, known_then)]
    return by_ids(session, ids, as_of, zone)


def with_replacements(
    session: Session, ids: Iterable[int], as_of: AsOf, zone: ZoneInfo
) -> dict[int, Replaced]:
    """Return the public editions of ``ids`` and all that took their places, by id.

    One round of questions for each link, however many editions there are.
    """
    found: dict[int, Replaced] = {}
    asked: set[int] = set()
    frontier = set(ids)
    while frontier:
        asked |= frontier
        read = edition_courses(session, frontier, as_of, zone)
        found |= read
        frontier = {id_ for replaced in read.values() for id_ in replaced.by} - asked
    return found


def chain_from(start: int, known_then: Mapping[int, Replaced]) -> list[EditionCourse]:
    """Return the chain from edition ``start`` through what ``with_replacements`` found."""
    chain: list[EditionCourse] = []
    met = {start}
    current = start
    # A circle in somebody else's data must not be walked for ever.
    while candidates := [
        known_then[id_].edition
        for id_ in (known_then[current].by if current in known_then else ())
        if id_ in known_then and id_ not in met
    ]:
        latest = max(candidates, key=lambda edition: (edition.issued or "", edition.designation))
        chain.append(latest)
        met |= {edition.id for edition in candidates}
        current = latest.id
    return chain


def edition_courses(
    session: Session, ids: Iterable[int], as_of: AsOf, zone: ZoneInfo
) -> dict[int, Replaced]:
    """Return the public editions of ``ids`` with their status over time, by id."""
    named = (Edition.slug, Edition.designation, EditionRecord.catalogue)
    found: dict[int, Replaced] = {}
    for chunk in chunks(list(ids)):
        rows = session.execute(
            select(*named, *DATED)
            .join(EditionRecord, EditionRecord.edition_id == Edition.id)
            .where(
                among(Edition.id, chunk),
                EditionRecord.state.in_(PUBLIC_STATES),
                known(EditionRecord, as_of.position),
            )
        ).all()
        dated = [(slug, name, catalogue, Dated(*rest)) for slug, name, catalogue, *rest in rows]
        ran = courses(session, [row for *_, row in dated], zone, as_of.position)
        for slug, designation, catalogue, row in dated:
            course = EditionCourse(
                id=row.id,
                slug=slug,
                designation=designation,
                national=row.national,
                catalogue=catalogue,
                issued=row.issued,
                effective_from=row.effective_from,
                changes=ran[row.id].changes,
            )
            found[row.id] = Replaced(course, ran[row.id].replaced_by)
    return found


def chunks(items: Sequence[int]) -> Iterable[Sequence[int]]:
    """Yield ``items`` in pieces that one statement can name."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
