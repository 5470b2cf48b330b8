"""What the rest of the registry asks of a search engine.

The engine gives subjects ("edition:17") and counts; facts always come from the
database. It knows no domain: facets, timelines and their values are the caller's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

Sort = Literal["relevance", "newest", "designation"]
ChangePoint = tuple[date | None, str]


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """Everything the index holds about one subject.

    ``designation`` is the printed identifier, ``designation_forms`` its other
    spellings; both are matched letter run by letter run and number by number, and a
    form made of digits only names the main number. ``titles`` maps a language to the
    title in it; ``text`` holds further words that should find the subject.

    ``facets`` maps a key to the subject's values. ``timelines`` maps a key to ascending
    ``(from day, value)`` change points; ``None`` as day means "since ever". A timeline
    is counted and filtered like a facet, with the value in force on the day asked;
    before its first change point the subject has no value. No key may be both, and
    "year" is reserved for ``year``.

    ``prior`` is a static rank from 0 to 1 (values outside are clipped): with an equal
    match the higher prior comes first.
    """

    subject: str
    designation: str
    designation_forms: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timelines: Mapping[str, tuple[ChangePoint, ...]] = field(default_factory=dict)
    year: int | None = None
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A question: typed text, filters, and the facets to count.

    ``text`` follows ``registry.search.query_language``; an empty text asks for
    everything. ``filters`` maps a facet, a timeline or "year" to the values allowed:
    values of one key are alternatives, keys must all hold, an empty set is no filter,
    and a key that the index does not know matches nothing. ``at`` is the day for which
    timelines are read. ``prefer_language`` lets subjects titled in that language come
    first among equals.

    Results sorted by "newest" are ordered by year, unknown years last. With ``complete``
    the last word may be the beginning of a word: for suggestions while somebody types.
    """

    text: str
    filters: Mapping[str, frozenset[str]]
    facets: tuple[str, ...]
    at: date
    limit: int = 20
    offset: int = 0
    sort: Sort = "relevance"
    prefer_language: str | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of subjects and the counts around it.

    ``total`` counts all subjects found. ``facets`` maps each facet asked to its counts,
    most frequent first. The counts of a facet ignore the filter on that same facet, so
    that a user who has ticked one value still sees what ticking another would add;
    filters on other facets apply. ``position`` is the journal position the answer
    reflects. ``ignored`` names the typed parts that had no effect, because nothing
    contains them, they were malformed, or the text was too long; ``relaxed`` tells that
    no subject contains all the words and those with the most of them are given.
    ``corrected`` is the text with unknown words replaced by like ones that are known,
    where there are such: a question to ask back, not what was searched.
    """

    subjects: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    position: int
    ignored: tuple[str, ...] = ()
    relaxed: bool = False
    corrected: str | None = None


class SearchEngine(Protocol):
    """A derived index of subjects that follows the journal.

    Any number of processes may search while one writes. A reader sees a commit with
    its next search; a process that dies while writing leaves the last commit as it was.
    """

    def position(self) -> int:
        """Return the journal position contained in the index.

        The position is part of the commit, never ahead of or behind its content. It is
        0 when there is no index, or none that can be read: then a rebuild is due.
        """
        ...

    def apply(self, upserts: Iterable[SearchRecord], deletes: Iterable[str], position: int) -> None:
        """Delete subjects, then add or replace records, as one commit at ``position``.

        A subject both deleted and upserted is kept; of two records of one subject the
        last counts. Applying the same batch again changes nothing. Raises ``Busy`` when
        someone else is writing, ``Conflict`` when the index cannot be read, and
        ``ValueError`` when it is already ahead of ``position``.
        """
        ...

    def rebuild(self, records: Iterable[SearchRecord], position: int) -> None:
        """Build a fresh index from ``records`` beside the present one, then swap them.

        Searches go on against the present index until the swap. Raises ``Busy`` when
        someone else is writing and ``ValueError`` when a subject occurs twice.
        """
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Never raises on account of what was typed."""
        ...
