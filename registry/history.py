"""Facts with two time axes.

*Valid time* is in ordinary date columns of each table. *Recorded time* is here:
a fact is known from the journal position that recorded it until the position
that replaced or ended it. Rows are never changed otherwise and never deleted,
so every past answer can be given again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, and_, or_
from sqlalchemy import inspect as inspect_mapping
from sqlalchemy.orm import Mapped, mapped_column

_RECORDED_TIME = {"id", "known_from", "known_until"}


@dataclass(frozen=True, slots=True)
class AsOf:
    """What a question refers to: valid on day ``at``, as known at journal ``position``.

    ``position`` ``None`` means as known now; ``known`` is the day the reader
    named, kept for showing it again.
    """

    at: date
    position: int | None = None
    known: date | None = None


class Fact:
    """Mixin for rows that say something about the world and when the register said it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    known_from: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"), index=True)
    known_until: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.position"))

    def revised(self, **changes: Any) -> Self:
        """Return a new, unsaved row that says the same but for ``changes``."""
        columns = inspect_mapping(type(self)).column_attrs
        values = {c.key: getattr(self, c.key) for c in columns if c.key not in _RECORDED_TIME}
        unknown = changes.keys() - values.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        return type(self)(**(values | changes))


def known(
    model: type[Fact], position: int | BindParameter[int] | None = None
) -> ColumnElement[bool]:
    """Return the condition that ``model`` rows stood in the register at ``position``.

    ``None`` means now, which an index answers directly. A parameter lets a statement be
    made once and asked for many positions.
    """
    if position is None:
        return model.known_until.is_(None)
    return and_(
        model.known_from <= position,
        or_(model.known_until.is_(None), model.known_until > position),
    )


def covers(first: date | None, last: date | None, day: date) -> bool:
    """Whether ``day`` lies in the closed period ``first`` to ``last``; ``None`` is open."""
    return (first is None or first <= day) and (last is None or day <= last)
