"""The search engine and two plain references: Whoosh as its manual shows it, SQLite FTS5.

Each indexes the same words of the same records when it is made, in an empty folder, and
answers a ``Question`` in its own query language: the first 20 hits, the total, and the
counts of four facets.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from whoosh import index
from whoosh.analysis.filters import CharsetFilter, LowercaseFilter
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser.default import MultifieldParser
from whoosh.query.compound import And, Or
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Every
from whoosh.query.terms import Prefix, Term
from whoosh.query.wrappers import Not
from whoosh.sorting import FieldFacet
from whoosh.support.charset import accent_map

from registry.search.engine import SearchRecord, SearchRequest, Sort
from registry.search.whoosh_engine import open_engine

FACETS = ("domain", "kind", "status", "body")
HITS = 20

# Beside the facets that are counted, what the references can be asked by.
_ASKED = (*FACETS, "ics", "year")
_FIELDS = ("designation", "title", "text")

_ANALYZER = RegexTokenizer() | LowercaseFilter() | CharsetFilter(accent_map)
_EVERYTHING: Any = Every()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Question:
    """One question to each engine; what is empty is not asked.

    ``having`` is a field prefix with its value, ``filters`` are ticked facet values.
    With ``complete`` the last word may be unfinished and nothing is counted; with
    ``correct`` the words may be misspelt.
    """

    words: str = ""
    phrase: str = ""
    without: str = ""
    having: tuple[str, str] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: Sort = "relevance"
    complete: bool = False
    correct: bool = False


class Engine(Protocol):
    """An index that has been built: of how many records, in how many seconds."""

    name: str
    records: int
    seconds: float

    def ask(self, question: Question) -> int | None:
        """Return how many records are found; ``None`` when the engine has no such question."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class RegistrySearch:
    """The registry's engine, opened anew after indexing."""

    name = "registry"

    def __init__(self, records: Iterable[SearchRecord], folder: Path, at: date) -> None:
        counted = Counted(records)
        self.seconds = seconds_of(lambda: open_engine(folder).rebuild(counted, 1))
        self.records = counted.count
        self._at = at
        self._engine = open_engine(folder)
        self._engine.position()

    def ask(self, question: Question) -> int | None:
        """Ask in the registry's own query language."""
        text = [question.words]
        text += [f'"{question.phrase}"'] if question.phrase else []
        text += [f'-"{question.without}"'] if question.without else []
        text += ['{}:"{}"'.format(*question.having)] if question.having else []
        result = self._engine.search(
            SearchRequest(
                " ".join(text),
                {key: frozenset({value}) for key, value in question.filters.items()},
                () if question.complete else FACETS,
                self._at,
                HITS,
                sort=question.sort,
                complete=question.complete,
            )
        )
        return result.total

    def close(self) -> None:
        """Nothing is held that the engine does not let go of itself."""


class RawWhoosh:
    """Whoosh with text fields, its own scoring and its own facets."""

    name = "raw Whoosh"

    def __init__(self, records: Iterable[SearchRecord], folder: Path, at: date) -> None:
        folder.mkdir(parents=True)
        self._schema = Schema(
            subject=ID(stored=True, unique=True),
            designation=TEXT(analyzer=_ANALYZER, sortable=True),
            title=TEXT(analyzer=_ANALYZER),
            text=TEXT(analyzer=_ANALYZER),
            **{key: KEYWORD(commas=True, sortable=True) for key in _ASKED},
        )
        counted = Counted(records)
        self.seconds = seconds_of(lambda: self._index(folder, counted, at))
        self.records = counted.count
        self._parser: Any = MultifieldParser(list(_FIELDS), self._schema)
        self._searcher: Any = index.open_dir(str(folder)).searcher()

    def ask(self, question: Question) -> int | None:
        """Ask in the query language and with the objects of Whoosh."""
        words = question.words
        query: Any = self._parser.parse(words) if words else _EVERYTHING
        if question.correct:
            corrected = self._searcher.correct_query(query, words, prefix=1)
            return len(self._searcher.search(corrected.query, limit=HITS))
        if question.complete:
            *whole, last = words.lower().split()
            begun = Or([Prefix(name, last) for name in _FIELDS])
            query = And([self._parser.parse(" ".join(whole)), begun]) if whole else begun
            return len(self._searcher.search(query, limit=HITS))
        wanted: list[Any] = [query]
        if question.phrase:
            wanted.append(self._phrase(question.phrase))
        if question.without:
            wanted.append(Not(self._phrase(question.without)))
        if question.having:
            wanted.append(Prefix(*question.having))
        ticked = And([Term(key, value) for key, value in question.filters.items()])
        # Of other orders Whoosh knows the columns; it has none of years that are unknown.
        sorted_by = {"newest": FieldFacet("year", reverse=True), "designation": "designation"}
        results = self._searcher.search(
            And(wanted) if len(wanted) > 1 else query,
            limit=HITS,
            filter=ticked if question.filters else None,
            sortedby=sorted_by.get(question.sort),
            groupedby={key: FieldFacet(key, allow_overlap=True) for key in FACETS},
        )
        for key in FACETS:
            {value: len(docs) for value, docs in results.groups(key).items()}
        return len(results)

    def close(self) -> None:
        """Close the searcher's files."""
        self._searcher.close()

    def _phrase(self, text: str) -> Any:
        words = [token.text for token in _ANALYZER(text)]
        return Or([Phrase(name, words) for name in _FIELDS])

    def _index(self, folder: Path, records: Iterable[SearchRecord], at: date) -> None:
        writer: Any = index.create_in(str(folder), self._schema).writer()
        for record in records:
            values = {key: ",".join(_values(record, key, at)) for key in _ASKED}
            writer.add_document(subject=record.subject, **_texts(record), **values)
        writer.commit()


class SqliteFts5:
    """SQLite's full-text table joined with a table of facet values."""

    name = "SQLite FTS5"

    def __init__(self, records: Iterable[SearchRecord], folder: Path, at: date) -> None:
        folder.mkdir(parents=True)
        self._database = sqlite3.connect(folder / "fts5.sqlite")
        self._database.executescript(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL,
                printed TEXT NOT NULL, year INTEGER);
            CREATE TABLE value (subject INTEGER, key TEXT, value TEXT,
                PRIMARY KEY (subject, key, value)) WITHOUT ROWID;
            CREATE VIRTUAL TABLE words USING fts5 (designation, title, text, content = '',
                tokenize = 'unicode61 remove_diacritics 2');
            CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY);
            """
        )
        counted = Counted(records)
        self.seconds = seconds_of(lambda: self._index(counted, at))
        self.records = counted.count

    def ask(self, question: Question) -> int | None:
        """Ask in the query language of FTS5, with a join for each value; it corrects nothing."""
        if question.correct:
            return None
        match, values = _fts5_query(question), _fts5_values(question)
        source = "FROM subject WHERE 1"
        if match:
            source = "FROM words JOIN subject ON id = words.rowid WHERE words MATCH ?"
        source += " ".join(
            " AND EXISTS (SELECT 1 FROM value WHERE subject = subject.id AND key = ?"
            " AND value GLOB ?)"
            for _ in values
        )
        given = [match] if match else []
        given += [part for pair in values for part in pair]
        rank = "bm25(words, 10, 3, 1)" if match else "id"
        order = {"newest": "year DESC", "designation": "printed"}.get(question.sort, rank)
        self._database.execute("DELETE FROM hit")
        self._database.execute(f"INSERT INTO hit SELECT subject.id {source}", given)
        [(total,)] = self._database.execute("SELECT count(*) FROM hit")
        self._database.execute(
            f"SELECT name {source} ORDER BY {order} LIMIT ?", (*given, HITS)
        ).fetchall()
        if not question.complete:
            self._database.execute(
                "SELECT key, value, count(*) FROM hit JOIN value ON subject = id"
                " WHERE key NOT IN ('ics', 'year') GROUP BY key, value"
            ).fetchall()
        return int(total)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _index(self, records: Iterable[SearchRecord], at: date) -> None:
        with self._database as database:
            for number, record in enumerate(records, start=1):
                texts = _texts(record)
                database.execute(
                    "INSERT INTO subject VALUES (?, ?, ?, ?)",
                    (number, record.subject, record.designation, record.year),
                )
                database.execute(
                    "INSERT INTO words (rowid, designation, title, text) VALUES (?, ?, ?, ?)",
                    (number, *texts.values()),
                )
                database.executemany(
                    "INSERT OR IGNORE INTO value VALUES (?, ?, ?)",
                    [(number, key, value) for key in _ASKED for value in _values(record, key, at)],
                )


ENGINES = (RegistrySearch, RawWhoosh, SqliteFts5)


class Counted:
    """Counts records while they are read, so that they need not be kept."""

    def __init__(self, records: Iterable[SearchRecord]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[SearchRecord]:
        for record in self._records:
            self.count += 1
            yield record


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long ``action`` takes by the clock."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _fts5_query(question: Question) -> str:
    words = question.words.replace('"', " ").split()
    parts = [f'"{word}"' for word in words]
    if question.complete and parts:
        parts[-1] += "*"
    parts += [f'"{question.phrase}"'] if question.phrase else []
    query = " ".join(parts)
    return f'({query}) NOT "{question.without}"' if question.without else query


def _fts5_values(question: Question) -> list[tuple[str, str]]:
    values = list(question.filters.items())
    if question.having:
        key, value = question.having
        values.append((key, f"{value}*"))
    return values


def _texts(record: SearchRecord) -> dict[str, str]:
    return {
        "designation": " ".join((record.designation, *record.designation_forms)),
        "title": " ".join(record.titles.values()),
        "text": record.text,
    }


def _values(record: SearchRecord, key: str, at: date) -> tuple[str, ...]:
    if key == "year":
        return (str(record.year),) if record.year else ()
    passed = [v for day, v in record.timelines.get(key, ()) if day is None or day <= at]
    return tuple(passed[-1:]) or tuple(record.facets.get(key, ()))
