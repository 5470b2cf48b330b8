"""Reads JSON Lines files, line by line."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TextIO, cast

GZIP_MARK = b"\x1f\x8b"
# A packed file may unpack to one endless line; no record is nearly as long.
_LONGEST_LINE = 4 * 1024 * 1024


class Row(NamedTuple):
    """One line of a file: its number from 1 on, and what it holds or why it cannot be read.

    ``faults`` says what is wrong with single fields, by their dotted paths, where the
    reader of the file knows it better than the schema that every row is loaded by.
    """

    number: int
    content: Mapping[str, Any] | None
    problem: str | None = None
    raw: str = ""
    faults: Mapping[str, str] = MappingProxyType({})


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the lines of a JSON Lines file, gzipped or not; blank lines are passed over.

    Where a gzipped file is damaged, or a line longer than any record, the last row says so.
    """
    number = 0
    try:
        with _opened(path) as lines:
            while line := lines.readline(_LONGEST_LINE + 1):
                number += 1
                if len(line) > _LONGEST_LINE:
                    yield Row(number, None, "the line is too long to be a record", line[:200])
                    return
                if line.strip():
                    yield _read_row(number, line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Row(number + 1, None, f"the file is damaged from here on: {error}")


def _opened(path: Path) -> TextIO:
    with path.open("rb") as file:
        packed = file.read(len(GZIP_MARK)) == GZIP_MARK
    opener = gzip.open if packed else open
    return cast(TextIO, opener(path, "rt", encoding="utf-8", errors="replace"))


def _read_row(number: int, line: str) -> Row:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, None, f"not JSON: {error}", line[:200])
    if not isinstance(content, dict):
        return Row(number, None, "not an object with named fields", line[:200])
    return Row(number, content)
