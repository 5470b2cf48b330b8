"""The search engine on Whoosh: ``open_engine`` and the engine it returns."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.errors import Conflict
from registry.search import query_language, weights
from registry.search.columns import Mask, ValueColumn
from registry.search.corrections import correct
from registry.search.engine import SearchEngine, SearchRecord, SearchRequest, SearchResult
from registry.search.matching import Match, match
from registry.search.schema import LANGUAGE
from registry.search.snapshot import Snapshot
from registry.search.store import Store
from registry.search.writer import write

log = logging.getLogger(__name__)

# A reader may lose a race with a commit or a rebuild, but hardly this often in a row.
_ATTEMPTS = 3


def open_engine(folder: Path) -> SearchEngine:
    """Return the engine whose index is in ``folder``, which is made when absent."""
    return WhooshEngine(folder)


class WhooshEngine:
    """See ``SearchEngine``. Threads of a process may share one engine."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._snapshot: Snapshot | None = None
        self._opening = Lock()

    def position(self) -> int:
        """Return the journal position contained in the index; 0 when there is none."""
        snapshot = self._latest()
        return 0 if snapshot is None else snapshot.position

    def apply(self, upserts: Iterable[SearchRecord], deletes: Iterable[str], position: int) -> None:
        """Delete, then add or replace, as one commit at ``position``."""
        records = {record.subject: record for record in upserts}
        gone = {*deletes, *records}
        with self._store.writing():
            build = self._store.current()
            if build is None:
                self._start(records.values(), position)
                return
            snapshot = self._latest(wait=True)
            if snapshot is None:
                raise Conflict("The search index cannot be read and has to be rebuilt.")
            if snapshot.position > position:
                raise ValueError(f"The index is at {snapshot.position}, ahead of {position}.")
            write(build, self._store.open(build), records.values(), gone, position)

    def rebuild(self, records: Iterable[SearchRecord], position: int) -> None:
        """Build a fresh index beside the present one, then swap them."""
        with self._store.writing():
            self._start(_distinct(records), position)

    def _start(self, records: Iterable[SearchRecord], position: int) -> None:
        with self._store.new_build() as build:
            write(build, self._store.open(build), records, (), position)

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Never raises on account of what was typed."""
        snapshot = self._latest()
        if snapshot is None:
            return SearchResult((), 0, {key: {} for key in request.facets}, 0)
        # A facet is a facet where no record has a value of it yet.
        query = query_language.parse(request.text, snapshot.keys.union(request.facets))
        matched = match(snapshot, query, request.at.toordinal(), complete=request.complete)
        # Who is still typing need not be asked what they mean.
        unknown = () if request.complete else matched.unknown
        found, facets = _filter_and_count(snapshot, request, matched.found)
        docs = np.flatnonzero(found)
        page = docs[_first(snapshot, request, matched, docs)][max(0, request.offset) :]
        return SearchResult(
            subjects=tuple(subject.decode() for subject in snapshot.columns.subjects[page]),
            total=len(docs),
            facets=facets,
            position=snapshot.position,
            ignored=matched.ignored,
            relaxed=matched.relaxed,
            corrected=correct(snapshot, request.text, unknown),
        )

    def _latest(self, *, wait: bool = False) -> Snapshot | None:
        """Return the newest generation, opening it if this process has not yet.

        While one thread opens it, others go on with the previous one unless they wait.
        """
        build, snapshot = self._store.current(), self._snapshot
        if build is None:
            return None
        if snapshot is not None and snapshot.build == build and snapshot.is_latest():
            return snapshot
        if not self._opening.acquire(blocking=wait or snapshot is None):
            return snapshot
        try:
            self._snapshot = self._open(build)
        finally:
            self._opening.release()
        return self._snapshot

    def _open(self, build: Path) -> Snapshot | None:
        for _ in range(_ATTEMPTS):
            try:
                return Snapshot(build, self._store.open(build), self._snapshot)
            except Exception as error:  # Whatever damaged files make Whoosh and numpy raise.
                present = self._store.current()
                if present is not None and present != build:
                    # A rebuild has replaced this build in the meantime.
                    build = present
                elif isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                    raise
                else:
                    log.exception("The search index in %s cannot be read.", build)
        return None


def _distinct(records: Iterable[SearchRecord]) -> Iterator[SearchRecord]:
    seen = set()
    for record in records:
        if record.subject in seen:
            raise ValueError(f"{record.subject} occurs twice.")
        seen.add(record.subject)
        yield record


def _filter_and_count(
    snapshot: Snapshot, request: SearchRequest, matched: Mask
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """Return what is left after the filters, and the facet counts of the request."""
    day = request.at.toordinal()
    filters = {
        key: _having(snapshot.values(key, day), wanted, len(snapshot))
        for key, wanted in request.filters.items()
        if wanted
    }
    found = _all_of(matched, filters.values())
    number = int(np.count_nonzero(found))
    counts: dict[str, dict[str, int]] = {}
    for key in request.facets:
        column = snapshot.values(key, day)
        if column is None:
            counts[key] = {}
        elif key in filters:
            others = _all_of(matched, (kept for name, kept in filters.items() if name != key))
            counts[key] = column.counts(others, int(np.count_nonzero(others)))
        else:
            counts[key] = column.counts(found, number)
    return found, counts


def _having(column: ValueColumn | None, wanted: Iterable[str], size: int) -> Mask:
    return np.zeros(size, np.bool_) if column is None else column.having(wanted)


def _all_of(matched: Mask, filters: Iterable[Mask]) -> Mask:
    for kept in filters:
        matched = matched & kept
    return matched


def _first(
    snapshot: Snapshot, request: SearchRequest, matched: Match, docs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the places in ``docs`` of the first ones, as many as the page needs, in order."""
    wanted = max(0, request.offset) + max(0, request.limit)
    columns = snapshot.columns
    keys: list[NDArray[Any]]
    if request.sort == "designation":
        keys = [snapshot.order[docs]]
    elif request.sort == "newest":
        keys = [-columns.year[docs].astype(np.int32), -columns.prior[docs]]
    elif matched.scores is None:
        keys = [-columns.prior[docs], -columns.year[docs].astype(np.int32)]
    else:
        scores = matched.scores[docs] * weights.standing(columns, docs)
        if request.prefer_language is not None and LANGUAGE in columns.facets:
            spoken = columns.facets[LANGUAGE].having((request.prefer_language,))
            scores *= weights.language_bonus(spoken[docs])
        keys = [-scores]
    places = np.arange(len(docs))
    if wanted < len(docs):
        # Only what can be on the page is sorted; ties at its edge must stay in play, so
        # that one page continues where the other ended.
        edge = np.partition(keys[0], wanted - 1)[wanted - 1] if wanted else keys[0].min()
        places = np.flatnonzero(keys[0] <= edge)
    order = np.lexsort([key[places] for key in reversed(keys)])
    return places[order][:wanted]
