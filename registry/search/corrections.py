"""Which known words somebody may have meant who typed unknown ones.

Only asked for words that nothing contains, so it may take a little longer than a
search: the words of the titles that begin alike are compared one by one.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from registry.search.analysis import fold, normalise
from registry.search.schema import TITLE
from registry.search.snapshot import Snapshot

_SHORTEST = 4
_ALIKE = 0.74
_COMPARED = 20_000


def correct(snapshot: Snapshot, text: str, unknown: Iterable[str]) -> str | None:
    """Return ``text`` with unknown words replaced by known ones, ``None`` if none is like them."""
    corrected = text
    for typed in unknown:
        known = _likest(snapshot, fold(normalise(typed)))
        if known is not None:
            corrected = re.sub(re.escape(typed), known, corrected, count=1, flags=re.IGNORECASE)
    return corrected if corrected != text else None


def _likest(snapshot: Snapshot, word: str) -> str | None:
    if len(word) < _SHORTEST or not word.isalpha():
        return None
    best: tuple[float, int] = (_ALIKE, 0)
    found: str | None = None
    matcher = SequenceMatcher(b=word)
    for term in _candidates(snapshot, word):
        matcher.set_seq1(term)
        # The cheap upper bounds first: most words fail them.
        if matcher.real_quick_ratio() < best[0] or matcher.quick_ratio() < best[0]:
            continue
        alike = matcher.ratio()
        if alike < best[0]:
            continue
        postings = snapshot.postings(TITLE, term)
        rank = (alike, 0 if postings is None else len(postings.docs))
        if rank > best:
            best, found = rank, term
    return found


def _candidates(snapshot: Snapshot, word: str) -> Iterable[str]:
    """Yield title words of about the length of ``word`` that begin with the same letter."""
    for term in snapshot.terms_from(TITLE, word[0], _COMPARED):
        if abs(len(term) - len(word)) <= 2 and term.isalpha():
            yield term
