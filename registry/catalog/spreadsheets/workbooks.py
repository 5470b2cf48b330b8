"""Reads XLSX without trusting it: bounded in size, entities refused, formulas never run."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from defusedxml import DefusedXmlException
from openpyxl import load_workbook

from registry.catalog.spreadsheets.tables import (
    FILE,
    MOST_COLUMNS,
    TableRow,
    Take,
    bounded,
    cell_text,
    trimmed,
)
from registry.errors import Invalid
from registry.messages import Message

_T = TypeVar("_T")

_LARGEST_UNZIPPED = 128 * 1024 * 1024
_MOST_PARTS = 2_000
_MOST_SHEETS = 20
# The last row that a sheet can have; a file that claims more is not one of Excel's.
_LAST_ROW = 1_048_576

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(content: bytes) -> bool:
    """Whether ``content`` starts like a file of Excel, old or new."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_workbook(content: bytes, take: Take[_T]) -> list[_T]:
    """Return what ``take`` makes of the rows of each sheet, which it is given one at a time.

    ``Invalid`` names what keeps the file from being read.
    """
    refuse_other_files(content)
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that it leaves out; none holds a fact.
        warnings.simplefilter("ignore")
        with _understandable():
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [
                take("xlsx", sheet.title, bounded(_rows(sheet)))
                for sheet in book.worksheets[:_MOST_SHEETS]
            ]
        finally:
            book.close()


@contextmanager
def _understandable() -> Iterator[None]:
    """Raise ``Invalid`` for whatever openpyxl stumbles over in a damaged file."""
    try:
        yield
    except (Invalid, GeneratorExit):
        raise
    except Exception as error:
        if isinstance(error.__cause__ or error, DefusedXmlException):
            raise Invalid.one(
                FILE, Message("The file declares XML entities and is refused.")
            ) from None
        raise Invalid.one(
            FILE, Message("This is not an Excel file that can be read; it may be damaged.")
        ) from None


def _rows(sheet: Any) -> Iterator[TableRow]:
    with _understandable():
        yield from _read(sheet)


def _read(sheet: Any) -> Iterator[TableRow]:
    # How far a sheet goes is what its rows say, not what its head claims.
    sheet.reset_dimensions()
    # One column more than is taken shows that there are too many.
    cells_of_rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
    for number, values in enumerate(cells_of_rows, start=1):
        if number > _LAST_ROW:
            raise Invalid.one(FILE, Message("The file numbers its rows as no spreadsheet does."))
        cells = trimmed([cell_text(value) for value in values])
        if cells:
            yield TableRow(number, cells)


def refuse_other_files(content: bytes) -> int:
    """Raise ``Invalid`` for what is no workbook to be read; return how far it unpacks, in bytes."""
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Invalid.one(
                FILE, Message("The file is protected by a password; save it without one.")
            )
        raise Invalid.one(FILE, Message("This is an old Excel file (.xls); save it as .xlsx."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Invalid.one(
            FILE, Message("This is not an Excel file that can be read; it may be damaged.")
        ) from None
    # A part never unpacks to more than it declares: Python's reader stops there.
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _LARGEST_UNZIPPED:
        raise Invalid.one(
            FILE,
            Message("The file unpacks to more than {most} MB.", most=_LARGEST_UNZIPPED // 1024**2),
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid.one(
            FILE, Message("The file is protected by a password; save it without one.")
        )
    return unpacked
