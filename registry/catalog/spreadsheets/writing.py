"""Writes spreadsheets: CSV line by line, XLSX as a stream that is never whole in memory."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from registry.catalog.spreadsheets.tables import safe_cell

CSV = "csv"
XLSX = "xlsx"

# Spreadsheets take a CSV file for UTF-8 by this mark.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

MEDIA_TYPES = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}

_LONGEST_XLSX_CELL = 32_767
_IN_MEMORY = 2 * 1024 * 1024
_CHUNK = 64 * 1024
_WIDTH = 24
_LAST_ROW_TO_CHOOSE = 10_001


class Sheet(NamedTuple):
    """A sheet to write: its headings stay in sight; a width for each column in characters.

    ``lists`` names for the column of a place, from 0 on, the cells whose values may be
    chosen there, like "'Lists'!$A$2:$A$9". In a sheet ``to_fill`` what is typed stays text,
    so that 12.50 keeps its zero.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()
    lists: Mapping[int, str] = MappingProxyType({})
    to_fill: bool = False


def csv_chunks(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file row by row."""
    yield BYTE_ORDER_MARK + _csv_line(headings)
    for row in rows:
        yield _csv_line(row)


def workbook_chunks(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """Yield an XLSX file in pieces, after all its rows were taken."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place, _ in enumerate(sheet.headings):
            width = sheet.widths[place] if place < len(sheet.widths) else _WIDTH
            dimension = page.column_dimensions[get_column_letter(place + 1)]
            dimension.width = width
            if sheet.to_fill:
                dimension.number_format = "@"
        for place, cells in sheet.lists.items():
            letter = get_column_letter(place + 1)
            choice = DataValidation(type="list", formula1=cells, allow_blank=True)
            choice.add(f"{letter}2:{letter}{_LAST_ROW_TO_CHOOSE}")
            page.data_validations.append(choice)
        page.append([_heading(page, text) for text in sheet.headings])
        for row in sheet.rows:
            page.append([_text(page, value) for value in row])
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def table_chunks(
    form: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """Yield a file of one table as ``form`` has it: "csv" or "xlsx"."""
    if form == XLSX:
        return workbook_chunks([Sheet(title, headings, rows)])
    return csv_chunks(headings, rows)


def _csv_line(cells: Sequence[object]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8", "replace")


def _heading(page: object, text: str) -> WriteOnlyCell:
    cell = _text(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _text(page: object, value: object) -> WriteOnlyCell:
    """Return a cell that is text whatever it starts with; dates stay as they are written."""
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", safe_cell(value))
    cell = WriteOnlyCell(page, text[:_LONGEST_XLSX_CELL])
    cell.data_type = "s"
    return cell
