"""How much each kind of match counts.

The score of a word is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009) in titles and texts, with one rarity for each term, plus constants for
designations, where neither length nor repetition means anything.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.search.columns import Columns
from registry.search.schema import DESIGNATION, TEXT, TITLE

Scores = NDArray[np.floating[Any]]

FIELD = {TITLE: 1.0, TEXT: 0.4}
EXACT = 0.5  # on top, where the diacritics agree as well
VARIANT = 0.8  # the singular for a plural, or the reverse
BEGINNING = 0.5  # a word that begins with what was typed
# "iso" in a designation: less than a title word, for some publishers' designations are
# made of ordinary words.
LETTERS = 0.7
NUMBER = 4.0  # "2022" in a designation
MAIN_NUMBER = 6.0  # on top, where the number names the document
# Two words next to each other as typed, in designations only around a number.
CLOSENESS = {TITLE: 0.6, DESIGNATION: 1.5}

# Repetition soon stops counting: a title in three languages may repeat a word thrice.
_SATURATION = 0.6
_LENGTH_SHARE = 0.4
TEXT_NORM = np.float32(_SATURATION)

_SURPLUS_STEP = 0.04  # lost for each identifier word after number and year
_MOST_SURPLUS = 10
_PRIOR_SHARE = 0.3
_LANGUAGE_SHARE = 0.05
# Years only break ties: a century apart makes less than a prior 0.1 apart.
_YEAR_SHARE = 0.0002
_FIRST_YEAR = 1900

# Words without a meaning of their own: they raise a match but need not be in it, unless
# there is nothing else. Folded Vietnamese syllables must not be among them, so "the"
# (thẻ), "in" and "an" (an toàn) or French "de" (đề) cannot be.
COMMON_WORDS = frozenset(
    "and as by for from of or with au aux d des et l les par pour sur une cac в и на с для".split()
)


def rarity(documents: int, all_documents: int) -> float:
    """Return the weight of a term that occurs in some of all documents; above 0."""
    missing = max(0, all_documents - documents)
    return math.log1p((missing + 0.5) / (documents + 0.5))


def title_norm(columns: Columns, mean_words: float) -> Scores:
    """Return what title length adds to BM25's denominator, for each document."""
    relative = columns.title_words / np.float32(mean_words)
    return np.float32(_SATURATION) * (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)


def saturate(counts: NDArray[np.int64], norm: Scores | np.float32) -> Scores:
    """Return BM25's share of repetition and length, from 0 to 1 + saturation."""
    repeated = counts.astype(np.float32)
    return repeated * np.float32(_SATURATION + 1) / (repeated + norm)


def brevity(surplus: NDArray[np.uint8]) -> Scores:
    """Return the factor by which "27002:2013/Cor 1:2014" falls behind "27002:2013"."""
    beyond = np.clip(surplus.astype(np.float32) - 1, 0, _MOST_SURPLUS)
    return 1 - np.float32(_SURPLUS_STEP) * beyond


def standing(columns: Columns, docs: NDArray[np.int64]) -> Scores:
    """Return the factor that prior and year give the documents."""
    recent = np.maximum(columns.year[docs].astype(np.float32) - _FIRST_YEAR, 0)
    return 1 + np.float32(_PRIOR_SHARE) * columns.prior[docs] + np.float32(_YEAR_SHARE) * recent


def language_bonus(spoken: NDArray[np.bool_]) -> Scores:
    """Return the factor of documents that have a title in the language preferred."""
    return 1 + np.float32(_LANGUAGE_SHARE) * spoken
