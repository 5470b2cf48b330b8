"""Asks the search engines of ``bench.search_engines`` the same questions, and times them.

``plain`` measures typed words with an index that was just opened and again; ``language``
every part of the query language. ``plain_table`` and ``language_table`` print the figures.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.search_engines import ENGINES, Engine, Question, seconds_of
from registry.search.engine import SearchRecord

# From a rare word to the most common ones, designations in several spellings, phrases
# of Vietnamese with and without diacritics, and scripts without spaces.
QUERIES = (
    "holography",
    "blockchain",
    "camera giám sát",
    "camera giam sat",
    "trí tuệ nhân tạo",
    "an toàn thông tin",
    "qcvn 135",
    "QCVN 135:2024/BTTTT",
    "TCVN ISO/IEC 27002",
    "27002",
    "iso 9001",
    "ISO 1",
    "EN 303 645",
    "rfc 9110",
    "x.509",
    "iec 62443-4-2",
    "smart city",
    "artificial intelligence",
    "data quality part 2",
    "machine learning",
    "internet of things security",
    "information security management systems",
    "cloud computing vocabulary",
    "quality management",
    "sécurité de l'information",
    "情報技術",
    "determination of water content",
    "test methods",
    "electrical safety requirements",
    "information technology",
    "specification",
    "requirements",
    "general requirements",
    "systems",
    "part of systems",
    "part of",
    "of",
    "the",
)

# From narrow to wide.
_WORDS = ("security", "requirements", "part of")

# Each part of the query language. Few questions: a reference counts facets slowly.
LANGUAGE: dict[str, tuple[Question, ...]] = {
    "phrase": tuple(
        Question(phrase=phrase)
        for phrase in ("trí tuệ nhân tạo", "information security", "general requirements")
    ),
    "-word": tuple(Question(words=words, without="systems") for words in _WORDS),
    "-phrase": tuple(Question(words=words, without="information technology") for words in _WORDS),
    "field prefix": tuple(
        Question(words="requirements", having=having)
        for having in (("ics", "35"), ("kind", "international"), ("year", "2020"))
    ),
    "facet filters": tuple(
        Question(words="requirements", filters=filters)
        for filters in (
            {"kind": "international"},
            {"kind": "international", "status": "withdrawn"},
            {"body": "ISO", "ics": "35"},
        )
    ),
    "newest first": tuple(Question(words=words, sort="newest") for words in _WORDS),
    "by designation": tuple(Question(words=words, sort="designation") for words in _WORDS),
    "suggestions": tuple(
        Question(words=words, complete=True)
        for words in ("qcvn 13", "iso 900", "trí tuệ nh", "smart cit", "informatio")
    ),
    "did you mean": tuple(
        Question(words=words, correct=True) for words in ("blokchain", "informaton", "securty")
    ),
}

Records = Callable[[], Iterable[SearchRecord]]


@dataclass(frozen=True, slots=True)
class Timings:
    """What one engine took: seconds to index, milliseconds for each query.

    ``first`` is the first time a query is asked of a freshly opened index, ``again`` the
    second time. ``language`` is of each part of the query language, asked after those;
    a part that an engine does not have is empty.
    """

    name: str
    records: int
    index_seconds: float
    first: tuple[float, ...]
    again: tuple[float, ...]
    language: dict[str, tuple[float, ...]]


def compare(records: Records, folder: Path, at: date) -> tuple[Timings, ...]:
    """Measure the engines, one after the other, each in a folder of its own."""
    return tuple(_measured(make(records(), folder / make.__name__, at)) for make in ENGINES)


def plain_table(timings: Sequence[Timings]) -> str:
    """Return what typed words took as a table for people."""
    lines = [
        f"{'':12} {'records':>8} {'index s':>8} {'rec/s':>7} "
        f"{'first median':>13} {'95th ms':>8} {'again median':>13} {'95th ms':>8}"
    ]
    lines += [
        f"{one.name:12} {one.records:8,} {one.index_seconds:8.1f} "
        f"{one.records / one.index_seconds:7,.0f} "
        f"{statistics.median(one.first):13.2f} {percentile(one.first):8.2f} "
        f"{statistics.median(one.again):13.2f} {percentile(one.again):8.2f}"
        for one in timings
    ]
    return "\n".join(lines)


def language_table(timings: Sequence[Timings]) -> str:
    """Return median and longest milliseconds of each part of the query language."""
    lines = [f"{'median (longest) ms':20}" + "".join(f"{one.name:>22}" for one in timings)]
    for part in LANGUAGE:
        cells = [_median_and_longest(one.language[part]) for one in timings]
        lines.append(f"{part:20}" + "".join(f"{cell:>22}" for cell in cells))
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the nearest-rank percentile."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * len(ranked) + 0.5) - 1)]


def _measured(engine: Engine) -> Timings:
    typed = [Question(words=words) for words in QUERIES]
    try:
        first = _times(engine, typed)
        again = _times(engine, typed)
        language = {}
        for part, questions in LANGUAGE.items():
            has = engine.ask(questions[0]) is not None
            language[part] = _times(engine, questions) if has else ()
    finally:
        engine.close()
    return Timings(engine.name, engine.records, engine.seconds, first, again, language)


def _times(engine: Engine, questions: Sequence[Question]) -> tuple[float, ...]:
    return tuple(1e3 * seconds_of(lambda q=question: engine.ask(q)) for question in questions)  # type: ignore[misc]


def _median_and_longest(values: Sequence[float]) -> str:
    if not values:
        return "–"
    return f"{statistics.median(values):.2f} ({max(values):.2f})"
