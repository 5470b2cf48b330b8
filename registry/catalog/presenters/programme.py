"""The programme of work for its page, its files and its feed: counts, rows, periods."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from registry.catalog.presenters.common import Labels, body_name
from registry.catalog.programme import last_day, tally
from registry.catalog.queries.programme import ProgrammeEntry
from registry.catalog.states import DROPPED

COLUMNS = (
    "number",
    "designation",
    "title_vi",
    "title_en",
    "domain",
    "ministry",
    "unit",
    "due",
    "state",
    "since",
    "late",
    "edition",
    "source",
)

_MOST_MONTHS = 36


def present_row(entry: ProgrammeEntry, labels: Labels) -> dict[str, Any]:
    """Return an entry as a row of a table."""
    record, standing = entry.record, entry.standing
    return {
        "id": entry.id,
        "designation": record.designation,
        "title": record.titles,
        "domain": record.domain,
        "ministry": body_name(labels, record.ministry),
        "unit": record.unit,
        "due": record.due,
        "state_key": standing.state,
        "state": labels.get(("programme-state", standing.state), standing.state),
        "since": standing.since,
        "late": standing.late,
        "edition": entry.edition,
        "version": entry.version,
    }


def tallies(
    entries: Sequence[ProgrammeEntry], field: str, keys: Sequence[str | None]
) -> list[dict[str, Any]]:
    """Return the counts for each of ``keys`` of ``field`` ("domain", "ministry")."""
    return [
        {
            "key": key,
            **asdict(tally(e.standing for e in entries if getattr(e.record, field) == key)),
        }
        for key in keys
    ]


def ministries_of(entries: Sequence[ProgrammeEntry], leading: Sequence[str]) -> list[str | None]:
    """Return the ministries that lead a domain or an entry; none named comes last."""
    named = [*leading, *(e.record.ministry for e in entries if e.record.ministry)]
    unnamed = [None] if any(e.record.ministry is None for e in entries) else []
    return [*dict.fromkeys(named), *unnamed]


def periods(entries: Sequence[ProgrammeEntry], at: date) -> dict[str, Any] | None:
    """Return the counts by the period in which entries are due; ``None`` when nothing is.

    One period for each month from the first deadline to the last; for each year where that
    would be more than three years of months. ``asked`` is the name of the one that ``at`` is in.
    """
    kept = [entry for entry in entries if entry.standing.state != DROPPED]
    if not kept:
        return None
    days = [last_day(entry.record.due) for entry in kept]
    by_year = _months(max(days)) - _months(min(days)) >= _MOST_MONTHS
    length = 4 if by_year else 7
    names = list(_periods(min(days), max(days), by_year))
    asked = at.isoformat()[:length]
    return {
        "columns": [
            _counts(name, [e for e in kept if e.record.due[:length] == name]) for name in names
        ],
        "by_year": by_year,
        "asked": asked if asked in names else None,
    }


def file_rows(entries: Sequence[ProgrammeEntry]) -> Iterator[list[Any]]:
    """Yield the programme as rows of ``COLUMNS``."""
    for entry in entries:
        record, standing = entry.record, entry.standing
        values = {
            "number": entry.id,
            "designation": record.designation,
            "title_vi": record.titles.get("vi"),
            "title_en": record.titles.get("en"),
            "domain": record.domain,
            "ministry": record.ministry,
            "unit": record.unit,
            "due": record.due,
            "state": standing.state,
            "since": standing.since,
            "late": "yes" if standing.late else "no",
            "edition": entry.edition.designation if entry.edition else None,
            "source": record.source,
        }
        yield [values[name] for name in COLUMNS]


def _counts(name: str, entries: Sequence[ProgrammeEntry]) -> dict[str, Any]:
    return {"name": name, **asdict(tally(entry.standing for entry in entries))}


def _periods(first: date, last: date, by_year: bool) -> Iterator[str]:
    if by_year:
        yield from (f"{year}" for year in range(first.year, last.year + 1))
        return
    for month in range(_months(first), _months(last) + 1):
        yield f"{month // 12}-{month % 12 + 1:02}"


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
