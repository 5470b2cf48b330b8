"""The fields of the index and how a search record fills them."""

import json
from collections.abc import Generator, Mapping
from datetime import date
from typing import Any, TypedDict

from whoosh.fields import COLUMN, ID, FieldType, Schema

from registry.search import analysis
from registry.search.engine import ChangePoint, SearchRecord
from registry.search.packed_postings import PackedPositions, pack_positions

# Fields of words, in which a typed word is looked for.
DESIGNATION = "designation"
TITLE = "title"
TEXT = "text"
# Fields of whole values.
SUBJECT = "subject"
STATE = "state"
# The column from which a segment's columns are made; see registry.search.columns.
PAYLOAD = "payload"

# In the designation field, the main number is filed a second time behind this mark.
MAIN_NUMBER = "#"
# Words of other spellings are filed behind the printed designation, with gaps between
# them, so that no phrase runs across.
_SPELLING_START = 200

LANGUAGE = "@language"  # the internal facet of the languages that a record has titles in
RESERVED_KEYS = frozenset({"year", LANGUAGE})


class Payload(TypedDict):
    """What a segment's columns need of one record."""

    subject: str
    prior: float
    year: int | None
    title_words: float  # mean number of words of a title
    surplus: int  # identifier words after the main number
    order: str  # sort key of the designation
    facets: dict[str, list[str]]
    timelines: dict[str, list[tuple[int | None, str]]]  # proleptic ordinals of days


class WordsField(FieldType):
    """A field filled with terms and their positions, as ``analysis`` makes them."""

    def __init__(self) -> None:
        super().__init__(format=PackedPositions(), analyzer=None)  # type: ignore[arg-type]

    def index(
        self, value: Mapping[str, list[int]], **kwargs: Any
    ) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        """Yield Whoosh's (term, frequency, weight, posting value) for each term."""
        for term, positions in value.items():
            yield term.encode(), len(positions), len(positions), pack_positions(positions)


def schema() -> Schema:
    """Return the Whoosh schema of the index."""
    return Schema(
        subject=ID(unique=True),
        state=ID(),
        designation=WordsField(),
        title=WordsField(),
        text=WordsField(),
        payload=COLUMN(),
    )


def document(record: SearchRecord) -> dict[str, Any]:
    """Return a record as the arguments of Whoosh's ``add_document``.

    Raises ``ValueError`` when a key is reserved, or both a facet and a timeline.
    """
    wrong = (record.facets.keys() | record.timelines.keys()) & RESERVED_KEYS
    wrong |= record.facets.keys() & record.timelines.keys()
    if wrong:
        raise ValueError(f"{record.subject}: keys used twice or reserved: {sorted(wrong)}")
    identifier = analysis.identifier_words(record.designation)
    main = analysis.main_number(identifier)
    titles, title_words = analysis.index_words(record.titles.values())
    text, _ = analysis.index_words((record.text,) if record.text else ())
    facets = {key: list(dict.fromkeys(values)) for key, values in record.facets.items() if values}
    if record.titles:
        facets[LANGUAGE] = list(record.titles)
    payload: Payload = {
        "subject": record.subject,
        "prior": min(1.0, max(0.0, record.prior)),
        "year": record.year,
        "title_words": round(title_words / max(1, len(record.titles)), 1),
        "surplus": max(0, len(identifier) - main - 1),
        "order": analysis.sort_key(identifier),
        "facets": facets,
        "timelines": {key: _days(points) for key, points in record.timelines.items() if points},
    }
    return {
        SUBJECT: record.subject,
        DESIGNATION: _designation_terms(identifier, main, record.designation_forms),
        TITLE: titles,
        TEXT: text,
        PAYLOAD: json.dumps(payload, separators=(",", ":")).encode(),
    }


def state_document(position: int) -> dict[str, Any]:
    """Return the document that carries the journal position of a commit."""
    return {STATE: f"{position:020d}", PAYLOAD: b"{}"}


def _days(points: tuple[ChangePoint, ...]) -> list[tuple[int | None, str]]:
    def ordinal(day: date | None) -> int | None:
        return None if day is None else day.toordinal()

    return [(ordinal(day), value) for day, value in points]


def _designation_terms(
    identifier: list[str], main: int, forms: tuple[str, ...]
) -> dict[str, list[int]]:
    terms: dict[str, list[int]] = {}
    for position, word in enumerate(identifier[: _SPELLING_START // 2]):
        terms.setdefault(word, []).append(position)
    marked = identifier[main : main + 1]
    position = _SPELLING_START
    for form in forms:
        words = analysis.identifier_words(form)
        if len(words) == 1 and words[0].isdigit():
            marked.append(words[0])
        for word in words:
            if word not in terms:
                terms[word] = [position]
                position = min(position + 2, 60_000)
    for number in marked:
        terms[MAIN_NUMBER + number] = [0]
    return terms
