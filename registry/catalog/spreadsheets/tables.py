"""Tables of text: what a spreadsheet is after reading, whatever program wrote it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from registry.errors import Invalid
from registry.messages import Message

_T = TypeVar("_T")

MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000

# Titles and headings stand above the rows that are counted.
_MOST_HEADINGS = 50

FILE = "file"

# A cell that starts with one of these would be run as a formula by a spreadsheet.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MASKED = re.compile(r"'(?='*[=+\-@\t\r])")

# Blanks that people paste from word processors, and marks that nobody sees.
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u3000"), " ") | dict.fromkeys(
    map(ord, "\u200b\ufeff\u00ad")
)


class TableRow(NamedTuple):
    """A row that is not blank: its number in the file from 1 on, and its cells as text."""

    number: int
    cells: Sequence[str]


class Table(NamedTuple):
    """One sheet of a file; ``form`` is "csv" or "xlsx"."""

    form: str
    name: str
    rows: Sequence[TableRow]


# What is made of a sheet while it is read: called with form, name and rows.
Take = Callable[[str, str, Iterator[TableRow]], _T]


def bounded(rows: Iterable[TableRow]) -> Iterator[TableRow]:
    """Yield ``rows``; ``Invalid`` when they are more, or wider, than is taken at once."""
    for taken, row in enumerate(rows):
        if len(row.cells) > MOST_COLUMNS:
            raise Invalid.one(
                FILE,
                Message(
                    "Row {number} has more than {most} columns.",
                    number=row.number,
                    most=MOST_COLUMNS,
                ),
            )
        if taken == MOST_ROWS + _MOST_HEADINGS:
            raise too_many_rows()
        yield row


def too_many_rows() -> Invalid:
    """Return what is said of a file with more rows than are taken at once."""
    return Invalid.one(FILE, Message("The file has more than {most} rows.", most=f"{MOST_ROWS:,}"))


def cell_text(value: object) -> str:
    """Return a cell as text in NFC: dates as ISO 8601, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _tidied(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _tidied(text: str) -> str:
    if len(text) > LONGEST_CELL:
        # Too long whatever it is; its start tells the reader which cell is meant.
        return text[: LONGEST_CELL + 1]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_BLANKS)
    text = _MASKED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"), count=1)
    return text.strip()


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return ``cells`` without the blank ones at the end."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return list(cells[:end])


def safe_cell(value: object) -> str:
    """Return ``value`` as a cell that no spreadsheet takes for a formula; reading undoes it."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text
