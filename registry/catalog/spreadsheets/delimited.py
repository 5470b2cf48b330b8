"""Reads CSV as spreadsheet programs write it: any separator, any of the usual encodings."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import TypeVar

from registry.catalog.spreadsheets.tables import (
    FILE,
    TableRow,
    Take,
    bounded,
    cell_text,
    trimmed,
)
from registry.errors import Invalid
from registry.messages import Message

_T = TypeVar("_T")

_SEPARATORS = ";,\t|"
_SAMPLE_ROWS = 40

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Longer cells are refused with their row; the reader itself must get past them.
csv.field_size_limit(64 * 1024 * 1024)


def read_delimited(content: bytes, take: Take[_T]) -> _T:
    """Return what ``take`` makes of the table's rows; see ``read_workbook``."""
    text = _decoded(content)
    separator, text = _separator(text)
    try:
        return take("csv", "", bounded(_rows(text, separator)))
    except csv.Error as error:
        raise Invalid.one(
            FILE, Message("This is not a CSV file that can be read: {error}", error=str(error))
        ) from None


def _rows(text: str, separator: str) -> Iterator[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for number, raw in enumerate(reader, start=1):
        cells = trimmed([cell_text(cell) for cell in raw])
        if cells:
            yield TableRow(number, cells)


def _decoded(content: bytes) -> str:
    """Return the text of a file by its byte order mark, else as UTF-8, else as Windows-1258."""
    marked = (encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark))
    encoding = next(marked, None) or _utf16_without_mark(content)
    # Vietnamese Windows programs of old write combining marks, which NFC puts together.
    for candidate in [encoding] if encoding else ["utf-8", "cp1258"]:
        text = _as(content, candidate)
        if text is not None:
            return text
    raise Invalid.one(
        FILE, Message("The characters of this file cannot be read; save it as UTF-8.")
    )


def _as(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(content: bytes) -> str | None:
    """Tell UTF-16 by the zero bytes that every ASCII character has there."""
    sample = content[:2_000]
    if len(sample) < 4 or sample.count(0) * 4 < len(sample):
        return None
    return "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"


def _separator(text: str) -> tuple[str, str]:
    """Return the separator, and the text without the line in which Excel may name it."""
    first, _, rest = text.partition("\n")
    named = first.strip().strip('"').lower()
    if named.startswith("sep=") and len(named) == 5:
        return named[4], rest
    return max(_SEPARATORS, key=lambda mark: _regularity(text, mark)), text


def _regularity(text: str, separator: str) -> int:
    """Return how many cells the commonest width of the first rows holds; 0 for one column."""
    widths: dict[int, int] = {}
    try:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
        for _, row in zip(range(_SAMPLE_ROWS), reader, strict=False):
            if len(row) > 1:
                widths[len(row)] = widths.get(len(row), 0) + 1
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)
