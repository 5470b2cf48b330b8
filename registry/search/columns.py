"""Values per document, as arrays: for filtering, counting and sorting without reading text.

The columns of a segment are made once from its payloads and kept in a file beside the
segment. A segment never changes, so the file never goes stale; Whoosh's own cleaning
removes it with the segment, because its name begins like the segment's other files.
"""

import json
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from registry.search.analysis import identifier_words
from registry.search.schema import Payload

Mask = NDArray[np.bool_]

UNKNOWN_YEAR = 0
_SINCE_EVER = -1  # before every proleptic ordinal of a day
_ORDER_BYTES = 48
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


_ARRAYS = ("subjects", "order", "prior", "year", "title_words", "surplus")


class _Entries:
    """Collects the entries of one key."""

    def __init__(self) -> None:
        self.docs = array("i")
        self.days = array("i")
        self.ordinals = array("i")
        self.ordinal_of: dict[str, int] = {}

    def add(self, doc: int, value: str, day: int | None = None) -> None:
        self.docs.append(doc)
        self.days.append(_SINCE_EVER if day is None else day)
        self.ordinals.append(self.ordinal_of.setdefault(value, len(self.ordinal_of)))

    def facet(self, size: int) -> ValueColumn:
        return ValueColumn(size, _ints(self.docs), _ints(self.ordinals), tuple(self.ordinal_of))

    def timeline(self, size: int) -> TimelineColumn:
        docs, days, ordinals = map(_ints, (self.docs, self.days, self.ordinals))
        return TimelineColumn(size, docs, days, ordinals, tuple(self.ordinal_of))


def build(payloads: Iterable[bytes]) -> Columns:
    """Return the columns of a segment from the payloads of its documents, in their order."""
    subjects: list[bytes] = []
    order: list[bytes] = []
    prior, title_words = array("f"), array("f")
    year, surplus = array("h"), array("B")
    facets: dict[str, _Entries] = {}
    timelines: dict[str, _Entries] = {}
    for doc, payload in enumerate(payloads):
        record: Payload = {**_NOTHING, **json.loads(payload or b"{}")}
        subjects.append(record["subject"].encode())
        order.append(record["order"].encode()[:_ORDER_BYTES])
        prior.append(record["prior"])
        title_words.append(record["title_words"])
        year.append(_year(record["year"]))
        surplus.append(min(255, record["surplus"]))
        for key, values in record["facets"].items():
            entries = facets.get(key) or facets.setdefault(key, _Entries())
            for value in values:
                entries.add(doc, value)
        for key, points in record["timelines"].items():
            entries = timelines.get(key) or timelines.setdefault(key, _Entries())
            for day, value in points:
                entries.add(doc, value, day)
    size = len(subjects)
    return Columns(
        subjects=np.array(subjects, np.bytes_),
        order=np.array(order, np.bytes_),
        prior=np.frombuffer(prior, np.float32),
        year=np.frombuffer(year, np.int16),
        title_words=np.frombuffer(title_words, np.float32),
        surplus=np.frombuffer(surplus, np.uint8),
        facets={key: entries.facet(size) for key, entries in facets.items()},
        timelines={key: entries.timeline(size) for key, entries in timelines.items()},
    )


def save(columns: Columns, path: Path) -> None:
    """Write columns to a file that appears whole or not at all."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(columns, name) for name in _ARRAYS}
    contents: dict[str, list[tuple[str, tuple[str, ...]]]] = {"facets": [], "timelines": []}
    for number, (key, facet) in enumerate(columns.facets.items()):
        contents["facets"].append((key, facet.values))
        arrays[f"facet{number}docs"], arrays[f"facet{number}ordinals"] = facet.docs, facet.ordinals
    for number, (key, line) in enumerate(columns.timelines.items()):
        contents["timelines"].append((key, line.values))
        for part in ("docs", "days", "ordinals"):
            arrays[f"timeline{number}{part}"] = getattr(line, part)
    arrays["contents"] = np.frombuffer(json.dumps(contents).encode(), np.uint8)
    temporary = path.with_name(f".{uuid4().hex}")
    with temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    os.replace(temporary, path)


def load(path: Path) -> Columns:
    """Read columns from a file. Raises ``OSError`` or ``ValueError`` when it is not one."""
    with np.load(path, allow_pickle=False) as file:
        contents = json.loads(file["contents"].tobytes())
        plain = {name: file[name] for name in _ARRAYS}
        size = len(plain["subjects"])
        facets = {
            key: ValueColumn(
                size, file[f"facet{number}docs"], file[f"facet{number}ordinals"], tuple(values)
            )
            for number, (key, values) in enumerate(contents["facets"])
        }
        timelines = {
            key: TimelineColumn(
                size,
                file[f"timeline{number}docs"],
                file[f"timeline{number}days"],
                file[f"timeline{number}ordinals"],
                tuple(values),
            )
            for number, (key, values) in enumerate(contents["timelines"])
        }
    return Columns(**plain, facets=facets, timelines=timelines)


def join(parts: Sequence[Columns]) -> Columns:
    """Return the columns of several segments, one after the other, as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return build(())
    size = sum(map(len, parts))
    bases = np.cumsum([0, *map(len, parts)])[:-1].tolist()
    facets: dict[str, list[tuple[int, ValueColumn]]] = {}
    timelines: dict[str, list[tuple[int, TimelineColumn]]] = {}
    for base, part in zip(bases, parts, strict=True):
        for key, facet in part.facets.items():
            facets.setdefault(key, []).append((base, facet))
        for key, line in part.timelines.items():
            timelines.setdefault(key, []).append((base, line))
    return Columns(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS},
        facets={
            key: ValueColumn(size, _shifted(based), *_one_vocabulary(based))
            for key, based in facets.items()
        },
        timelines={
            key: TimelineColumn(
                size,
                _shifted(based),
                np.concatenate([line.days for _, line in based]),
                *_one_vocabulary(based),
            )
            for key, based in timelines.items()
        },
    )


_NOTHING: Payload = {
    "subject": "",
    "prior": 0.0,
    "year": None,
    "title_words": 0.0,
    "surplus": 0,
    "order": "",
    "facets": {},
    "timelines": {},
}

_Based = Sequence[tuple[int, ValueColumn | TimelineColumn]]


def _shifted(based: _Based) -> NDArray[np.int32]:
    return np.concatenate([column.docs + np.int32(base) for base, column in based])


def _one_vocabulary(based: _Based) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    ordinal_of: dict[str, int] = {}
    ordinals = []
    for _, column in based:
        joint = [ordinal_of.setdefault(value, len(ordinal_of)) for value in column.values]
        ordinals.append(np.array(joint, np.int32)[column.ordinals])
    return np.concatenate(ordinals), tuple(ordinal_of)


def _ints(values: "array[int]") -> NDArray[np.int32]:
    return np.frombuffer(values, np.int32)


def _year(year: int | None) -> int:
    return year if year is not None and 0 < year < 10_000 else UNKNOWN_YEAR


def _starts(docs: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.bincount(docs, minlength=size))))


def _ranges(starts: NDArray[np.int64], docs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the entry numbers of the given documents."""
    first = starts[docs]
    lengths = starts[docs + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(first - (ends - lengths), lengths) + np.arange(total)
