"""What a typed query means.

    camera giám sát          all the words, in any order, diacritics or not
    "hệ thống quản lý"       the words next to each other, in this order
    -draft  -"part 1"        without these
    ics:35.030               a value of a facet that begins with these words
    adopts:"ISO/IEC 27001"   the same, with a value of several words
    year:2020..2025          the year, or a range of years open at either end

A prefix counts only when it is a key of the index; "27002:2022" is two words. Nothing
typed is an error: what cannot be read is a word, or is named in ``ignored``.
"""

import re
from collections.abc import Set
from dataclasses import dataclass

from registry.search import analysis
from registry.search.analysis import Word

MAX_CHARACTERS = 1_000
MAX_WORDS = 32

_ITEM = re.compile(
    r"""(?P<typed>
        (?:(?<!\S)(?P<minus>-))?
        (?:(?P<key>[^\W\d_][\w-]*):)?
        (?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))
    )""",
    re.VERBOSE,
)
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<dots>\.\.)?(?P<last>\d{4})?")
_QUOTES = dict.fromkeys(map(ord, "“”„«»″"), '"')


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be found; next to each other if ``adjacent``, anywhere otherwise."""

    words: tuple[Word, ...]
    adjacent: bool = False
    typed: str = ""


@dataclass(frozen=True, slots=True)
class HasValue:
    """A facet value that begins with these identifier words."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InYears:
    """A year from ``first`` to ``last``, both included."""

    first: int
    last: int


Clause = Words | HasValue | InYears


@dataclass(frozen=True, slots=True)
class Query:
    """A typed text, read: what must be there, what must not, and what was not understood."""

    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    ignored: tuple[str, ...] = ()


def parse(text: str, keys: Set[str]) -> Query:
    """Read a typed query; ``keys`` are the facets and timelines that a prefix may name."""
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    ignored: list[str] = []
    words_left = MAX_WORDS
    for item in _ITEM.finditer(text[:MAX_CHARACTERS].translate(_QUOTES)):
        clause = _clause(item, keys)
        if clause is None:
            # Loose punctuation is no loss to anyone.
            if any(map(str.isalnum, item["typed"])):
                ignored.append(item["typed"])
            continue
        words_left -= 1 if isinstance(clause, InYears) else len(clause.words)
        if words_left < 0:
            ignored.append(item["typed"])
            break
        (unwanted if item["minus"] else wanted).append(clause)
    if len(text) > MAX_CHARACTERS and words_left >= 0:
        ignored.append("…")
    return Query(tuple(wanted), tuple(unwanted), tuple(ignored))


def _clause(item: re.Match[str], keys: Set[str]) -> Clause | None:
    quoted = item["phrase"] is not None
    value = item["phrase"] if quoted else item["word"]
    key = (item["key"] or "").lower()
    if key == "year":
        return _years(value)
    if key in keys:
        identifier = analysis.identifier_words(value)
        return HasValue(key, tuple(identifier)) if identifier else None
    if item["key"]:
        value = f"{item['key']}:{value}"
    words = tuple(analysis.words(value))
    return Words(words, adjacent=quoted and len(words) > 1, typed=value) if words else None


def _years(value: str) -> InYears | None:
    match = _YEARS.fullmatch(value.strip())
    if match is None or not (match["first"] or match["last"]):
        return None
    if not match["dots"]:
        return InYears(int(value), int(value)) if len(value.strip()) == 4 else None
    return InYears(int(match["first"] or 0), int(match["last"] or 9999))
