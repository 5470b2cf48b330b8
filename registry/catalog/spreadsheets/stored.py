"""Sheets of a long file, read once and kept row by row.

A workbook of tens of thousands of rows takes most of a minute to read. What was read is
kept as JSON Lines, one file a sheet, so that looking at its first rows reads no others.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, overload

from registry.catalog.spreadsheets.rows import each_sheet
from registry.catalog.spreadsheets.tables import Table, TableRow
from registry.storage import FileStore

_TOLD_EVERY = 1_000


class StoredRows(Sequence[TableRow]):
    """The rows of a stored sheet; each use reads them from the file anew."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[TableRow]:
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                number, cells = json.loads(line)
                yield TableRow(number, cells)

    @overload
    def __getitem__(self, index: int) -> TableRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TableRow]: ...

    def __getitem__(self, index: int | slice) -> TableRow | Sequence[TableRow]:
        if isinstance(index, slice):
            return list(islice(self, *index.indices(self._count)))
        place = index if index >= 0 else self._count + index
        found = next(islice(self, place, None), None) if place >= 0 else None
        if found is None:
            raise IndexError(index)
        return found


def store_sheets(
    files: FileStore, content_hash: str, progress: Callable[[int], object]
) -> list[dict[str, Any]]:
    """Read the stored file and keep its sheets; return what ``stored_sheets`` takes.

    ``progress`` is called with the number of rows read since the last call. ``Invalid``
    names what keeps the file from being read.
    """

    def keep(form: str, name: str, rows: Iterable[TableRow]) -> dict[str, Any]:
        stored, count = _kept(files, rows, progress)
        return {"form": form, "name": name, "content": stored, "rows": count}

    return [sheet for sheet in each_sheet(files.get(content_hash), keep) if sheet["rows"]]


def stored_sheets(files: FileStore, sheets: Sequence[Mapping[str, Any]]) -> list[Table]:
    """Return the sheets that ``store_sheets`` kept."""
    return [
        Table(sheet["form"], sheet["name"], StoredRows(files.path(sheet["content"]), sheet["rows"]))
        for sheet in sheets
    ]


def _kept(
    files: FileStore, rows: Iterable[TableRow], progress: Callable[[int], object]
) -> tuple[str, int]:
    """Write rows to the store, one at a time; return the file's name and their number."""
    digest = hashlib.sha256()
    count = 0
    files.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=files.folder, prefix=".part-", delete=False) as file:
        path = Path(file.name)
        try:
            for count, row in enumerate(rows, start=1):
                line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
                digest.update(line)
                file.write(line)
                if count % _TOLD_EVERY == 0:
                    progress(_TOLD_EVERY)
        except BaseException:
            path.unlink()
            raise
    files.take(path, digest.hexdigest())
    return digest.hexdigest(), count
