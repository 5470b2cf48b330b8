"""The bad rows of an import: kept as a file, listed by cell, given back as a spreadsheet."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from registry.catalog.importing.service import BadRow
from registry.catalog.spreadsheets.columns import columns
from registry.catalog.spreadsheets.layouts import Layout
from registry.messages import Message
from registry.storage import FileStore

_RELATION_KINDS = ("targets", "relations", "degree")


class Problem(NamedTuple):
    """What is wrong with a cell; ``place`` is that of its column, ``None`` for the whole row.

    ``path`` is the field that the cell fills.
    """

    row: int
    place: int | None
    path: str
    value: str
    reason: str


def store_problems(files: FileStore, bad_rows: Sequence[BadRow], layout: Layout | None) -> str:
    """Store what is wrong with the rows of a file; return the name of what was stored."""
    lines = []
    for bad in bad_rows:
        reason = bad.reason
        parameters = reason.parameters if isinstance(reason, Message) else {}
        pattern = reason.pattern if isinstance(reason, Message) else reason
        place = _place(bad.column, layout) if layout else None
        lines.append([bad.number, place, bad.column, bad.value, pattern, parameters])
    return files.put("\n".join(map(_line, lines)).encode())


def read_problems(files: FileStore, name: str | None) -> Iterator[Problem]:
    """Yield what ``store_problems`` stored, by row."""
    if name is None:
        return
    for line in files.get(name).decode().splitlines():
        row, place, path, value, pattern, parameters = json.loads(line)
        yield Problem(row, place, path, value, Message(pattern, **parameters))


def _line(problem: Sequence[Any]) -> str:
    # Surrogates that a JSON file may hold are no text that can be stored.
    return json.dumps(problem, default=str)


def _place(path: str, layout: Layout) -> int | None:
    """Return the place of the column that fills the field at ``path`` or part of it."""
    for place, filled in enumerate(layout.paths):
        if filled and (path == filled or path.startswith(f"{filled}.")):
            return place
    parent = path.partition(".")[0]
    for place, filled in enumerate(layout.paths):
        if filled and filled.partition(".")[0] == parent:
            return place
    if parent == "relations":
        for place, filled in enumerate(layout.paths):
            if filled and columns()[filled].kind in _RELATION_KINDS:
                return place
    return None
