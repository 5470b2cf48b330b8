"""Uploaded files: told apart, kept by content hash, read again whenever they are worked on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry.catalog.importing.formats import Row, read_file
from registry.catalog.spreadsheets.layouts import Layout, data_rows_start, guess_layout
from registry.catalog.spreadsheets.rows import known_terms, read_rows, read_tables, table_of
from registry.catalog.spreadsheets.tables import FILE, MOST_ROWS, Table, too_many_rows
from registry.catalog.spreadsheets.workbooks import is_workbook
from registry.errors import Invalid
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWorkFactory

JSONL = "jsonl"
_LONGEST_NAME = 150
_GZIP = b"\x1f\x8b"


class Upload(NamedTuple):
    """A file that was stored: how it is read as far as that can be guessed, and its rows."""

    content_hash: str
    filename: str
    form: str
    layout: Layout | None
    rows: int


def store_upload(files: FileStore, filename: str, content: bytes) -> Upload:
    """Read and store an uploaded file; ``Invalid`` names what keeps it from being read."""
    name = _printable(filename)
    if content.startswith(_GZIP):
        raise Invalid.one(FILE, Message("Unpack the file before you upload it."))
    if _is_json_lines(content):
        rows = sum(bool(line.strip()) for line in content.splitlines())
        if rows > MOST_ROWS:
            raise too_many_rows()
        return Upload(files.put(content), name, JSONL, None, rows)
    tables = read_tables(content)
    layout = guess_layout(tables)
    table = table_of(tables, layout)
    rows = count_rows(table, layout)
    if not rows:
        raise Invalid.one(FILE, Message("The file has headings and no rows below them."))
    if rows > MOST_ROWS:
        raise too_many_rows()
    return Upload(files.put(content), name, table.form, layout, rows)


def count_rows(table: Table, layout: Layout) -> int:
    """Return how many rows stand below the headings."""
    start = data_rows_start(table, layout)
    return sum(row.number >= start for row in table.rows)


def stored_tables(files: FileStore, content_hash: str) -> Sequence[Table]:
    """Return the sheets of a stored spreadsheet."""
    return read_tables(files.get(content_hash))


def stored_rows(
    units: UnitOfWorkFactory,
    files: FileStore,
    content_hash: str,
    layout: Layout | None,
    *,
    national: bool,
) -> Iterator[Row]:
    """Return the rows of a stored file as the import takes them; JSON Lines need no layout."""
    if layout is None:
        return read_file(files.path(content_hash))
    table = table_of(stored_tables(files, content_hash), layout)
    with units.reading() as session:
        terms = known_terms(session)
    return read_rows(table, layout, terms, national=national)


def layout_of(data: Mapping[str, Any]) -> Layout | None:
    """Return the layout that a job keeps; ``None`` for JSON Lines, which need none."""
    return Layout.from_json(data) if data else None


def _is_json_lines(content: bytes) -> bool:
    return not is_workbook(content) and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _printable(filename: str) -> str:
    name = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in name if char.isprintable()).strip()
    return kept[-_LONGEST_NAME:] or "-"
