"""Making the columns of a segment, keeping them in a file, joining those of several.

The columns of a segment are made once from its payloads and kept in a file beside the
segment. A segment never changes, so the file never goes stale; Whoosh's own cleaning
removes it with the segment, because its name begins like the segment's other files.
"""

import json
import os
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from registry.search.columns import UNKNOWN_YEAR, Columns, TimelineColumn, ValueColumn
from registry.search.schema import Payload

_SINCE_EVER = -1  # before every proleptic ordinal of a day
_ORDER_BYTES = 48

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
