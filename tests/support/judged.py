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

_DATA = Path(__file__).parent.parent / "data"
# What the built-in list holds, and what only larger registers of followed catalogues hold.
NATIONAL = _DATA / "judged_queries.tsv"
INTERNATIONAL = _DATA / "judged_international.tsv"


class Judged(NamedTuple):
    """A query, whether it is a designation or words, and the designation wanted."""

    kind: str
    query: str
    wanted: str


class Rank(NamedTuple):
    """A judged query and where the wanted entry came, from 1; ``None`` when not in the first."""

    judged: Judged
    place: int | None


def judged_queries(file: Path = NATIONAL) -> list[Judged]:
    """Return a set in its order."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [Judged(**row) for row in csv.DictReader(lines, delimiter="\t")]


def held(session: Session, file: Path) -> list[Judged]:
    """Return those of a set whose wanted entry the register holds."""
    return [one for one in judged_queries(file) if _edition_id(session, one) is not None]


def rank_all(
    session: Session, engine: SearchEngine, day: date, judged: Sequence[Judged] | None = None
) -> list[Rank]:
    """Ask every judged query and return where each wanted entry came among the first 20."""
    asked = judged_queries() if judged is None else judged
    return [Rank(one, _place(session, engine, one, day)) for one in asked]


def share(ranks: Sequence[Rank], kind: str, within: int) -> float:
    """Return the share of queries of ``kind`` whose entry came among the first ``within``."""
    places = [rank.place for rank in ranks if rank.judged.kind == kind]
    return sum(place is not None and place <= within for place in places) / len(places)


def _place(session: Session, engine: SearchEngine, one: Judged, day: date) -> int | None:
    wanted = _edition_id(session, one)
    if wanted is None:
        raise LookupError(f"{one.wanted} is not in the register.")
    result = engine.search(SearchRequest(one.query, {}, (), day, limit=20, prefer_language="vi"))
    subject = subject_of(wanted)
    return result.subjects.index(subject) + 1 if subject in result.subjects else None


def _edition_id(session: Session, one: Judged) -> int | None:
    return session.scalar(select(Edition.id).where(Edition.key == parse(one.wanted).key))
