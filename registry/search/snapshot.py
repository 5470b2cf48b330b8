"""One generation of the index as a reader sees it: immutable, shared by threads."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from registry.search import column_files, columns, weights
from registry.search.columns import Columns, Mask, ValueColumn
from registry.search.packed_postings import PackedMatcher
from registry.search.schema import PAYLOAD, STATE
from registry.search.weights import Scores

log = logging.getLogger(__name__)

_POSITION_BITS = 16
_DATES_KEPT = 16


@dataclass(frozen=True)
class Postings:
    """Where a term occurs: documents (ascending), how often in each, and at what positions.

    Documents deleted since are still among them; ``Snapshot.alive`` tells which.
    """

    docs: NDArray[np.int64]
    counts: NDArray[np.int64]
    positions: NDArray[np.uint16]

    def occurrences(self, within: Mask) -> NDArray[np.int64]:
        """Return one ascending number per occurrence in the documents ``within``.

        The number is the document shifted left by 16 bits plus the position, so that
        two terms are adjacent where their numbers differ by one.
        """
        kept = within[self.docs]
        every = np.repeat(kept, self.counts)
        docs = np.repeat(self.docs[kept], self.counts[kept])
        return (docs << _POSITION_BITS) + self.positions[every]


def documents_of(occurrences: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the documents of occurrence numbers, ascending and each once."""
    docs = occurrences >> _POSITION_BITS
    return docs[np.flatnonzero(np.diff(docs, prepend=-1))]


class Snapshot:
    """A generation of a build, opened for reading.

    Document numbers run through the segments: those of the second segment follow on
    those of the first.
    """

    def __init__(self, build: Path, index: FileIndex, previous: "Snapshot | None" = None) -> None:
        self.build = build
        self._index = index
        reader: Any = index.reader()  # type: ignore[no-untyped-call]
        self.generation: int = reader.generation()
        self._leaves: list[tuple[Any, int]] = list(reader.leaf_readers())
        known = previous._parts if previous is not None and previous.build == build else {}
        self._parts: dict[str, Columns] = {}
        for leaf, _ in self._leaves:
            name = leaf.segment().segment_id()
            self._parts[name] = known.get(name) or _segment_columns(build, leaf)
        self.columns = column_files.join(list(self._parts.values()))
        self.position = self._read_position()
        # For each timeline and day asked lately; most ask for today.
        self._values_on: dict[tuple[str, int], ValueColumn] = {}

    def is_latest(self) -> bool:
        """Tell whether nothing was committed to the build since."""
        latest: int = self._index.latest_generation()  # type: ignore[no-untyped-call]
        return latest == self.generation

    def __len__(self) -> int:
        """Return the number of documents, deleted ones included."""
        return len(self.columns)

    @cached_property
    def alive(self) -> Mask:
        """Return the documents that stand for a subject and are not deleted."""
        alive: Mask = self.columns.subjects != b""
        for leaf, base in self._leaves:
            deleted = np.fromiter(leaf.segment().deleted_docs(), np.int64)
            alive[deleted + base] = False
        return alive

    @cached_property
    def count(self) -> int:
        """Return the number of subjects."""
        return int(np.count_nonzero(self.alive))

    @cached_property
    def title_norm(self) -> Scores:
        """Return what the title length of each document does to its score."""
        lengths = self.columns.title_words
        mean = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
        return weights.title_norm(self.columns, mean)

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Return each document's rank in the natural order of designations."""
        rank = np.empty(len(self), np.int64)
        rank[np.argsort(self.columns.order, kind="stable")] = np.arange(len(self))
        return rank

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the keys of facets and timelines, "year" among them."""
        return frozenset(("year", *self.columns.facets, *self.columns.timelines))

    def values(self, key: str, day: int) -> ValueColumn | None:
        """Return the values of a facet, or of a timeline on a day; ``None`` if unknown."""
        if key == "year":
            return self._years
        if key in self.columns.facets:
            return self.columns.facets[key]
        if key not in self.columns.timelines:
            return None
        column = self._values_on.get((key, day))
        if column is None:
            if len(self._values_on) >= _DATES_KEPT:
                self._values_on.clear()
            column = self._values_on[key, day] = self.columns.timelines[key].on(day)
        return column

    def postings(self, field: str, term: str) -> Postings | None:
        """Return where a term occurs in a field; ``None`` when nowhere."""
        found = []
        for leaf, base in self._leaves:
            try:
                matcher = leaf.postings(field, term.encode())
            except TermNotFound:
                continue
            # Whoosh wraps the matcher of a segment that has deletions.
            packed: PackedMatcher = getattr(matcher, "child", matcher)
            found.append((packed.ids.astype(np.int64) + base, packed.sizes, packed.positions))
        if not found:
            return None
        docs, counts, positions = map(_joined, zip(*found, strict=True))
        return Postings(docs, counts.astype(np.int64), positions)

    def terms_from(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return up to ``limit`` terms of a field per segment that begin with ``prefix``."""
        found: dict[str, None] = {}
        for leaf, _ in self._leaves:
            for _, term in zip(range(limit), _expanded(leaf, field, prefix), strict=False):
                found[term.decode()] = None
        return list(found)

    @cached_property
    def _years(self) -> ValueColumn:
        year = self.columns.year
        docs = np.flatnonzero(year != columns.UNKNOWN_YEAR)
        present, ordinals = np.unique(year[docs], return_inverse=True)
        names = tuple(map(str, present.tolist()))
        return ValueColumn(len(self), docs.astype(np.int32), ordinals.astype(np.int32), names)

    def _read_position(self) -> int:
        terms = [
            term
            for leaf, _ in self._leaves
            for term in _expanded(leaf, STATE, "")
            if leaf.postings(STATE, term).is_active()
        ]
        return max(map(int, terms), default=0)


def _joined(parts: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _expanded(leaf: Any, field: str, prefix: str) -> Iterable[bytes]:
    if field not in leaf.indexed_field_names():
        return ()
    terms: Iterable[bytes] = leaf.expand_prefix(field, prefix.encode())
    return terms


def make_columns(build: Path, index: FileIndex) -> None:
    """Make the columns of the segments that have none, so that readers find them ready."""
    reader: Any = index.reader()  # type: ignore[no-untyped-call]
    for leaf, _ in reader.leaf_readers():
        if not _columns_path(build, leaf).exists():
            _segment_columns(build, leaf)
    reader.close()


def _columns_path(build: Path, leaf: Any) -> Path:
    return build / str(leaf.segment().make_filename(".columns.npz"))


def _segment_columns(build: Path, leaf: Any) -> Columns:
    path = _columns_path(build, leaf)
    try:
        return column_files.load(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError):
        log.warning("The columns in %s are damaged and are made anew.", path, exc_info=True)
    made = column_files.build(leaf.column_reader(PAYLOAD, translate=False))
    try:
        column_files.save(made, path)
    except OSError:
        # A reader may not be allowed to write here; it then makes them at each opening.
        log.warning("The columns in %s could not be kept.", path, exc_info=True)
    return made
