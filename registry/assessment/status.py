"""Status of certificates and accreditations on a day: computed from facts, never stored.

Both run from one day to another, both included, and are changed by events with
effective days. Events of one day count in the order in which they were recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from registry.assessment import states


class EventLike(Protocol):
    """A change of standing: its kind, the first day of its effect and why."""

    @property
    def kind(self) -> str: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def reason(self) -> str | None: ...


class PeriodLike(Protocol):
    """Something valid from one day until another; no last day means without end."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Status:
    """One status, the first day it held, and the written reason where there is one.

    ``since`` is None for what has not begun.
    """

    key: str
    since: date | None
    reason: str | None = None


_SUSPENDED = "suspended"
_REINSTATED = "reinstated"
_FINAL = frozenset({"withdrawn", "replaced"})


def status_on(subject: PeriodLike, events: Sequence[EventLike], day: date) -> Status:
    """Return the one status of a certificate or an accreditation on ``day``.

    Keys: not_yet_in_force, in_force, suspended, expired, withdrawn, replaced. A
    withdrawal or replacement is final and outlasts the expiry; a suspension ends
    with it.
    """
    happened = sorted(
        (event for event in events if event.effective_on <= day),
        key=lambda event: event.effective_on,
    )
    for event in happened:
        if event.kind in _FINAL:
            return Status(event.kind, event.effective_on, event.reason)
    if subject.valid_until is not None and day > subject.valid_until:
        return Status(states.EXPIRED, subject.valid_until + timedelta(days=1))
    if day < subject.valid_from:
        return Status(states.NOT_YET_IN_FORCE, None)
    turns = [event for event in happened if event.kind in (_SUSPENDED, _REINSTATED)]
    if turns and turns[-1].kind == _SUSPENDED:
        since = max(turns[-1].effective_on, subject.valid_from)
        return Status(states.SUSPENDED, since, turns[-1].reason)
    since = max(turns[-1].effective_on, subject.valid_from) if turns else subject.valid_from
    return Status(states.IN_FORCE, since)
