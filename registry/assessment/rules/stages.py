"""How long the stages of an application take, and what of it counts for the office: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from registry.assessment.states import DECIDED

# With fewer finished cases a median would say more of single applicants than of the office.
FEWEST_CASES = 5

Period = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its state, its first day, and the day the next one began, if it has.

    ``days`` are those that count for the office, ``waited`` those on which the
    application waited for its applicant.
    """

    state: str
    since: date
    until: date | None
    days: int
    waited: int


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How many cases finished a stage, and in how many days; no figures for too few cases."""

    cases: int
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


def stages(changes: Sequence[tuple[str, date]], waiting: Sequence[Period], at: date) -> list[Stage]:
    """Return the stages that ``changes`` (state, first day; in order) make until ``at``.

    ``waiting`` are periods during which the applicant was asked; an open end lasts until
    ``at``. Changes to the same state go on with it. The decision takes no days.
    """
    merged: list[tuple[str, date]] = []
    for state, since in changes:
        if not merged or merged[-1][0] != state:
            merged.append((state, since))
    found = []
    for index, (state, since) in enumerate(merged):
        until = merged[index + 1][1] if index + 1 < len(merged) else None
        end = at if until is None else until
        waited = 0 if state in DECIDED else _waited(waiting, since, end)
        days = 0 if state in DECIDED else max(0, (end - since).days - waited)
        found.append(Stage(state, since, until, days, waited))
    return found


def figures(days: Iterable[int]) -> StageFigures:
    """Return median and quartiles of ``days``."""
    known = sorted(days)
    if len(known) < FEWEST_CASES:
        return StageFigures(len(known))
    lower, _, upper = quantiles(known, n=4, method="inclusive")
    return StageFigures(len(known), median(known), lower, upper)


def _waited(waiting: Sequence[Period], first: date, end: date) -> int:
    """Return the days in [first, end) that lie in any period; overlaps count once."""
    total, counted = 0, first
    for start, stop in sorted(waiting, key=lambda period: period[0]):
        begin = max(start, counted)
        last = min(stop or end, end)
        if last > begin:
            total += (last - begin).days
            counted = last
    return total
