"""The finder at 20,000 obligations, beside one bare SQL query for the prefix alone."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from bench.process import environment, registry_command
from bench.report import heading, spread, table
from registry.actor import system_actor
from registry.assessment.queries.requirements import requirements
from registry.catalog.hs_nomenclature import nomenclature
from registry.catalog.importing.formats import Row
from registry.catalog.importing.obligations import import_obligations
from registry.catalog.importing.service import import_rows
from registry.catalog.models import ObligationCode
from registry.catalog.product_question import read_question
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.followers.search import follow
from registry.history import AsOf

OBLIGATIONS = 20_000
EDITIONS = 2_000
_QUESTIONS = 200
_DAY = date(2026, 3, 1)
_PRODUCTS = (
    "Thiết bị truyền hình,Television equipment",
    "Máy tính bảng,Tablet computers",
    "Pin lithium,Lithium batteries",
    "Đồ chơi điện tử,Electronic toys",
    "Bộ định tuyến không dây,Wireless routers",
    "Cáp quang,Optical cables",
)

_BARE = """
SELECT obligation_code.obligation_id FROM obligation_code
JOIN obligation ON obligation.id = obligation_code.obligation_id
WHERE digits >= :first AND digits < :last AND obligation.known_until IS NULL
"""


def run(folder: Path) -> None:
    """Fill a registry with synthetic obligations and ask it for codes and for words."""
    data_dir = folder / "finder"
    registry_command(data_dir, ["init"])
    registry_command(data_dir, ["demo"])
    registry = open_registry(load_settings(environment(data_dir)))
    chance = random.Random(17)
    actor = system_actor("bench")
    started = time.perf_counter()
    import_rows(registry.units, actor, _editions(), national=True)
    report = import_obligations(registry.units, actor, _obligations(chance))
    seconds = time.perf_counter() - started
    follow(registry)
    heading(f"Finder over {report.new:,} obligations of {EDITIONS:,} regulations")
    codes = chance.sample(sorted(c for c in nomenclature().entries if c.isdigit()), _QUESTIONS)
    words = [f"{words.split(',')[n % 2]} {n:03}" for n in range(_QUESTIONS) for words in _PRODUCTS]
    rows: list[tuple[Any, ...]] = [
        ("codes of 2 to 6 digits", *_times(codes, lambda code: _ask(registry, hs=code))),
        (
            "codes of 8 digits, as stated",
            *_times(_stated_codes(registry, chance), lambda code: _ask(registry, hs=code)),
        ),
        ("product words", *_times(words[:_QUESTIONS], lambda words: _ask(registry, words=words))),
        ("bare SQL, one prefix", *_times(codes, lambda code: _bare(registry, code))),
    ]
    table(("", "ms", "processor ms"), rows)
    print(f"import of editions and obligations: {seconds:.1f} s")
    registry.engine.dispose()


def _editions() -> Iterator[Row]:
    for number in range(EDITIONS):
        yield Row(
            number,
            {
                "designation": f"QCVN {1000 + number}:2024/BENCH",
                "kind": "QCVN",
                "publisher": "bkhcn",
                "titles": {"vi": f"Quy chuẩn thử nghiệm số {number}"},
                "issued": "2024-06-01",
                "effective_from": "2025-01-01",
                "source": "bench",
            },
        )


def _obligations(chance: random.Random) -> Iterator[Row]:
    subheadings = [code for code in nomenclature().entries if len(code) == 6 and code.isdigit()]
    for number in range(OBLIGATIONS):
        vi, en = _PRODUCTS[number % len(_PRODUCTS)].split(",")
        codes = [f"{code}{chance.randrange(100):02}" for code in chance.sample(subheadings, 3)]
        yield Row(
            number,
            {
                "edition": f"QCVN {1000 + number % EDITIONS}:2024/BENCH",
                "product_vi": f"{vi} {number % 500:03}",
                "product_en": f"{en} {number % 500:03}",
                "hs_codes": codes,
                "method": str(1 + number % 8),
                "valid_from": (_DAY + timedelta(days=number % 400 - 200)).isoformat(),
                "source": "bench",
            },
        )


def _stated_codes(registry: Registry, chance: random.Random) -> list[str]:
    with registry.units.reading() as session:
        stated = session.scalars(select(ObligationCode.digits).order_by(ObligationCode.digits))
        return chance.sample(stated.all(), _QUESTIONS)


def _ask(registry: Registry, *, hs: str = "", words: str = "") -> None:
    with registry.units.reading() as session:
        question = read_question(hs, words)
        requirements(session, registry.search, question, AsOf(_DAY), registry.settings.zone)


def _bare(registry: Registry, code: str) -> None:
    with registry.engine.connect() as connection:
        connection.execute(text(_BARE), {"first": code, "last": f"{code}~"}).all()


def _times(questions: Sequence[str], ask: Callable[[str], None]) -> tuple[str, float]:
    """Return the spread of wall times and the median of processor times, in milliseconds."""
    for question in questions[:5]:
        ask(question)
    wall, processor = [], []
    for question in questions:
        started, used = time.perf_counter(), time.process_time()
        ask(question)
        wall.append((time.perf_counter() - started) * 1_000)
        processor.append((time.process_time() - used) * 1_000)
    return spread(wall), statistics.median(processor)
