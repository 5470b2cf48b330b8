"""Uploaded files: told apart, kept by content hash, read again whenever they are worked on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from registry.catalog.importing.formats import Row, read_file
from registry.catalog.importing.formats.lines import GZIP_MARK
from registry.catalog.spreadsheets.columns import EDITIONS
from registry.catalog.spreadsheets.layouts import Layout, data_rows_start, layout_for
from registry.catalog.spreadsheets.rows import known_terms, read_rows, read_tables, table_of
from registry.catalog.spreadsheets.stored import stored_sheets
from registry.catalog.spreadsheets.tables import FILE, MOST_ROWS, Table, too_many_rows
from registry.catalog.spreadsheets.workbooks import is_workbook, refuse_other_files
from registry.catalog.spreadsheets.writing import CSV, XLSX
from registry.errors import Invalid
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWorkFactory

JSONL = "jsonl"
# Beside what a spreadsheet's rows may be of: a followed catalogue taken over as a whole.
CATALOGUE = "catalogue"
_LONGEST_NAME = 150

# Of a workbook this is read in about two seconds, of a CSV file at once.
_QUICK_BYTES = 1_000_000
_QUICK_UNPACKED = 2_000_000


class Asked(NamedTuple):
    """What whoever sends a file says of it: each column's field, what new editions say else."""

    columns: Sequence[str] | None = None
    defaults: Mapping[str, str] = MappingProxyType({})


NOTHING = Asked()


class Upload(NamedTuple):
    """A file that was stored: how it is read as far as that can be guessed, and its rows.

    ``of`` tells what the rows are of. Of a long spreadsheet neither layout nor rows are
    known before a worker has read it; ``asked`` is what whoever sent it says of both.
    """

    content_hash: str
    filename: str
    form: str
    layout: Layout | None
    rows: int
    of: str = EDITIONS
    asked: Asked = NOTHING

    @property
    def read(self) -> bool:
        """Whether the file needs no worker to tell what is in it."""
        return self.form == JSONL or self.layout is not None


def store_upload(
    files: FileStore, filename: str, content: bytes, of: str = EDITIONS, asked: Asked = NOTHING
) -> Upload:
    """Store an uploaded file, read if that is quick; ``Invalid`` names what keeps it from it."""
    name = _printable(filename)
    if content.startswith(GZIP_MARK):
        raise Invalid.one(FILE, Message("Unpack the file before you upload it."))
    if _is_json_lines(content):
        rows = sum(bool(line.strip()) for line in content.splitlines())
        if rows > MOST_ROWS:
            raise too_many_rows()
        return Upload(files.put(content), name, JSONL, None, rows, of)
    if _is_long(content):
        form = XLSX if is_workbook(content) else CSV
        return Upload(files.put(content), name, form, None, 0, of, asked)
    layout, rows = understood(read_tables(content), of, asked)
    form = XLSX if is_workbook(content) else CSV
    return Upload(files.put(content), name, form, layout, rows, of, asked)


def store_catalogue(files: FileStore, filename: str, content: bytes) -> Upload:
    """Store the file of a whole followed catalogue, JSON Lines packed or not."""
    if not content.startswith(GZIP_MARK) and not _is_json_lines(content):
        raise Invalid.one(FILE, Message("Send the catalogue as JSON Lines, packed or not."))
    return Upload(files.put(content), _printable(filename), JSONL, None, 0, CATALOGUE)


def understood(tables: Sequence[Table], of: str, asked: Asked) -> tuple[Layout, int]:
    """Return how the tables of a file are read and how many rows are to be taken from them."""
    layout = layout_for(tables, of)
    if asked.columns is not None:
        width = len(layout.paths)
        paths = [path.strip() for path in asked.columns][:width]
        layout = replace(layout, paths=(*paths, *[""] * (width - len(paths))))
    layout = replace(layout, defaults=dict(asked.defaults))
    rows = count_rows(table_of(tables, layout), layout)
    if not rows:
        raise Invalid.one(FILE, Message("The file has headings and no rows below them."))
    if rows > MOST_ROWS:
        raise too_many_rows()
    return layout, rows


def count_rows(table: Table, layout: Layout) -> int:
    """Return how many rows stand below the headings."""
    start = data_rows_start(table, layout)
    return sum(row.number >= start for row in table.rows)


def stored_tables(files: FileStore, content_hash: str, said: Mapping[str, Any]) -> Sequence[Table]:
    """Return the sheets of a stored spreadsheet; ``said`` is what its job keeps of it."""
    if "sheets" in said:
        return stored_sheets(files, said["sheets"])
    return read_tables(files.get(content_hash))


def stored_rows(
    units: UnitOfWorkFactory,
    files: FileStore,
    content_hash: str,
    said: Mapping[str, Any],
    *,
    national: bool,
) -> Iterator[Row]:
    """Return the rows of a stored file as the import takes them; JSON Lines need no layout."""
    layout = layout_of(said)
    if layout is None:
        return read_file(files.path(content_hash))
    table = table_of(stored_tables(files, content_hash, said), layout)
    with units.reading() as session:
        terms = known_terms(session)
    return read_rows(table, layout, terms, national=national)


def layout_of(said: Mapping[str, Any]) -> Layout | None:
    """Return the layout that a job keeps; ``None`` for JSON Lines and what is not read yet."""
    return Layout.from_json(said) if "paths" in said else None


def rows_of(said: Mapping[str, Any]) -> str:
    """Return what the rows of a job are of."""
    return str(said.get("of", EDITIONS))


def asked_of(said: Mapping[str, Any]) -> Asked:
    """Return what whoever sent the file of a job said of its columns."""
    asked = said.get("asked", {})
    return Asked(asked.get("columns"), asked.get("defaults", {}))


def _is_long(content: bytes) -> bool:
    """Whether reading a spreadsheet takes longer than its visitor should wait."""
    if is_workbook(content):
        return refuse_other_files(content) > _QUICK_UNPACKED or len(content) > _QUICK_BYTES
    return len(content) > _QUICK_BYTES


def _is_json_lines(content: bytes) -> bool:
    return not is_workbook(content) and content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _printable(filename: str) -> str:
    name = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in name if char.isprintable()).strip()
    return kept[-_LONGEST_NAME:] or "-"
