"""Import of a followed catalogue, beside reading the same file into one bare table."""

import sqlite3
import time
from pathlib import Path

from bench.process import registry_command
from bench.report import heading, table
from registry.catalog.importing.formats import read_rows

_BATCH = 1_000


def run(data: Path, folder: Path) -> Path:
    """Import ``data`` twice into a new registry; return the registry's folder."""
    registry_folder = folder / "registry"
    registry_command(registry_folder, ["init"])
    rows = sum(1 for _ in read_rows(data))
    heading(f"Import of {rows:,} rows from {data.name} (SQLite, validated and journalled)")
    first = registry_command(registry_folder, ["import", str(data)], show=True)
    second = registry_command(registry_folder, ["import", str(data)], show=True)
    bare = _bare_insert(data, folder)
    table(
        ("", "seconds", "cpu s", "rows/s", "peak MB", "beside bare insert"),
        [
            (
                "first import",
                first.wall,
                first.cpu,
                round(rows / first.wall),
                first.peak_mb,
                first.wall / bare,
            ),
            (
                "second import",
                second.wall,
                second.cpu,
                round(rows / second.wall),
                second.peak_mb,
                second.wall / bare,
            ),
            ("bare insert", bare, bare, round(rows / bare), 0.0, 1.0),
        ],
    )
    print(f"second import / first import: {second.wall / first.wall:.2f}")
    return registry_folder


def _bare_insert(data: Path, folder: Path) -> float:
    """Read the file and insert each line into a table of two columns, nothing else."""
    started = time.perf_counter()
    database = sqlite3.connect(folder / "bare.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, content TEXT)")
    batch: list[tuple[int, str]] = []
    for row in read_rows(data):
        batch.append((row.number, str(row.content)))
        if len(batch) == _BATCH:
            _insert(database, batch)
    _insert(database, batch)
    database.close()
    return time.perf_counter() - started


def _insert(database: sqlite3.Connection, batch: list[tuple[int, str]]) -> None:
    with database:
        database.executemany("INSERT INTO row VALUES (?, ?)", batch)
    batch.clear()
