"""The search engine beside two plain references: Whoosh as its manual shows it, SQLite FTS5.

All three index the same words of the same records, answer the same queries with the
same facets, and give the first 20 hits and the total. Each function builds its index in
an empty folder and returns ``Timings``; ``table`` prints several of them.
"""

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.analysis.filters import CharsetFilter, LowercaseFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser.default import MultifieldParser
from whoosh.sorting import FieldFacet
from whoosh.support.charset import accent_map

from registry.search.engine import SearchRecord, SearchRequest
from registry.search.whoosh_engine import open_engine

FACETS = ("domain", "kind", "status", "body")
HITS = 20

# From a rare word to the most common ones, designations in several spellings, phrases
# of Vietnamese with and without diacritics, and scripts without spaces.
QUERIES = (
    "holography",
    "blockchain",
    "camera giám sát",
    "camera giam sat",
    "trí tuệ nhân tạo",
    "an toàn thông tin",
    "qcvn 135",
    "QCVN 135:2024/BTTTT",
    "TCVN ISO/IEC 27002",
    "27002",
    "iso 9001",
    "ISO 1",
    "EN 303 645",
    "rfc 9110",
    "x.509",
    "iec 62443-4-2",
    "smart city",
    "artificial intelligence",
    "data quality part 2",
    "machine learning",
    "internet of things security",
    "information security management systems",
    "cloud computing vocabulary",
    "quality management",
    "sécurité de l'information",
    "情報技術",
    "determination of water content",
    "test methods",
    "electrical safety requirements",
    "information technology",
    "specification",
    "requirements",
    "general requirements",
    "systems",
    "part of systems",
    "part of",
    "of",
    "the",
)

Records = Callable[[], Iterable[SearchRecord]]


@dataclass(frozen=True, slots=True)
class Timings:
    """What one engine took: seconds to index, milliseconds for each query.

    ``first`` is the first time a query is asked of a freshly opened index, ``again`` the
    second time; ``totals`` tells how many records each query found.
    """

    name: str
    records: int
    index_seconds: float
    first: tuple[float, ...]
    again: tuple[float, ...]
    totals: tuple[int, ...]


def compare(
    records: Records, queries: Sequence[str], folder: Path, at: date
) -> tuple[Timings, ...]:
    """Measure the three engines, one after the other, each in a folder of its own."""
    return tuple(
        engine(records(), queries, folder / engine.__name__, at)
        for engine in (registry_search, raw_whoosh, sqlite_fts5)
    )


def registry_search(
    records: Iterable[SearchRecord], queries: Sequence[str], folder: Path, at: date
) -> Timings:
    """Measure the registry's engine."""
    counted = _Counted(records)
    seconds = _seconds(lambda: open_engine(folder).rebuild(counted, 1))
    engine = open_engine(folder)
    engine.position()

    def ask(query: str) -> int:
        return engine.search(SearchRequest(query, {}, FACETS, at, HITS)).total

    return _measured("registry", counted.count, seconds, ask, queries)


def raw_whoosh(
    records: Iterable[SearchRecord], queries: Sequence[str], folder: Path, at: date
) -> Timings:
    """Measure Whoosh with text fields, its own scoring and its own facets."""
    folder.mkdir(parents=True)
    analyzer = RegexTokenizer() | LowercaseFilter() | CharsetFilter(accent_map)
    schema = Schema(
        subject=ID(stored=True, unique=True),
        designation=TEXT(analyzer=analyzer),
        title=TEXT(analyzer=analyzer),
        text=TEXT(analyzer=analyzer),
        **{key: KEYWORD(commas=True, sortable=True) for key in FACETS},
    )
    counted = _Counted(records)
    seconds = _seconds(lambda: _index_raw(folder, schema, counted, at))
    parser: Any = MultifieldParser(["designation", "title", "text"], schema)
    searcher: Any = index.open_dir(str(folder)).searcher()

    def ask(query: str) -> int:
        facets = {key: FieldFacet(key, allow_overlap=True) for key in FACETS}
        results = searcher.search(parser.parse(query), limit=HITS, groupedby=facets)
        for key in FACETS:
            {value: len(docs) for value, docs in results.groups(key).items()}
        return len(results)

    try:
        return _measured("raw Whoosh", counted.count, seconds, ask, queries)
    finally:
        searcher.close()


def sqlite_fts5(
    records: Iterable[SearchRecord], queries: Sequence[str], folder: Path, at: date
) -> Timings:
    """Measure SQLite's full-text table joined with a table of facet values."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / "fts5.sqlite")
    database.executescript(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE TABLE value (subject INTEGER, key TEXT, value TEXT,
            PRIMARY KEY (subject, key, value)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE words USING fts5 (designation, title, text, content = '',
            tokenize = 'unicode61 remove_diacritics 2');
        CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY);
        """
    )
    counted = _Counted(records)
    seconds = _seconds(lambda: _index_fts5(database, counted, at))

    def ask(query: str) -> int:
        words = " ".join(f'"{word}"' for word in query.replace('"', " ").split())
        database.execute("DELETE FROM hit")
        database.execute("INSERT INTO hit SELECT rowid FROM words WHERE words MATCH ?", (words,))
        [(total,)] = database.execute("SELECT count(*) FROM hit")
        database.execute(
            "SELECT name FROM words JOIN subject ON id = words.rowid WHERE words MATCH ?"
            " ORDER BY bm25(words, 10, 3, 1) LIMIT ?",
            (words, HITS),
        ).fetchall()
        database.execute(
            "SELECT key, value, count(*) FROM hit JOIN value ON subject = id GROUP BY key, value"
        ).fetchall()
        return int(total)

    try:
        return _measured("SQLite FTS5", counted.count, seconds, ask, queries)
    finally:
        database.close()


def table(timings: Sequence[Timings]) -> str:
    """Return the measurements as a table for people."""
    lines = [
        f"{'':12} {'records':>8} {'index s':>8} {'rec/s':>7} "
        f"{'first median':>13} {'95th ms':>8} {'again median':>13} {'95th ms':>8}"
    ]
    lines += [
        f"{one.name:12} {one.records:8,} {one.index_seconds:8.1f} "
        f"{one.records / one.index_seconds:7,.0f} "
        f"{statistics.median(one.first):13.2f} {percentile(one.first):8.2f} "
        f"{statistics.median(one.again):13.2f} {percentile(one.again):8.2f}"
        for one in timings
    ]
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the nearest-rank percentile."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * len(ranked) + 0.5) - 1)]


class _Counted:
    """Counts records while they are read, so that they need not be kept."""

    def __init__(self, records: Iterable[SearchRecord]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[SearchRecord]:
        for record in self._records:
            self.count += 1
            yield record


def _index_raw(folder: Path, schema: Schema, records: Iterable[SearchRecord], at: date) -> None:
    writer: Any = index.create_in(str(folder), schema).writer()
    for record in records:
        values = {key: ",".join(_values(record, key, at)) for key in FACETS}
        writer.add_document(subject=record.subject, **_texts(record), **values)
    writer.commit()


def _index_fts5(database: sqlite3.Connection, records: Iterable[SearchRecord], at: date) -> None:
    with database:
        for number, record in enumerate(records, start=1):
            texts = _texts(record)
            database.execute("INSERT INTO subject VALUES (?, ?)", (number, record.subject))
            database.execute(
                "INSERT INTO words (rowid, designation, title, text) VALUES (?, ?, ?, ?)",
                (number, *texts.values()),
            )
            database.executemany(
                "INSERT OR IGNORE INTO value VALUES (?, ?, ?)",
                [(number, key, value) for key in FACETS for value in _values(record, key, at)],
            )


def _texts(record: SearchRecord) -> dict[str, str]:
    return {
        "designation": " ".join((record.designation, *record.designation_forms)),
        "title": " ".join(record.titles.values()),
        "text": record.text,
    }


def _values(record: SearchRecord, key: str, at: date) -> tuple[str, ...]:
    passed = [v for day, v in record.timelines.get(key, ()) if day is None or day <= at]
    return tuple(passed[-1:]) or tuple(record.facets.get(key, ()))


def _seconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _measured(
    name: str, records: int, seconds: float, ask: Callable[[str], int], queries: Sequence[str]
) -> Timings:
    totals: list[int] = []
    first = tuple(1e3 * _seconds(lambda q=query: totals.append(ask(q))) for query in queries)  # type: ignore[misc]
    again = tuple(1e3 * _seconds(lambda q=query: totals.append(ask(q))) for query in queries)  # type: ignore[misc]
    return Timings(name, records, seconds, first, again, tuple(totals[: len(queries)]))
