"""The judged queries: what real people would type, and the entry they want."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.designation import parse
from registry.catalog.models import Edition
from registry.catalog.search_records import subject_of
from registry.search.engine import SearchEngine, SearchRequest

_FILE = Path(__file__).parent.parent / "data" / "judged_queries.tsv"


class Judged(NamedTuple):
    """A query, whether it is a designation or words, and the designation wanted."""

    kind: str
    query: str
    wanted: str


class Rank(NamedTuple):
    """A judged query and where the wanted entry came, from 1; ``None`` when not in the first."""

    judged: Judged
    place: int | None


def judged_queries() -> list[Judged]:
    """Return the set in its order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [Judged(**row) for row in csv.DictReader(file, delimiter="\t")]


def rank_all(session: Session, engine: SearchEngine, day: date) -> list[Rank]:
    """Ask every judged query and return where each wanted entry came among the first 20."""
    return [Rank(one, _place(session, engine, one, day)) for one in judged_queries()]


def share(ranks: Sequence[Rank], kind: str, within: int) -> float:
    """Return the share of queries of ``kind`` whose entry came among the first ``within``."""
    places = [rank.place for rank in ranks if rank.judged.kind == kind]
    return sum(place is not None and place <= within for place in places) / len(places)


def _place(session: Session, engine: SearchEngine, one: Judged, day: date) -> int | None:
    wanted = session.scalars(select(Edition.id).where(Edition.key == parse(one.wanted).key)).one()
    result = engine.search(SearchRequest(one.query, {}, (), day, limit=20, prefer_language="vi"))
    subject = subject_of(wanted)
    return result.subjects.index(subject) + 1 if subject in result.subjects else None
