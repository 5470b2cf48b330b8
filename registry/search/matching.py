"""Which documents a query finds, and how well each matches.

Works on whole arrays, one element per document of the snapshot: adding up a term's
contribution for a hundred thousand documents costs a fraction of a millisecond, so no
document is skipped and the counts are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from registry.search import analysis, weights
from registry.search.analysis import Word
from registry.search.columns import Mask
from registry.search.query_language import Clause, HasValue, InYears, Query, Words
from registry.search.schema import DESIGNATION, MAIN_NUMBER, TEXT, TITLE
from registry.search.snapshot import Postings, Snapshot, documents_of
from registry.search.variants import number_variants
from registry.search.weights import Scores

_FIELDS = (TITLE, TEXT, DESIGNATION)
# Terms looked at when an unknown word is taken as the beginning of words.
_EXPANSIONS = 64
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Match:
    """The documents found and their scores; ``scores`` is ``None`` when nothing was scored.

    ``unknown`` are the words typed that nothing contains.
    """

    found: Mask
    scores: Scores | None
    ignored: tuple[str, ...] = ()
    relaxed: bool = False
    unknown: tuple[str, ...] = ()


def match(snapshot: Snapshot, query: Query, day: int, *, complete: bool = False) -> Match:
    """Find the documents of a query; facet values are those of the day (ordinal).

    With ``complete`` the last word typed counts as the beginning of words, too.
    """
    return _Matching(snapshot, day, complete).match(query)


class _Matching:
    """One query's work on one snapshot."""

    def __init__(self, snapshot: Snapshot, day: int, complete: bool) -> None:
        self.snapshot = snapshot
        self.day = day
        self._complete = complete
        self._unfinished: Word | None = None
        self._postings: dict[tuple[str, str], Postings | None] = {}

    def match(self, query: Query) -> Match:
        texts = [clause for clause in query.wanted if isinstance(clause, Words)]
        if self._complete and texts and texts[-1].words:
            self._unfinished = texts[-1].words[-1]
        candidates = self.snapshot.alive.copy()
        for clause in query.wanted:
            if not isinstance(clause, Words):
                candidates &= self._having(clause)
        for clause in query.unwanted:
            candidates &= ~self._having(clause)
        if not texts:
            return Match(candidates, None, query.ignored)
        return self._match_texts(texts, candidates, query.ignored)

    def _match_texts(
        self, texts: Sequence[Words], candidates: Mask, ignored: tuple[str, ...]
    ) -> Match:
        total = np.zeros(len(self.snapshot), np.float32)
        required: list[Mask] = []
        optional: list[Mask] = []
        unknown: list[str] = []
        for clause in texts:
            for part in _parts(clause):
                common = len(part.words) == 1 and part.words[0].folded in weights.COMMON_WORDS
                scores = self._score_part(part)
                if scores is not None:
                    total += scores
                    (optional if common else required).append(scores > 0)
                elif not common:
                    unknown.append(part.typed)
        if not unknown:
            required = required or optional
        ignored = (*ignored, *dict.fromkeys(unknown))
        if not required or _number_sought(texts) in unknown:
            nothing = np.zeros(len(self.snapshot), np.bool_)
            return Match(nothing, None, ignored, unknown=tuple(unknown))
        found = candidates.copy()
        for hits in required:
            found &= hits
        apart = len(required) > 1 and not found.any()
        if apart:
            found = _most_hits(required, candidates)
        self._add_closeness(texts, found, total)
        relaxed = apart or bool(unknown)
        return Match(found, total, ignored, relaxed=relaxed, unknown=tuple(unknown))

    def _score_part(self, part: Words) -> Scores | None:
        """Score one word, or one phrase; ``None`` when nothing contains it."""
        total: Scores | None = None
        for word in part.words:
            scores = self._score_word(word)
            if scores is None:
                return None
            total = scores if total is None else total + scores
        if part.adjacent and total is not None:
            total[~self._phrase(part.words)] = 0
            if not total.any():
                return None
        return total

    def _score_word(self, word: Word) -> Scores | None:
        scores = np.zeros(len(self.snapshot), np.float32)
        known = self._add_word(scores, word.folded, 1.0)
        for variant in number_variants(word.folded):
            known |= self._add_word(scores, variant, weights.VARIANT)
        if word.exact is not None:
            for field in (TITLE, TEXT):
                self._add_term(scores, field, word.exact, weights.EXACT * weights.FIELD[field])
        known |= self._raise_to_identifier(scores, word.folded)
        if word is self._unfinished:
            known |= self._add_unfinished(scores, word.folded)
        if not known:
            known = self._add_beginnings(scores, word.folded)
        return scores if known else None

    def _add_word(self, scores: Scores, term: str, weight: float) -> bool:
        title = self._add_term(scores, TITLE, term, weight * weights.FIELD[TITLE])
        text = self._add_term(scores, TEXT, term, weight * weights.FIELD[TEXT])
        return title or text

    def _raise_to_identifier(self, scores: Scores, folded: str) -> bool:
        """Match a word with designations, run by run: "qcvn135" is qcvn and 135.

        The better of this match and the others counts, not their sum: a handbook with
        "27001" in designation and title is not ahead of 27001 itself.
        """
        runs = analysis.identifier_words(folded)
        found = [self._in(DESIGNATION, run) for run in runs]
        postings = [one for one in found if one is not None]
        if not runs or len(postings) < len(runs):
            return False
        docs = postings[0].docs
        for other in postings[1:]:
            docs = np.intersect1d(docs, other.docs, assume_unique=True)
        match = np.zeros(len(docs), np.float32)
        for run, one in zip(runs, postings, strict=True):
            kind = weights.NUMBER if run.isdigit() else weights.LETTERS
            match += np.float32(kind * self._rarity(one))
            main = self._in(DESIGNATION, MAIN_NUMBER + run) if run.isdigit() else None
            if main is not None:
                named = np.isin(docs, main.docs, assume_unique=True)
                match[named] += np.float32(weights.MAIN_NUMBER * self._rarity(main))
        match *= weights.brevity(self.snapshot.columns.surplus[docs])
        scores[docs] = np.maximum(scores[docs], match)
        return len(docs) > 0

    def _add_beginnings(self, scores: Scores, folded: str) -> bool:
        """Take a word that nothing contains as the beginning of words.

        So a single character of a script without spaces finds the pairs that it begins.
        """
        if len(folded) < _SHORTEST_BEGINNING and folded.isascii():
            return False
        known = False
        for field in (TITLE, TEXT):
            for term in self.snapshot.terms_from(field, folded, _EXPANSIONS):
                weight = weights.BEGINNING * weights.FIELD[field]
                known |= self._add_term(scores, field, term, weight)
        return known

    def _add_unfinished(self, scores: Scores, folded: str) -> bool:
        """Take the word that is being typed as the beginning of words and of numbers."""
        known = self._add_beginnings(scores, folded)
        for term in self.snapshot.terms_from(DESIGNATION, folded, _EXPANSIONS):
            postings = self._in(DESIGNATION, term)
            if postings is not None:
                kind = weights.NUMBER if term.isdigit() else weights.LETTERS
                scores[postings.docs] += np.float32(weights.BEGINNING * kind)
                known = True
        return known

    def _add_term(self, scores: Scores, field: str, term: str, weight: float) -> bool:
        postings = self._in(field, term)
        if postings is None:
            return False
        norm = self.snapshot.title_norm[postings.docs] if field == TITLE else weights.TEXT_NORM
        saturated = weights.saturate(postings.counts, norm)
        scores[postings.docs] += np.float32(weight * self._rarity(postings)) * saturated
        return True

    def _add_closeness(self, texts: Sequence[Words], found: Mask, total: Scores) -> None:
        """Raise documents in which words typed one after the other stand so, too."""
        typed = [word.folded for clause in texts for word in clause.words]
        for first, second in pairwise(typed):
            if {first, second} & weights.COMMON_WORDS:
                continue
            self._add_pair(TITLE, first, second, found, total)
            if first.isdigit() or second.isdigit():
                self._add_pair(DESIGNATION, first, second, found, total)

    def _add_pair(self, field: str, first: str, second: str, found: Mask, total: Scores) -> None:
        one, two = self._in(field, first), self._in(field, second)
        if one is None or two is None:
            return
        after = _following(one.occurrences(found), two.occurrences(found), 1)
        rarity = max(self._rarity(one), self._rarity(two))
        total[documents_of(after)] += np.float32(weights.CLOSENESS[field] * rarity)

    def _phrase(self, words: Sequence[Word]) -> Mask:
        """Return the documents with the words at their distances, in one field."""
        found = np.zeros(len(self.snapshot), np.bool_)
        for field in _FIELDS:
            postings = [self._in(field, word.folded) for word in words]
            known = [one for one in postings if one is not None]
            if len(known) < len(postings):
                continue
            within = np.zeros(len(self.snapshot), np.bool_)
            within[min(known, key=lambda one: len(one.docs)).docs] = True
            starts = known[0].occurrences(within)
            for word, one in zip(words[1:], known[1:], strict=True):
                distance = word.position - words[0].position
                starts = _following(starts, one.occurrences(within), distance) - distance
            found[documents_of(starts)] = True
        return found

    def _having(self, clause: Clause) -> Mask:
        """Return the documents that satisfy a clause, whatever their score."""
        if isinstance(clause, InYears):
            year = self.snapshot.columns.year
            return (year >= max(1, clause.first)) & (year <= clause.last)
        if isinstance(clause, HasValue):
            column = self.snapshot.values(clause.key, self.day)
            return (
                np.zeros(len(self.snapshot), np.bool_)
                if column is None
                else column.having(column.beginning_with(clause.words))
            )
        if clause.adjacent:
            return self._phrase(clause.words)
        found = np.ones(len(self.snapshot), np.bool_)
        for word in clause.words:
            found &= self._containing(word.folded)
        return found

    def _containing(self, folded: str) -> Mask:
        found = np.zeros(len(self.snapshot), np.bool_)
        for field in _FIELDS:
            postings = self._in(field, folded)
            if postings is not None:
                found[postings.docs] = True
        return found

    def _in(self, field: str, term: str) -> Postings | None:
        key = (field, term)
        if key not in self._postings:
            self._postings[key] = self.snapshot.postings(field, term)
        return self._postings[key]

    def _rarity(self, postings: Postings) -> float:
        return weights.rarity(len(postings.docs), self.snapshot.count)


def _number_sought(texts: Sequence[Words]) -> str | None:
    """Return the longest number typed: without it, "iso 99999" is not asked for at all."""
    numbers = [word.folded for clause in texts for word in clause.words if word.folded.isdigit()]
    return max(numbers, key=len, default=None)


def _parts(clause: Words) -> list[Words]:
    """Return a phrase as it is, other words one by one."""
    if clause.adjacent:
        return [clause]
    return [Words((word,), typed=word.exact or word.folded) for word in clause.words]


def _following(
    first: NDArray[np.int64], second: NDArray[np.int64], distance: int
) -> NDArray[np.int64]:
    """Return the occurrences in ``second`` that stand ``distance`` after one in ``first``."""
    if not len(first) or not len(second):
        return second[:0]
    if len(first) < len(second):
        wanted: NDArray[np.int64] = first + distance
        places = np.minimum(np.searchsorted(second, wanted), len(second) - 1)
        found: NDArray[np.int64] = wanted[second[places] == wanted]
        return found
    before = second - distance
    places = np.minimum(np.searchsorted(first, before), len(first) - 1)
    followed: NDArray[np.int64] = second[first[places] == before]
    return followed


def _most_hits(hits: Sequence[Mask], candidates: Mask) -> Mask:
    """Return the candidates that satisfy the most of the conditions, and at least one."""
    number = np.zeros(len(candidates), np.uint8)
    for one in hits:
        number += one
    number[~candidates] = 0
    most = max(1, int(number.max(initial=0)))
    found: Mask = number == most
    return found
