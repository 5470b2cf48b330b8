"""Reads reports from a spreadsheet: a row for each result, put together by report number."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from registry.assessment.intake.columns import BY_HEADING, RESULTS, ReportColumn
from registry.catalog.spreadsheets.cells import Terms, Unread, read_cell, split_values
from registry.catalog.spreadsheets.columns import plain_words
from registry.catalog.spreadsheets.rows import read_tables
from registry.catalog.spreadsheets.tables import FILE, Table
from registry.errors import Invalid
from registry.messages import Message

MOST_ROWS = 10_000
MOST_REPORTS = 500

_HEADING_ROWS = 20
_NEEDED = {"number", "results.characteristic"}
_YES = {"co", "yes", "x", "1", "true", "dung"}
_NO = {"khong", "no", "0", "false", "sai"}

# A comma before three digits may part thousands; what it parts is never guessed at.
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_POINTS_AND_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_COMMAS_AND_POINT = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+")


class Place(NamedTuple):
    """A cell: sheet, row from 1 on, heading of its column, and what stands in it."""

    sheet: str
    row: int
    column: str
    value: str


@dataclass
class ReadReport:
    """A report as its rows have it; ``places`` are the cells by the path of the field."""

    content: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    row: int = 0
    sheet: str = ""


def read_reports(content: bytes, terms: Terms) -> list[ReadReport]:
    """Return the reports of a CSV or XLSX file in the order of their first rows.

    What cannot be read is kept as it is written, with its reason in ``faults``. Raises
    ``Invalid`` on "file" when there is no row of headings, no row below, or too many.
    """
    for table in read_tables(content):
        found = _headings(table)
        if found is not None:
            start, filled = found
            reports = _grouped(table, start, filled, terms)
            if not reports:
                raise Invalid.one(FILE, Message("The file has headings and no rows below them."))
            return reports
    raise Invalid.one(
        FILE,
        Message("No row of the file holds the headings of the template: number, characteristic."),
    )


def _headings(table: Table) -> tuple[int, dict[int, ReportColumn]] | None:
    for place, row in enumerate(table.rows[:_HEADING_ROWS]):
        filled: dict[int, ReportColumn] = {}
        for number, text in enumerate(row.cells):
            column = BY_HEADING.get(plain_words(text))
            if column is not None and column not in filled.values():
                filled[number] = column
        if {column.path for column in filled.values()} >= _NEEDED:
            return place + 1, filled
    return None


def _grouped(
    table: Table, start: int, filled: Mapping[int, ReportColumn], terms: Terms
) -> list[ReadReport]:
    rows = table.rows[start:]
    if len(rows) > MOST_ROWS:
        raise Invalid.one(
            FILE, Message("The file has more than {most} rows.", most=f"{MOST_ROWS:,}")
        )
    numbers = next(place for place, column in filled.items() if column.path == "number")
    reports: dict[str, ReadReport] = {}
    number = ""
    for row in rows:
        cells = {
            place: row.cells[place]
            for place in filled
            if place < len(row.cells) and row.cells[place]
        }
        if not cells:
            continue
        number = cells.get(numbers, number)
        report = reports.setdefault(number, ReadReport(row=row.number, sheet=table.name))
        if len(reports) > MOST_REPORTS:
            raise Invalid.one(
                FILE, Message("The file has more than {most} reports.", most=MOST_REPORTS)
            )
        _Row(table.name, row.number, report, terms).read(
            {filled[place]: text for place, text in cells.items()}
        )
    return list(reports.values())


class _Row:
    """One row being added to its report."""

    def __init__(self, sheet: str, number: int, report: ReadReport, terms: Terms) -> None:
        self.sheet = sheet
        self.number = number
        self.report = report
        self.terms = terms

    def read(self, cells: Mapping[ReportColumn, str]) -> None:
        """Add what the cells say."""
        results = self.report.content.setdefault("results", [])
        result: dict[str, Any] = {}
        for column, text in cells.items():
            path = f"{RESULTS}{len(results)}.{column.field}" if column.of_result else column.path
            value, fault = self._value(column, text)
            if column.of_result:
                result[column.field] = value
            elif path in self.report.places:
                if self.report.places[path].value != text:
                    fault = Message("This differs from the first row of the report.")
                    path = f"{path}@{self.number}"
            else:
                self._put(column.path, value)
            self.report.places[path] = Place(self.sheet, self.number, column.path, text)
            if fault is not None:
                self.report.faults[path] = fault
        if result:
            results.append(result)

    def _value(self, column: ReportColumn, text: str) -> tuple[Any, str | None]:
        try:
            return _read(column, text, self.terms), None
        except Unread as error:
            return text[:200], error.reason

    def _put(self, path: str, value: Any) -> None:
        name, _, part = path.partition(".")
        if part:
            self.report.content.setdefault(name, {})[part] = value
        else:
            self.report.content[name] = value


def _read(column: ReportColumn, text: str, terms: Terms) -> Any:
    if column.kind == "measure":
        return _number(str(read_cell(_LINE, text, terms)))
    if column.kind == "flag":
        return _flag(text)
    if column.kind == "letters":
        return list(_letters(text))
    return read_cell(column.as_column(), text, terms)


def _number(text: str) -> str:
    """Return a number with a decimal point, from the marks of Vietnam or of English."""
    plain = text.replace(" ", "").replace("\u2212", "-")
    if _UNCLEAR.fullmatch(plain):
        raise Unread(Message("Is the comma a decimal mark? Write the number with a decimal point."))
    if _DECIMAL_COMMA.fullmatch(plain):
        return plain.replace(",", ".")
    if _POINTS_AND_COMMA.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    if _COMMAS_AND_POINT.fullmatch(plain):
        return plain.replace(",", "")
    return plain


def _flag(text: str) -> bool:
    word = plain_words(text)
    if word not in _YES | _NO:
        raise Unread(Message("Yes or no is needed here."))
    return word in _YES


def _letters(text: str) -> Iterator[str]:
    for value in split_values(text):
        yield from (letter.strip().lower() for letter in value.split(",") if letter.strip())


_LINE = ReportColumn("", "", "").as_column()
