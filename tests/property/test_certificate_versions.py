"""One version holds on each day, and what was known at a position stays as it was."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from registry.assessment.versions import version_on

FIRST = date(2026, 1, 1)


@dataclass(frozen=True)
class Begun:
    number: int
    effective_on: date


@st.composite
def versions(draw: st.DrawFn) -> list[Begun]:
    """Return versions as the services make them: none begins before the one before it."""
    steps = draw(st.lists(st.integers(0, 400), max_size=6))
    begun = [Begun(1, FIRST)]
    for step in steps:
        last = begun[-1]
        begun.append(Begun(last.number + 1, last.effective_on + timedelta(days=step)))
    return begun


days = st.dates(date(2025, 6, 1), date(2034, 1, 1))


@given(versions(), days, st.randoms())
def test_one_version_holds_on_each_day_in_whatever_order_they_are_read(
    begun: list[Begun], day: date, order: Random
) -> None:
    shuffled = list(begun)
    order.shuffle(shuffled)
    held = version_on(shuffled, day)
    later = [version for version in begun if version.number > held.number]
    assert held.number == 1 or held.effective_on <= day
    assert all(version.effective_on > day for version in later)


@given(versions(), days, days)
def test_versions_follow_each_other_as_days_do(begun: list[Begun], one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert version_on(begun, earlier).number <= version_on(begun, later).number


@given(versions(), days)
def test_a_version_to_come_changes_no_day_before_it(begun: list[Begun], day: date) -> None:
    known = begun[:-1] or begun
    if day < begun[-1].effective_on:
        assert version_on(begun, day) == version_on(known, day)
