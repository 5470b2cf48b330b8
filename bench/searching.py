"""The search engine beside raw Whoosh and SQLite FTS5, on the editions of a registry."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench import report
from bench.process import environment
from bench.report import heading
from bench.search_engines import FACETS as COUNTED
from bench.search_engines import HITS
from bench.search_reference import LANGUAGE, QUERIES, compare, language_table, plain_table
from registry.app import create_app
from registry.catalog.queries.editions import count_editions
from registry.catalog.search_records import FACETS, all_records
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.followers.search import rebuild
from registry.search.engine import SearchRecord, SearchRequest
from tests.support.judged import INTERNATIONAL, NATIONAL, held, rank_all, share

_ROUNDS = 5


def run(registry_folder: Path, folder: Path) -> None:
    """Index and ask the registry's editions, all of them and the national list alone."""
    registry = open_registry(load_settings(environment(registry_folder)))
    today, zone = registry.clock.today(), registry.settings.zone

    def everything() -> Iterator[SearchRecord]:
        with registry.units.reading() as session:
            yield from all_records(session, today, zone)

    def national() -> Iterator[SearchRecord]:
        return (r for r in everything() if r.facets["kind"][0] in ("TCVN", "QCVN"))

    rebuild(registry)
    _judge(registry)
    _pages(registry)
    counts = f"{HITS} hits and counts of {len(COUNTED)} facets"
    heading(f"Search with {counts}, {len(QUERIES)} queries: national list")
    print(plain_table(compare(national, folder / "national", today)), flush=True)
    heading("The same, all editions; indexing includes reading them from the database")
    timings = compare(everything, folder / "everything", today)
    print(plain_table(timings), flush=True)
    questions = sum(map(len, LANGUAGE.values()))
    heading(f"The query language, all editions, {questions} questions")
    print(language_table(timings), flush=True)


def _judge(registry: Registry) -> None:
    """Print how the judged queries of the tests fare among all these editions."""
    with registry.units.reading() as session:
        editions = sum(count_editions(session))
        rows = []
        for name, file in (("national", NATIONAL), ("international", INTERNATIONAL)):
            judged = held(session, file)
            ranks = rank_all(session, registry.search, registry.clock.today(), judged)
            for kind, within in (("designation", 1), ("words", 5)):
                asked = sum(one.kind == kind for one in judged)
                if asked:
                    where = "first" if within == 1 else f"among the first {within}"
                    rows.append((f"{name}, {kind}, {where}", asked, share(ranks, kind, within)))
    heading(f"Judged queries whose wanted entry is among these {editions:,} editions")
    report.table(("", "queries", "share"), rows)


def _pages(registry: Registry) -> None:
    """Print what a filtered page takes from request to answer, beside the engine alone."""
    client = create_app(registry).test_client()
    today = registry.clock.today()
    rows = []
    for name, words, ticked in (
        ("one facet", "security", {"kind": "international"}),
        ("two facets", "requirements", {"kind": "international", "status": "in-force"}),
        ("ICS and status", "", {"ics": "35", "status": "withdrawn"}),
        ("national, one domain", "an toàn", {"domain": "information-security"}),
    ):
        address = "/search?" + urlencode({"q": words, **ticked})
        filters = {key: frozenset({value}) for key, value in ticked.items()}
        asked = SearchRequest(words, filters, FACETS, today, HITS, prefer_language="vi")

        def page(address: str = address) -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")

        def engine(asked: SearchRequest = asked) -> None:
            registry.search.search(asked)

        rows.append((name, registry.search.search(asked).total, *_spent(page), *_spent(engine)))
    heading(f"A search page of {HITS} entries filtered by facets, beside the engine alone")
    report.table(("", "found", "page ms", "processor ms", "engine ms", "processor ms"), rows)


def _spent(work: Callable[[], None]) -> tuple[float, float]:
    """Return the median milliseconds of some runs, by the clock and of the processor."""
    work()
    taken, used = [], []
    for _ in range(_ROUNDS):
        began, processor = time.perf_counter(), time.process_time()
        work()
        taken.append(1e3 * (time.perf_counter() - began))
        used.append(1e3 * (time.process_time() - processor))
    return statistics.median(taken), statistics.median(used)
