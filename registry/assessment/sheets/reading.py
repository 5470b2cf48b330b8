"""Reads a file of rows about one thing: a spreadsheet by its headings, or JSON by its names.

What a cell says is read the same way wherever it stands, so that a file may be mended
in one form and sent in another.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from registry.catalog.spreadsheets.cells import Terms, Unread, read_cell
from registry.catalog.spreadsheets.columns import Column, plain_words
from registry.catalog.spreadsheets.layouts import Layout, data_rows_start, guess_layout, headings
from registry.catalog.spreadsheets.rows import read_tables, table_of
from registry.catalog.spreadsheets.tables import FILE, cell_text
from registry.catalog.spreadsheets.workbooks import is_workbook
from registry.errors import Invalid
from registry.messages import Message

MOST_ROWS = 5_000

JSON = "json"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number, its cells as text, what they say, and which cannot be read."""

    number: int
    cells: Sequence[str]
    content: Mapping[str, Any]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the file: its letter, its heading, and the field it fills ("" for none)."""

    letter: str
    heading: str
    path: str


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A file that was read: "xlsx", "csv" or "json", its columns and its rows."""

    form: str
    columns: Sequence[SheetColumn]
    rows: Sequence[SheetRow] = field(default_factory=list)

    def place_of(self, path: str) -> int | None:
        """Return the place of the column that fills ``path`` or the field that it is part of."""
        whole = path.partition(".")[0]
        places = [n for n, column in enumerate(self.columns) if column.path in (path, whole)]
        return places[0] if places and path else None


def read_sheet(
    content: bytes, among: Mapping[str, Column], required: Sequence[str], terms: Terms
) -> SheetTable:
    """Return the rows of a file; ``Invalid`` on "file" says what keeps it from being read.

    ``required`` are the fields without which the file cannot be of this kind.
    """
    table = (
        _json_table(content, among, terms)
        if _is_json(content)
        else _spreadsheet(content, among, required[0], terms)
    )
    missing = [among[path] for path in required if table.place_of(path) is None]
    if missing:
        names = ", ".join(f"{c.labels['vi']} / {c.labels['en']}" for c in missing)
        raise Invalid.one(FILE, Message("No column of the file is headed: {names}.", names=names))
    if not table.rows:
        raise Invalid.one(FILE, Message("The file has headings and no rows below them."))
    if len(table.rows) > MOST_ROWS:
        raise Invalid.one(
            FILE, Message("The file has more than {most} rows.", most=f"{MOST_ROWS:,}")
        )
    return table


def _spreadsheet(
    content: bytes, among: Mapping[str, Column], anchor: str, terms: Terms
) -> SheetTable:
    tables = read_tables(content)
    layout = guess_layout(tables, among, anchor)
    table = table_of(tables, layout)
    names = headings(table, layout)
    paths = [*layout.paths, *[""] * (len(names) - len(layout.paths))]
    columns = [
        SheetColumn(get_column_letter(place + 1), name, paths[place])
        for place, name in enumerate(names)
    ]
    start = data_rows_start(table, layout)
    rows = [
        _row(row.number, row.cells, layout, among, terms)
        for row in table.rows
        if row.number >= start
    ]
    return SheetTable(table.form, columns, rows)


def _row(
    number: int,
    cells: Sequence[str],
    layout: Layout,
    among: Mapping[str, Column],
    terms: Terms,
) -> SheetRow:
    content: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for path, text in zip(layout.paths, cells, strict=False):
        if path and text:
            try:
                content[path] = read_cell(among[path], text, terms)
            except Unread as unread:
                faults[path] = unread.reason
    return SheetRow(number, cells, content, faults)


def _is_json(content: bytes) -> bool:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"{", b"[") and not is_workbook(content)


def _json_table(content: bytes, among: Mapping[str, Column], terms: Terms) -> SheetTable:
    items = list(_json_items(content))
    known = {plain_words(path): path for path in among}
    names = list(dict.fromkeys(name for item in items for name in item))
    paths = [known.get(plain_words(name), "") for name in names]
    layout = Layout("", 0, 0, tuple(paths))
    rows = [
        _row(number, [_json_cell(item.get(name)) for name in names], layout, among, terms)
        for number, item in enumerate(items, start=1)
    ]
    return SheetTable(
        JSON, [SheetColumn("", n, p) for n, p in zip(names, paths, strict=True)], rows
    )


def _json_items(content: bytes) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON list, of the list "lines" of an object, or of JSON Lines."""
    try:
        text = content.decode("utf-8-sig")
        try:
            said = json.loads(text)
        except ValueError:
            said = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise Invalid.one(FILE, Message("This is not JSON that can be read.")) from None
    items = said if isinstance(said, list) else said.get("lines", [said])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid.one(FILE, Message("A list of objects with named fields is needed here."))
    yield from items


def _json_cell(value: Any) -> str:
    return cell_text("; ".join(map(str, value)) if isinstance(value, list) else value)
