"""Short Vietnamese titles of sections, chapters and headings of machines and instruments.

The nomenclature itself is bundled in English. These titles are this register's own, in
the words of Viet Nam's tariff and of those who ask, so that *máy ảnh* finds 8525 and 9006.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from registry.search.analysis import words

DATA_FILE = Path(__file__).parent / "data" / "hs-2022-vi.tsv"

_HEADING = 4
_PART_ENDS = re.compile(r"[.,;:()]")


class Found(NamedTuple):
    """The headings whose titles hold a phrase, and the phrase as it was asked for."""

    codes: frozenset[str] = frozenset()
    phrase: str = ""


class VietnameseTitles:
    """Titles by code, and the phrases in them."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles

    def search(self, text: str) -> Found:
        """Return the headings of the longest part of ``text`` that some title holds.

        Syllables are compared as typed, without diacritics only where none was typed. A
        single syllable says too little unless nothing else was asked. Where the phrase
        opens a part of a title, titles that hold it further in ("dùng cho máy ảnh") are
        about something else.
        """
        asked = [(word.exact or word.folded, word.folded) for word in words(text)]
        plain = all(exact == folded for exact, folded in asked)
        syllables = [folded if plain else exact for exact, folded in asked]
        index = self._folded if plain else self._exact
        shortest = min(2, len(syllables))
        for length in range(len(syllables), shortest - 1, -1):
            for start in range(len(syllables) - length + 1 if length else 0):
                phrase = syllables[start : start + length]
                codes = index.holding(phrase)
                if codes:
                    return Found(codes, " ".join(phrase))
        return Found()

    @cached_property
    def _exact(self) -> "_Phrases":
        return _Phrases(self.titles, folded=False)

    @cached_property
    def _folded(self) -> "_Phrases":
        return _Phrases(self.titles, folded=True)


class _Phrases:
    """Which headings hold which syllables in which order."""

    def __init__(self, titles: Mapping[str, str], *, folded: bool) -> None:
        self._parts: dict[str, list[str]] = {}
        self._codes: dict[str, set[str]] = defaultdict(set)
        for code, title in titles.items():
            if len(code) != _HEADING or not code.isdigit():
                # Sections and chapters are too wide to say anything about a product, and
                # what a subheading is comes from its heading.
                continue
            parts = _PART_ENDS.split(title)
            read = [
                [word.folded if folded else word.exact or word.folded for word in words(part)]
                for part in parts
            ]
            self._parts[code] = [f" {' '.join(part)} " for part in read if part]
            for part in read:
                for syllable in part:
                    self._codes[syllable].add(code)

    def holding(self, phrase: Sequence[str]) -> frozenset[str]:
        candidates = set.intersection(*(self._codes.get(s, set()) for s in phrase))
        sought = f" {' '.join(phrase)} "
        within = {code for code in candidates if any(sought in p for p in self._parts[code])}
        opening = {code for code in within if any(p.startswith(sought) for p in self._parts[code])}
        return frozenset(opening or within)


@cache
def vietnamese_titles() -> VietnameseTitles:
    """Return the bundled titles; the file is read once in a process."""
    lines = DATA_FILE.read_text(encoding="utf-8").splitlines()[1:]
    return VietnameseTitles(dict(line.split("\t", 1) for line in lines))
