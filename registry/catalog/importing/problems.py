"""The bad rows of an import: kept as a file, listed by cell, given back as a spreadsheet."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from registry.catalog.importing.service import BadRow
from registry.catalog.importing.uploads import layout_of, stored_tables
from registry.catalog.models import ImportJob
from registry.catalog.spreadsheets.columns import EDITIONS, columns
from registry.catalog.spreadsheets.layouts import Layout, headings
from registry.catalog.spreadsheets.rows import data_rows, table_of
from registry.catalog.spreadsheets.writing import table_chunks
from registry.messages import Message, as_data
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
        reason = as_data(bad.reason)
        place = _place(bad.column, layout) if layout else None
        lines.append([bad.number, place, bad.column, bad.value, *reason.values()])
    # Row by row, and in a row from left to right.
    lines.sort(key=lambda line: (line[0], -1 if line[1] is None else line[1]))
    return files.put("\n".join(map(_line, lines)).encode())


def read_problems(files: FileStore, name: str | None) -> Iterator[Problem]:
    """Yield what ``store_problems`` stored, by row."""
    if name is None:
        return
    for line in files.get(name).decode().splitlines():
        row, place, path, value, pattern, parameters = json.loads(line)
        yield Problem(row, place, path, value, Message(pattern, **parameters))


def column_name(problem: Problem, layout: Layout | None, language: str) -> str:
    """Return what a reader calls the field that is wrong; its path where rows have no columns."""
    path = problem.path
    if layout is not None and problem.place is not None:
        path = layout.paths[problem.place]
    column = columns(layout.of if layout else EDITIONS).get(path)
    return column.labels[language] if column and layout is not None else path


def bad_rows_file(
    files: FileStore,
    job: ImportJob,
    reason_heading: str,
    translate: Callable[[str], str],
    language: str,
) -> Iterator[bytes]:
    """Yield the bad rows of an import as a file of the same form, each with its reasons.

    Mended there it can be uploaded again: the column of reasons is left out then.
    """
    layout = layout_of(job.layout)
    reasons: dict[int, list[str]] = {}
    for problem in read_problems(files, job.problems):
        name, said = column_name(problem, layout, language), translate(problem.reason)
        reasons.setdefault(problem.row, []).append(f"{name}: {said}" if name else said)
    if layout is None:
        lines = files.get(job.content_hash).decode("utf-8-sig", "replace").splitlines()
        return (_reasoned(lines[number - 1], said) for number, said in reasons.items())
    table = table_of(stored_tables(files, job.content_hash, job.layout), layout)
    names = headings(table, layout)
    rows = (
        [*row.cells, *[""] * (len(names) - len(row.cells)), " ".join(reasons[row.number])]
        for row in data_rows(table, layout)
        if row.number in reasons
    )
    return table_chunks(job.form, table.name or reason_heading, [*names, reason_heading], rows)


def _reasoned(line: str, reasons: Sequence[str]) -> bytes:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        content = {"line": line}
    return json.dumps({**content, "reason": " ".join(reasons)}).encode() + b"\n"


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
            if filled and columns(layout.of)[filled].kind in _RELATION_KINDS:
                return place
    return None
