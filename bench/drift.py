"""Adoption drift over many synthetic adoptions, beside one bare join of the same tables."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import select, text

import registry.models  # noqa: F401 - writing rows needs every table.
from bench.process import environment
from bench.report import heading, table
from registry.actor import system_actor
from registry.catalog.drift import Adoption, Share, selected, share_by_year, share_of
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import import_file, import_rows
from registry.catalog.models import Edition
from registry.catalog.queries.drift import adoptions, gather
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.history import AsOf

ADOPTIONS = 15_000
_RUNS = 5

# What a join alone gives: each adoption, the adopted edition and what directly replaced it.
_BARE = """
    SELECT r.edition_id, a.id, ar.stage, ar.issued, n.edition_id, nr.issued
    FROM relation r
    JOIN edition e ON e.id = r.edition_id AND e.national
    LEFT JOIN edition a ON a.key = r.target_key
    LEFT JOIN edition_record ar ON ar.edition_id = a.id AND ar.known_until IS NULL
    LEFT JOIN relation n ON n.target_key = a.key AND n.type = 'supersedes'
        AND n.known_until IS NULL
    LEFT JOIN edition_record nr ON nr.edition_id = n.edition_id AND nr.known_until IS NULL
    WHERE r.type = 'adopts' AND r.known_until IS NULL
"""


def run(registry_folder: Path, folder: Path) -> None:
    """Adopt editions of the register in ``registry_folder`` and ask what became of them."""
    registry = open_registry(load_settings(environment(registry_folder)))
    lines = folder / "adoptions.jsonl"
    followed = _write_adoptions(registry, lines)
    import_file(registry.units, system_actor("bench"), lines, national=True)
    today, zone = registry.clock.today(), registry.settings.zone
    as_of = AsOf(today)
    with registry.units.reading() as session:
        found = adoptions(session, as_of, zone)
    heading(f"Adoption drift: {len(found):,} adoptions, {followed:,} followed editions")

    def anew() -> None:
        with registry.units.reading() as session:
            _share(gather(session, as_of, zone), today)

    def again() -> None:
        with registry.units.reading() as session:
            _share(adoptions(session, as_of, zone), today)

    def withdraw() -> None:
        _withdraw_one(registry, next(withdrawn))

    def bare() -> None:
        with registry.engine.connect() as connection:
            connection.execute(text(_BARE)).all()

    withdrawn = iter(sorted({a.adopted_designation for a in found}))
    reference = _timed(bare)
    rows = [
        ("all anew from the database", _timed(anew)),
        ("after a refresh that withdrew one edition", _timed(again, before=withdraw)),
        ("again, nothing changed", _timed(again)),
        ("share of each year", _timed(lambda: share_by_year(found, today))),
        ("bare join, no status, no chain", reference),
    ]
    table(
        ("", "seconds", "cpu s", "beside bare join"),
        [(name, *taken, taken[0] / reference[0]) for name, taken in rows],
    )


def _write_adoptions(registry: Registry, path: Path) -> int:
    """Write national rows that adopt every so manieth followed edition; return how many exist."""
    with registry.units.reading() as session:
        names = session.scalars(
            select(Edition.designation).where(Edition.national.is_(False)).order_by(Edition.id)
        ).all()
    step = max(len(names) / ADOPTIONS, 1)
    chosen = [names[int(i * step)] for i in range(min(ADOPTIONS, len(names)))]
    with path.open("w", encoding="utf-8") as file:
        for number, target in enumerate(chosen):
            row = {
                "designation": f"TCVN {90_000 + number}:{2000 + number % 26}",
                "kind": "TCVN",
                "publisher": "bkhcn",
                "titles": {"vi": f"Tiêu chuẩn {number}"},
                "issued": str(2000 + number % 26),
                "domains": [("smart-cities", "blockchain", "information-security")[number % 3]],
                "relations": [{"type": "adopts", "degree": "IDT", "target": target}],
                "source": "bench",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return len(names)


def _withdraw_one(registry: Registry, designation: str) -> None:
    row = {
        "designation": designation,
        "kind": "international",
        "publisher": "bench",
        "titles": {"en": "Withdrawn"},
        "issued": "2001",
        "withdrawn_on": date(2020, 1, 1).isoformat(),
        "source": "bench",
    }
    import_rows(registry.units, system_actor("bench"), [Row(1, row)], national=False)


def _share(found: Sequence[Adoption], day: date) -> Share:
    return share_of(drift for _, drift in selected(found, day))


def _timed(
    work: Callable[[], object], before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """Return the median seconds of some runs, by the clock and of the processor.

    What is done ``before`` each run is not counted.
    """
    taken, used = [], []
    for _ in range(_RUNS):
        if before:
            before()
        started, used_before = time.perf_counter(), time.process_time()
        work()
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - used_before)
    return statistics.median(taken), statistics.median(used)
