"""Keeps the search index up with the journal."""

from collections.abc import Callable, Iterable, Iterator

from registry.catalog.queries.editions import changed_editions
from registry.catalog.search_records import all_records, records_of, subject_of
from registry.container import Registry
from registry.errors import Conflict
from registry.journal.queries import head
from registry.search.engine import SearchRecord

# Beyond this many changed editions building a fresh index is quicker than mending it.
_REBUILD_ABOVE = 20_000


def follow(registry: Registry) -> bool:
    """Bring the index up to the journal's end; return whether there was anything to do.

    Raises ``Busy`` while another process writes the index.
    """
    done = registry.search.position()
    with registry.units.reading() as session:
        end = head(session)
        if end == done:
            return False
        if done == 0 or done > end:
            # No index that can be read, or one of a journal that was since set back.
            rebuild(registry)
            return True
        changed = sorted(changed_editions(session, done, end))
        if len(changed) > _REBUILD_ABOVE:
            rebuild(registry)
            return True
        today = registry.clock.today()
        records = list(records_of(session, changed, today, registry.settings.zone))
    found = {record.subject for record in records}
    gone = [subject_of(id_) for id_ in changed if subject_of(id_) not in found]
    try:
        registry.search.apply(records, gone, end)
    except Conflict:
        # The index cannot be read any more.
        rebuild(registry)
    return True


def rebuild(registry: Registry, progress: Callable[[int], object] | None = None) -> int:
    """Build the index anew from the database and put it in place; return its position."""
    with registry.units.reading() as session:
        end = head(session)
        records = all_records(session, registry.clock.today(), registry.settings.zone)
        registry.search.rebuild(_counted(records, progress), end)
    return end


def _counted(
    records: Iterable[SearchRecord], progress: Callable[[int], object] | None
) -> Iterator[SearchRecord]:
    for record in records:
        yield record
        if progress:
            progress(1)
