"""The Harmonized System of 2022: what its sections, chapters, headings and subheadings cover.

A bundled vocabulary file, read when first asked for (docs/adr/0012-hs-nomenclature.md).
It ends at six digits: the seventh and eighth belong to each country's tariff.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from registry.catalog.hs_vietnamese import vietnamese_titles
from registry.catalog.product_words import plain_words, word_form

DATA_FILE = Path(__file__).parent / "data" / "hs-2022.tsv"
NAME = "HS 2022"

_WORD = re.compile(r"[a-z]+")

_SUBHEADING = 6

# Numbers and abbreviations stand in descriptions for many things.
_SHORTEST_WORD = 3


@dataclass(frozen=True, slots=True)
class HsEntry:
    """One section (a Roman number), chapter, heading or subheading; ``parent`` is above it.

    ``vietnamese`` is this register's own short title, blank where it has none.
    """

    code: str
    parent: str
    description: str
    vietnamese: str = ""


@dataclass(frozen=True, slots=True)
class HsWords:
    """What words found in the nomenclature.

    ``codes`` are the headings and subheadings whose descriptions hold all the words
    used, the most specific only; ``used`` are those words, or the Vietnamese phrase.
    Words that stand nowhere in the nomenclature are left aside.
    """

    codes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nomenclature:
    """Entries by code, in the order of the nomenclature."""

    entries: dict[str, HsEntry] = field(repr=False)

    def lineage(self, digits: str) -> list[HsEntry]:
        """Return the entries that ``digits`` belongs to, from its section down.

        The last is the code itself or, where it has none of its own, the nearest
        above it. Empty for a code outside the nomenclature, as "77".
        """
        code = next((d for d in _downwards(digits) if d in self.entries), "")
        line: list[HsEntry] = []
        while code:
            entry = self.entries[code]
            line.append(entry)
            code = entry.parent
        return line[::-1]

    def holds(self, digits: str) -> bool:
        """Whether a code of any length stands in the nomenclature or belongs to a subheading."""
        if len(digits) > _SUBHEADING:
            return digits[:_SUBHEADING] in self.entries
        return digits in self.entries or any(code.startswith(digits) for code in self.entries)

    def search(self, text: str) -> HsWords:
        """Return the headings and subheadings described by the words of ``text``.

        Vietnamese is looked for where it is written as such, or where not all words are
        English ones. Of "camera giám sát" the phrase tells which cameras are meant.
        """
        found = self._in_english(text)
        if text.isascii() and len(found.used) == len(plain_words(text)):
            return found
        phrase = vietnamese_titles().search(text)
        if not phrase.codes:
            return found
        narrowed = tuple(code for code in found.codes if code[:4] in phrase.codes)
        return HsWords(narrowed or tuple(sorted(phrase.codes)), (phrase.phrase,))

    def _in_english(self, text: str) -> HsWords:
        wanted = [
            word
            for word in plain_words(text)
            if len(word) >= _SHORTEST_WORD and word in self._postings
        ]
        if not wanted:
            return HsWords()
        found = set.intersection(*(self._postings[word] for word in wanted))
        # "Camera" stands in a heading on account of one part of it: that part is meant.
        above = {self.entries[code].parent for code in found}
        return HsWords(tuple(sorted(found - above)), tuple(wanted))

    @cached_property
    def _postings(self) -> dict[str, set[str]]:
        """Codes by word; chapters are too wide to say anything about a product."""
        postings: dict[str, set[str]] = defaultdict(set)
        for code, entry in self.entries.items():
            if code.isdigit() and len(code) > 2:
                # The descriptions are plain ASCII, which needs no folding.
                for word in set(_WORD.findall(entry.description.lower())):
                    postings[word_form(word)].add(code)
        return dict(postings)


@cache
def nomenclature() -> Nomenclature:
    """Return the bundled nomenclature; the file is read once in a process."""
    lines = DATA_FILE.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    titles = vietnamese_titles().titles
    return Nomenclature(
        {code: HsEntry(code, above, words, titles.get(code, "")) for code, above, words in rows}
    )


def _downwards(digits: str) -> list[str]:
    """Return ``digits`` and what it is part of, the longest first."""
    return [digits[:length] for length in (_SUBHEADING, 4, 2) if length <= len(digits)]
