"""The search engine beside raw Whoosh and SQLite FTS5, on the editions of a registry."""

from collections.abc import Iterator
from pathlib import Path

from bench.process import environment
from bench.report import heading
from bench.search_reference import QUERIES, compare, table
from registry.catalog.search_records import all_records
from registry.config import load_settings
from registry.container import open_registry
from registry.search.engine import SearchRecord


def run(registry_folder: Path, folder: Path) -> None:
    """Index and ask the registry's editions, all of them and the national list alone."""
    registry = open_registry(load_settings(environment(registry_folder)))
    today, zone = registry.clock.today(), registry.settings.zone

    def everything() -> Iterator[SearchRecord]:
        with registry.units.reading() as session:
            yield from all_records(session, today, zone)

    def national() -> Iterator[SearchRecord]:
        return (r for r in everything() if r.facets["kind"][0] in ("TCVN", "QCVN"))

    heading(f"Search with facet counts, 20 hits, {len(QUERIES)} queries: national list")
    print(table(compare(national, QUERIES, folder / "national", today)), flush=True)
    heading("The same, all editions; indexing includes reading them from the database")
    print(table(compare(everything, QUERIES, folder / "everything", today)), flush=True)
