"""Who could test to a method on a day, as known on a day: among a million scope lines.

The register is filled by plain statements, since 5,000 accreditations by the services
would take as long as the question is meant to be quick. Every accreditation has its
journal entry, and every row is known from there.
"""

import random
import sqlite3
import statistics
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.report import heading, spread, table
from registry.actor import system_actor
from registry.assessment.queries.competence import bodies_able_to_test
from registry.catalog.designation import parse
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.history import AsOf
from registry.schema_versions import migrate

BODIES = 5_000
LINES = 200
METHODS = 5_000
QUESTIONS = 200

_FIRST_DAY = date(2015, 1, 1)

_BARE = """
SELECT b.slug, o.names, o.country, a.number, a.standard, s.product, s.characteristic, s.method
FROM scope_line s
JOIN accreditation_record a ON a.accreditation_id = s.accreditation_id
JOIN accreditation n ON n.id = s.accreditation_id
JOIN body b ON b.id = n.body_id
JOIN body_record r ON r.body_id = b.id
JOIN organisation_record o ON o.organisation_id = b.organisation_id
WHERE s.method_key = ?1
  AND s.known_from <= ?3 AND (s.known_until IS NULL OR s.known_until > ?3)
  AND s.valid_from <= ?2 AND (s.valid_until IS NULL OR s.valid_until >= ?2)
  AND a.known_from <= ?3 AND (a.known_until IS NULL OR a.known_until > ?3)
  AND a.valid_from <= ?2 AND (a.valid_until IS NULL OR a.valid_until >= ?2)
  AND r.known_from <= ?3 AND (r.known_until IS NULL OR r.known_until > ?3)
  AND o.known_from <= ?3 AND (o.known_until IS NULL OR o.known_until > ?3)
  AND COALESCE((SELECT e.kind FROM accreditation_event e
       WHERE e.accreditation_id = s.accreditation_id AND e.effective_on <= ?2
         AND e.kind IN ('suspended', 'withdrawn', 'reinstated') AND e.known_from <= ?3
       ORDER BY e.effective_on DESC, e.id DESC LIMIT 1), '') NOT IN ('suspended', 'withdrawn')
"""


def run(folder: Path, *, bodies: int = BODIES, questions: int = QUESTIONS) -> None:
    """Fill a register in ``folder``, ask it, and print the table."""
    registry = open_registry(load_settings({"REGISTRY_DATA_DIR": str(folder / "scope")}))
    migrate(registry.engine)
    started = perf_counter()
    fill(registry, bodies)
    filled = perf_counter() - started
    chance = random.Random(7)
    asked = [
        (chance.randrange(METHODS), _FIRST_DAY + timedelta(days=chance.randrange(4_000)))
        for _ in range(questions)
    ]
    with registry.units.reading() as session:
        # A server has its file in memory; the first pass, which counts, reads it from disk.
        answers = [len(_ask(session, m, AsOf(d))) for m, d in asked]
        # Making the two statements is once for as long as a server runs.
        _ask(session, 0, AsOf(_FIRST_DAY))
        _ask(session, 0, AsOf(_FIRST_DAY, 1))
        now = [_timed(lambda m=m, d=d: _ask(session, m, AsOf(d))) for m, d in asked]
        then = [_timed(lambda m=m, d=d: _ask(session, m, AsOf(d, bodies // 2))) for m, d in asked]
    bare = _bare_times(registry.engine.url.database or "", asked, bodies // 2)
    registry.engine.dispose()
    heading(
        f"Who could test to a method: {bodies:,} bodies x {LINES} scope lines "
        f"(filled in {filled:.0f} s, {statistics.median(answers):.0f} answers)"
    )
    table(
        ("question", "ms, median (range)"),
        [
            ("as known now", _milliseconds(now)),
            ("as known at a position", _milliseconds(then)),
            ("bare SQL, as known at a position", _milliseconds(bare)),
        ],
    )


def _milliseconds(seconds: Sequence[float]) -> str:
    return spread([1_000 * value for value in seconds])


def fill(registry: Registry, bodies: int) -> None:
    """Register ``bodies`` laboratories, each with one accreditation of ``LINES`` lines."""
    with registry.units(system_actor("bench")) as uow:
        first = uow.record_many(
            [("accreditation.record", f"accreditation:{n}", {}) for n in range(1, bodies + 1)]
        )
    connection = sqlite3.connect(registry.engine.url.database or "")
    with connection:
        _fill_bodies(connection, bodies, first)
        _fill_lines(connection, bodies, first)
    connection.execute("ANALYZE")
    connection.close()


def _fill_bodies(connection: sqlite3.Connection, bodies: int, first: int) -> None:
    numbers = range(1, bodies + 1)
    _insert(
        connection,
        "organisation",
        ("id", "slug", "demonstration"),
        [(n, f"laboratory-{n}", 1) for n in numbers],
    )
    _insert(
        connection,
        "organisation_record",
        ("organisation_id", "names", "country", "known_from"),
        [(n, f'{{"en": "Laboratory {n}"}}', "VN", first + n - 1) for n in numbers],
    )
    _insert(
        connection,
        "body",
        ("id", "slug", "organisation_id", "demonstration"),
        [(n, f"laboratory-{n}", n, 1) for n in numbers],
    )
    _insert(
        connection,
        "body_record",
        ("body_id", "kinds", "known_from"),
        [(n, '["testing_laboratory"]', first + n - 1) for n in numbers],
    )
    _insert(connection, "accreditation", ("id", "body_id"), [(n, n) for n in numbers])
    _insert(
        connection,
        "accreditation_record",
        ("accreditation_id", "accreditor_id", "standard", "number", "valid_from", "known_from"),
        [
            (n, 1, "ISO/IEC 17025:2017", f"BENCH {n}", _FIRST_DAY.isoformat(), first + n - 1)
            for n in numbers
        ],
    )
    # One in ten was suspended once and taken back half a year later.
    _insert(
        connection,
        "accreditation_event",
        ("accreditation_id", "kind", "effective_on", "known_from"),
        [
            (n, kind, day, first + n - 1)
            for n in range(1, bodies + 1, 10)
            for kind, day in (("suspended", "2020-01-01"), ("reinstated", "2020-07-01"))
        ],
    )


def _fill_lines(connection: sqlite3.Connection, bodies: int, first: int) -> None:
    chance = random.Random(1)
    names = [parse(_method(number)) for number in range(METHODS)]
    _insert(
        connection,
        "scope_line",
        (
            "accreditation_id",
            "activity",
            "product",
            "characteristic",
            "method",
            "method_key",
            "method_dated",
            "valid_from",
            "known_from",
        ),
        (
            (
                n,
                "testing",
                f"Product {method % 300}",
                f"Characteristic {method % 1_000}",
                names[method].printed,
                names[method].key,
                1,
                (_FIRST_DAY + timedelta(days=chance.randrange(3_000))).isoformat(),
                first + n - 1,
            )
            for n in range(1, bodies + 1)
            for method in chance.sample(range(METHODS), LINES)
        ),
    )


def _insert(
    connection: sqlite3.Connection, table_: str, columns: tuple[str, ...], rows: Any
) -> None:
    marks = ", ".join("?" * len(columns))
    # Names of tables and columns are this module's own.
    statement = f"INSERT INTO {table_} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    connection.executemany(statement, rows)


def _method(number: int) -> str:
    return f"TCVN {10_000 + number}:2015"


def _ask(session: Any, method: int, as_of: AsOf) -> list[Any]:
    found = bodies_able_to_test(session, parse(_method(method)), as_of)
    # A page asks a session once; a thousand answers kept would only slow the next one.
    session.expunge_all()
    return found


def _timed(question: Any) -> float:
    started = perf_counter()
    question()
    return perf_counter() - started


def _bare_times(database: str, asked: list[tuple[int, date]], position: int) -> list[float]:
    connection = sqlite3.connect(database)
    times = [
        _timed(
            lambda m=method, d=day: connection.execute(
                _BARE, (parse(_method(m)).key, d.isoformat(), position)
            ).fetchall()
        )
        for method, day in asked
    ]
    connection.close()
    return times
