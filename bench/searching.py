"""The search engine beside raw Whoosh and SQLite FTS5, on the editions of a registry."""

from collections.abc import Iterator
from pathlib import Path

from bench import report
from bench.process import environment
from bench.report import heading
from bench.search_reference import QUERIES, compare, table
from registry.catalog.queries.editions import count_editions
from registry.catalog.search_records import all_records
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.followers.search import rebuild
from registry.search.engine import SearchRecord
from tests.support.judged import rank_all, share


def run(registry_folder: Path, folder: Path) -> None:
    """Index and ask the registry's editions, all of them and the national list alone."""
    registry = open_registry(load_settings(environment(registry_folder)))
    today, zone = registry.clock.today(), registry.settings.zone

    def everything() -> Iterator[SearchRecord]:
        with registry.units.reading() as session:
            yield from all_records(session, today, zone)

    def national() -> Iterator[SearchRecord]:
        return (r for r in everything() if r.facets["kind"][0] in ("TCVN", "QCVN"))

    _judge(registry)
    heading(f"Search with facet counts, 20 hits, {len(QUERIES)} queries: national list")
    print(table(compare(national, QUERIES, folder / "national", today)), flush=True)
    heading("The same, all editions; indexing includes reading them from the database")
    print(table(compare(everything, QUERIES, folder / "everything", today)), flush=True)


def _judge(registry: Registry) -> None:
    """Print how the judged queries of the tests fare among all these editions."""
    rebuild(registry)
    with registry.units.reading() as session:
        ranks = rank_all(session, registry.search, registry.clock.today())
        editions = sum(count_editions(session))
    heading(f"{len(ranks)} judged queries among {editions:,} editions")
    report.table(
        ("", "share"),
        [
            ("designation first", share(ranks, "designation", 1)),
            ("words, among the first five", share(ranks, "words", 5)),
        ],
    )
