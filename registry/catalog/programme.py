"""How far a planned entry has come on a day, and whether it is late: pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from registry.catalog.states import DROPPED, PUBLISHED
from registry.catalog.status import period


class Step(Protocol):
    """That a state was reached on a day."""

    @property
    def state(self) -> str:
        """The state reached."""

    @property
    def on(self) -> date:
        """The day."""


class Standing(NamedTuple):
    """Where an entry stands on a day: its state, since when, and whether its deadline passed."""

    state: str
    since: date
    late: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries are planned (dropped ones are not), published, in work and late."""

    planned: int = 0
    published: int = 0
    in_work: int = 0
    late: int = 0


def last_day(due: str) -> date:
    """Return the last day that keeps to the deadline "2026-11" or "2026-11-20"."""
    return period(due).latest


def standing_on(steps: Sequence[Step], due: str, day: date) -> Standing | None:
    """Return where an entry stands on ``day``; ``None`` before it was planned.

    ``steps`` are in the order in which they were taken. What is published or dropped is
    never late; whatever else is, from the day after its deadline.
    """
    reached = [step for step in steps if step.on <= day]
    if not reached:
        return None
    state = reached[-1].state
    late = state not in (PUBLISHED, DROPPED) and day > last_day(due)
    return Standing(state, reached[-1].on, late)


def tally(standings: Iterable[Standing]) -> Tally:
    """Count entries by where they stand."""
    kept = [standing for standing in standings if standing.state != DROPPED]
    published = sum(standing.state == PUBLISHED for standing in kept)
    return Tally(
        planned=len(kept),
        published=published,
        in_work=len(kept) - published,
        late=sum(standing.late for standing in kept),
    )
