"""Turns the rows of a table into rows that the import takes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from registry.catalog.importing.formats import Row
from registry.catalog.spreadsheets.cells import Terms, Unread, find_term, read_cell
from registry.catalog.spreadsheets.columns import EDITIONS, Column, columns, plain_words
from registry.catalog.spreadsheets.delimited import read_delimited
from registry.catalog.spreadsheets.layouts import Layout, data_rows_start
from registry.catalog.spreadsheets.tables import FILE, Table, TableRow, Take
from registry.catalog.spreadsheets.workbooks import is_workbook, read_workbook
from registry.errors import Invalid
from registry.messages import Message
from registry.vocabulary.queries import all_labels

_T = TypeVar("_T")


def read_tables(content: bytes) -> list[Table]:
    """Return the sheets of an XLSX or CSV file that hold something; errors of ``each_sheet``."""
    tables = each_sheet(content, lambda form, name, rows: Table(form, name, list(rows)))
    return [table for table in tables if table.rows]


def each_sheet(content: bytes, take: Take[_T]) -> list[_T]:
    """Return what ``take`` makes of each sheet of an XLSX or CSV file while it is read.

    ``Invalid`` names what cannot be read.
    """
    if not content.strip():
        raise Invalid.one(FILE, Message("The file is empty."))
    if content.startswith(b"%PDF-"):
        raise Invalid.one(FILE, Message("This is a PDF file; send the list as CSV or XLSX."))
    if is_workbook(content):
        return read_workbook(content, take)
    return [read_delimited(content, take)]


def table_of(tables: Sequence[Table], layout: Layout) -> Table:
    """Return the sheet that ``layout`` is of; ``Invalid`` when the file has no such sheet."""
    for table in tables:
        if table.name == layout.sheet:
            return table
    raise Invalid.one("sheet", Message("The file has no sheet of that name."))


def known_terms(session: Session) -> Terms:
    """Return the keys of every vocabulary by what their terms are called."""
    terms: dict[str, dict[str, str]] = {}
    for (vocabulary, key), labels in all_labels(session).items():
        names = terms.setdefault(vocabulary, {})
        for text in (key, *labels.values()):
            names[plain_words(text)] = key
    return terms


def data_rows(table: Table, layout: Layout) -> Iterator[TableRow]:
    """Yield the rows below the headings."""
    start = data_rows_start(table, layout)
    return (row for row in table.rows if row.number >= start)


def read_rows(table: Table, layout: Layout, terms: Terms, *, national: bool) -> Iterator[Row]:
    """Yield the rows of ``table`` as the registry's own format has them, with their faults.

    What is blank is not given. ``national`` rows name bodies of this country only.
    """
    among = columns(layout.of)
    filled = [(place, among[path]) for place, path in enumerate(layout.paths) if path]
    for row in data_rows(table, layout):
        yield _Reading(terms, national, layout.of).row(row, filled)


class _Reading:
    """One row being read."""

    def __init__(self, terms: Terms, national: bool, of: str) -> None:
        self.terms = terms
        self.of = of
        self.national = national
        self.content: dict[str, Any] = {}
        self.faults: dict[str, str] = {}
        self.relations: list[dict[str, Any]] = []

    def row(self, row: TableRow, filled: Sequence[tuple[int, Column]]) -> Row:
        """Return the row with what its cells say."""
        degree: str | None = None
        for place, column in filled:
            text = row.cells[place] if place < len(row.cells) else ""
            if not text:
                continue
            try:
                value = read_cell(column, text, self.terms)
                self._check_body(column, value)
            except Unread as error:
                self.faults[column.path] = error.reason
                value = text[:200]
            if column.kind == "degree":
                degree = value
            elif column.kind in ("targets", "relations") and column.path not in self.faults:
                self.relations += value
            else:
                self._put(column.path, value)
        self._finish(degree)
        return Row(row.number, self.content, faults=self.faults)

    def _check_body(self, column: Column, value: Any) -> None:
        known = self.terms.get(column.vocabulary or "", {}).values()
        if column.kind == "body" and self.national and value not in known:
            raise Unread(
                Message("“{text}” is not in the list of allowed values.", text=str(value)[:60])
            )

    def _put(self, path: str, value: Any) -> None:
        name, _, part = path.partition(".")
        if part or isinstance(value, Mapping):
            whole = self.content.setdefault(name, {})
            whole.update({part: value} if part else value)
        else:
            self.content[name] = value

    def _finish(self, degree: str | None) -> None:
        for relation in self.relations:
            if degree and relation["type"] == "adopts":
                relation.setdefault("degree", degree)
        if self.relations:
            self.content["relations"] = self.relations
        designation = str(self.content.get("designation", ""))
        if self.of == EDITIONS and "kind" not in self.content and designation:
            kind = find_term("document-kind", designation.split(maxsplit=1)[0], self.terms)
            if kind is not None:
                self.content["kind"] = kind
