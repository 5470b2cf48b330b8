"""Whether a regulation edition obliges on a day: computed from dates and status, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.catalog.status import (
    AMENDED,
    ENDED,
    IN_FORCE,
    UNKNOWN,
    Change,
    status_on,
)

APPLIES = "applies"
LATER = "later"
NOT_KNOWN = "not-known"
NO_LONGER = "no-longer"

# In this order a reader wants to know.
ORDER = (APPLIES, LATER, NOT_KNOWN, NO_LONGER)

_COUNTS = (IN_FORCE, AMENDED, "in-force-in-part")


@dataclass(frozen=True, slots=True)
class Applicability:
    """How an obligation stands on a day, and the first and last day of that, where known."""

    key: str
    since: date | None
    until: date | None


def applicability(
    changes: Sequence[Change],
    period: tuple[date | None, date | None],
    day: date,
    *,
    usable: bool = False,
) -> Applicability:
    """Return how an obligation with ``period`` under an edition with ``changes`` stands.

    ``period`` is its first and last day, ``None`` where none is recorded. ``usable``
    tells that a coexistence window names the edition as usable on that day, which
    counts where its own dates are unknown.
    """
    first, last = period
    status = status_on(changes, day).status
    start, end = _beginning(changes), _end(changes)
    until = min(filter(None, (last, end)), default=None)
    if status in ENDED or (last is not None and last < day):
        return Applicability(NO_LONGER, None, until)
    begins = max(filter(None, (first, start)), default=None)
    if first is not None and first > day:
        return Applicability(LATER, begins, until)
    if status in _COUNTS or (status == UNKNOWN and usable):
        # Where no first day is recorded the register does not know since when it obliges.
        return Applicability(APPLIES, begins if first else None, until)
    if status == UNKNOWN:
        return Applicability(NOT_KNOWN, None, until)
    return Applicability(LATER, begins if begins and begins > day else None, until)


def _beginning(changes: Sequence[Change]) -> date | None:
    """Return the first day on which the edition is certainly in force."""
    return next((change.since for change in changes if change.status in _COUNTS), None)


def _end(changes: Sequence[Change]) -> date | None:
    """Return the last day before the edition has certainly ended."""
    since = next((change.since for change in changes if change.status in ENDED), None)
    return date.fromordinal(since.toordinal() - 1) if since else None
