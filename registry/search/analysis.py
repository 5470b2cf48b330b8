"""How text becomes words: the same way when indexing and when searching.

Every word has a *folded* form, by which it is found (lower case, no diacritics: "giám"
→ "giam", "đô" → "do"), and, where that loses something, an *exact* form, by which a
match with the right diacritics ranks higher. Scripts written without spaces (Han,
kana, Hangul, Thai, Lao, Khmer, Burmese) are cut into overlapping pairs of characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

# Bounds that keep hostile input harmless; real titles stay far below them.
MAX_CHARACTERS = 100_000
MAX_WORDS = 8_000
MAX_WORD_LENGTH = 64
# Words of two titles must not look adjacent to a phrase.
TITLE_GAP = 8

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# Marks that belong to a word but which Python's \w leaves out.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_ASCII_WORD = re.compile(r"([a-z0-9]{1,64})[a-z0-9]*")
_WORD = re.compile(rf"[\w{_MARKS}{_SPACELESS}]+")
_RUN = re.compile(rf"[{_SPACELESS}]+|[^{_SPACELESS}]+")
_SPACELESS_START = re.compile(rf"[{_SPACELESS}]")
# Latin, Greek and Cyrillic diacritics, Hebrew points and Arabic vowel signs are often left
# out in typing. Kana and Indic marks are not: they make another letter.
_OPTIONAL_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_LETTER_OR_NUMBER_RUN = re.compile(r"\d+|[^\W\d_]+")
_INVISIBLE: dict[int, str | None] = dict.fromkeys((0xAD, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Letters that Unicode does not decompose but that are typed as the plain letter.
_PLAIN = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class Word(NamedTuple):
    """One word of a text: where it stands, and its two forms."""

    position: int
    folded: str
    exact: str | None  # None when it equals ``folded``


def normalise(text: str) -> str:
    """Return ``text`` in lower case and in Unicode NFKC, without invisible characters."""
    text = text[:MAX_CHARACTERS]
    if text.isascii():
        return text.lower().replace("_", " ")
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    return unicodedata.normalize("NFKC", text).replace("_", " ")


def fold(text: str) -> str:
    """Return normalised ``text`` without the diacritics that people leave out."""
    if text.isascii():
        return text
    bare = _OPTIONAL_MARK.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(_PLAIN)


def words(text: str) -> Iterator[Word]:
    """Yield the words of a typed text; positions count words from 0."""
    yield from _words(text, closing=False)


def index_words(texts: Iterable[str]) -> tuple[dict[str, list[int]], int]:
    """Return the terms of several texts with their ascending positions, and the word count.

    Folded and exact forms are terms of one map: an exact form always holds a character
    that no folded form has. Words past ``MAX_WORDS`` are left out.
    """
    terms: dict[str, list[int]] = {}
    count = base = 0
    for text in texts:
        end = base
        for position, folded, exact in _words(text, closing=True):
            end = base + position + 1
            if end > MAX_WORDS:
                return terms, count
            terms.setdefault(folded, []).append(base + position)
            if exact is not None:
                terms.setdefault(exact, []).append(base + position)
            count += 1
        base = end + TITLE_GAP
    return terms, count


def identifier_words(text: str) -> list[str]:
    """Return the folded letter runs and numbers of an identifier: "QCVN135" → qcvn, 135."""
    return [run[:MAX_WORD_LENGTH] for run in _LETTER_OR_NUMBER_RUN.findall(fold(normalise(text)))]


def main_number(identifier: list[str]) -> int:
    """Return the index of the number that names the document, or the length if none.

    It is the first number, save one that opens the identifier ("3GPP TS 25.453" → 25).
    """
    numbers = [i for i, word in enumerate(identifier) if word.isdigit()]
    if len(numbers) > 1 and numbers[0] == 0 and not identifier[1].isdigit():
        return numbers[1]
    return numbers[0] if numbers else len(identifier)


def sort_key(identifier: list[str]) -> str:
    """Return a text whose order is the natural order of identifiers: 9 before 135."""
    return " ".join(word.zfill(8) if word.isdigit() else word for word in identifier)


def _words(text: str, *, closing: bool) -> Iterator[Word]:
    lowered = normalise(text)
    if lowered.isascii():
        for position, word in enumerate(_ASCII_WORD.findall(lowered)):
            yield Word(position, word, None)
        return
    position = 0
    for chunk in _WORD.findall(lowered):
        for run in _RUN.findall(chunk):
            if _SPACELESS_START.match(run):
                for start in range(len(run) if closing else max(1, len(run) - 1)):
                    yield Word(position + start, run[start : start + 2], None)
                position += len(run)
            else:
                folded = _fold_word(run[:MAX_WORD_LENGTH])
                if folded:
                    yield Word(position, folded, None if folded == run else run[:MAX_WORD_LENGTH])
                    position += 1


# Titles repeat the same few thousand accented words; folding them anew costs most.
_fold_word = lru_cache(maxsize=50_000)(fold)
