"""Values per document, as arrays: for filtering, counting and sorting without reading text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from registry.search.analysis import identifier_words

Mask = NDArray[np.bool_]

UNKNOWN_YEAR = 0
# Below this share of documents it pays to gather the values of each document found.
_FEW = 16


@dataclass(frozen=True)
class ValueColumn:
    """The values of one key: entry ``i`` says that ``docs[i]`` has ``values[ordinals[i]]``.

    ``docs`` ascends and may repeat; ``size`` is the number of documents.
    """

    size: int
    docs: NDArray[np.int32]
    ordinals: NDArray[np.int32]
    values: tuple[str, ...]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return _starts(self.docs, self.size)

    def counts(self, found: Mask, number: int) -> dict[str, int]:
        """Count the values of the ``number`` documents in ``found``, most frequent first."""
        if number * _FEW < self.size:
            entries = _ranges(self._starts, np.flatnonzero(found))
            ordinals = self.ordinals[entries]
        else:
            ordinals = self.ordinals[found[self.docs]]
        counts = np.bincount(ordinals, minlength=len(self.values))
        present = np.flatnonzero(counts)
        ranked = sorted((-int(counts[i]), self.values[i]) for i in present)
        return {value: -negative for negative, value in ranked}

    def having(self, wanted: Iterable[str]) -> Mask:
        """Return the documents that have at least one of the wanted values."""
        chosen = np.zeros(len(self.values) + 1, np.bool_)
        for value in wanted:
            chosen[self._ordinal_of.get(value, -1)] = True
        chosen[-1] = False
        found = np.zeros(self.size, np.bool_)
        found[self.docs[chosen[self.ordinals]]] = True
        return found

    def beginning_with(self, words: tuple[str, ...]) -> list[str]:
        """Return the values whose identifier words begin with ``words``."""
        return [
            value
            for value, identifier in zip(self.values, self._identifiers, strict=True)
            if identifier[: len(words)] == words
        ]

    @cached_property
    def _identifiers(self) -> list[tuple[str, ...]]:
        return [tuple(identifier_words(value)) for value in self.values]

    @cached_property
    def _ordinal_of(self) -> dict[str, int]:
        return {value: i for i, value in enumerate(self.values)}


@dataclass(frozen=True)
class TimelineColumn:
    """Change points of one key: from ``days[i]`` on, ``docs[i]`` has ``values[ordinals[i]]``."""

    size: int
    docs: NDArray[np.int32]
    days: NDArray[np.int32]
    ordinals: NDArray[np.int32]
    values: tuple[str, ...]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return _starts(self.docs, self.size)

    def on(self, day: int) -> ValueColumn:
        """Return the values in force on a day (proleptic ordinal)."""
        begun = np.concatenate(([0], np.cumsum(self.days <= day)))
        passed = begun[self._starts[1:]] - begun[self._starts[:-1]]
        docs = np.flatnonzero(passed)
        last = self._starts[docs] + passed[docs] - 1
        return ValueColumn(self.size, docs.astype(np.int32), self.ordinals[last], self.values)


@dataclass(frozen=True)
class Columns:
    """All columns of a segment, or of several segments one after the other.

    Arrays have one element per document: ``subjects`` and ``order`` are bytes (UTF-8),
    ``prior`` is from 0 to 1, ``year`` is ``UNKNOWN_YEAR`` where unknown, ``title_words``
    is the mean length of the titles, ``surplus`` the identifier words after the main
    number.
    """

    subjects: NDArray[np.bytes_]
    order: NDArray[np.bytes_]
    prior: NDArray[np.float32]
    year: NDArray[np.int16]
    title_words: NDArray[np.float32]
    surplus: NDArray[np.uint8]
    facets: Mapping[str, ValueColumn]
    timelines: Mapping[str, TimelineColumn]

    def __len__(self) -> int:
        return len(self.subjects)


def _starts(docs: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.bincount(docs, minlength=size))))


def _ranges(starts: NDArray[np.int64], docs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the entry numbers of the given documents."""
    first = starts[docs]
    lengths = starts[docs + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(first - (ends - lengths), lengths) + np.arange(total)
