"""Answers that follow from the journal's position alone, kept until it grows."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from registry.history import AsOf
from registry.journal.queries import head

T = TypeVar("T")


class Remembered(Generic[T]):
    """The last ``most`` answers of a question, by database, position and what was asked."""

    def __init__(self, most: int = 16) -> None:
        self.most = most
        self._kept: WeakKeyDictionary[Any, dict[Hashable, T]] = WeakKeyDictionary()

    def answer(self, session: Session, as_of: AsOf, make: Callable[[], T], *asked: Hashable) -> T:
        """Return the answer kept for ``as_of`` and ``asked``, else the one ``make`` gives."""
        position = head(session) if as_of.position is None else as_of.position
        key = (position, as_of.at, *asked)
        kept = self._kept.setdefault(session.get_bind(), {})
        if key not in kept:
            while len(kept) >= self.most:
                kept.pop(next(iter(kept)))
            kept[key] = make()
        return kept[key]
