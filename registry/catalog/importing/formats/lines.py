"""Reads JSON Lines files, line by line."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple


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

    Where a gzipped file is damaged, the last row says so.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_row(number, line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Row(number + 1, None, f"the file is damaged from here on: {error}")


def _read_row(number: int, line: str) -> Row:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, None, f"not JSON: {error}", line[:200])
    if not isinstance(content, dict):
        return Row(number, None, "not an object with named fields", line[:200])
    return Row(number, content)
