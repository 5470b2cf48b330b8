"""Two editions' records beside each other (context of templates/catalog/compare.html)."""

from collections.abc import Callable, Mapping
from typing import Any

from registry.catalog.models import EditionRecord
from registry.catalog.queries.editions import EditionFacts

# What is compared, in the order of the page: the name of the row and how it is read.
_ROWS: tuple[tuple[str, Callable[[EditionRecord], Any]], ...] = (
    ("titles", lambda r: r.titles),
    ("kind", lambda r: r.kind),
    ("publisher", lambda r: r.publisher),
    ("lead_ministry", lambda r: r.lead_ministry),
    ("instrument", lambda r: r.instrument.get("number")),
    ("issued", lambda r: r.issued),
    ("effective_from", lambda r: r.effective_from),
    ("effective_until", lambda r: r.effective_until),
    ("withdrawn_on", lambda r: r.withdrawn_on),
    ("stage", lambda r: r.stage),
    ("ics", lambda r: r.ics),
    ("domains", lambda r: r.domains),
    ("languages", lambda r: r.languages),
    ("committee", lambda r: r.committee),
    ("pages", lambda r: r.pages),
    ("source", lambda r: r.source),
)


def compare(first: EditionFacts, second: EditionFacts) -> list[dict[str, Any]]:
    """Return a row for everything that at least one of the two says.

    Each row is ``{"name", "first", "second", "differs"}``; an empty value is ``None``.
    """
    rows: list[dict[str, Any]] = [
        _row("status", first.status.status, second.status.status),
        _row("status_since", first.status.since, second.status.since),
    ]
    rows += [_row(name, read(first.record), read(second.record)) for name, read in _ROWS]
    return [row for row in rows if row["first"] is not None or row["second"] is not None]


def _row(name: str, first: Any, second: Any) -> dict[str, Any]:
    one, two = _shown(first), _shown(second)
    return {"name": name, "first": one, "second": two, "differs": one != two}


def _shown(value: Any) -> Any:
    if isinstance(value, (list, Mapping)) and not value:
        return None
    return value if value != "" else None
