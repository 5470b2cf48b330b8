"""Days per stage: what counts for the office, and when a median is worth telling."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.assessment.rules.stages import figures, stages

DAY = date(2026, 3, 1)


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def test_each_stage_lasts_until_the_next_and_the_last_one_until_today() -> None:
    found = stages([("submitted", on(0)), ("evaluation", on(4)), ("review", on(20))], [], on(27))
    assert [(stage.days, stage.until) for stage in found] == [
        (4, on(4)),
        (16, on(20)),
        (7, None),
    ]


def test_a_decision_takes_no_days_and_the_same_state_goes_on() -> None:
    changes = [("submitted", on(0)), ("submitted", on(2)), ("refused", on(5))]
    found = stages(changes, [(on(6), None)], on(90))
    assert [(stage.state, stage.days, stage.waited) for stage in found] == [
        ("submitted", 5, 0),
        ("refused", 0, 0),
    ]


@pytest.mark.parametrize(
    ("waiting", "counted"),
    [
        ([], 10),
        ([(on(2), on(5))], 7),
        ([(on(2), on(5)), (on(3), on(6))], 6),
        ([(on(3), on(6)), (on(2), on(8))], 4),
        ([(on(-3), on(4))], 6),
        ([(on(8), None)], 8),
        ([(on(8), on(30))], 8),
        ([(on(2), on(2))], 10),
        ([(on(12), on(20))], 10),
    ],
)
def test_days_of_waiting_count_once_and_not_for_the_office(
    waiting: list[tuple[date, date | None]], counted: int
) -> None:
    first, _ = stages([("evaluation", on(0)), ("review", on(10))], waiting, on(40))
    assert (first.days, first.days + first.waited) == (counted, 10)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40)), max_size=6),
)
def test_no_day_is_lost_or_counted_twice(lengths: list[int], asked: list[tuple[int, int]]) -> None:
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    changes = [(f"state-{index}", on(start)) for index, start in enumerate(starts)]
    waiting = [(on(start), on(start + length)) for start, length in asked]
    end = on(sum(lengths))
    found = stages(changes, waiting, end)
    assert sum(stage.days + stage.waited for stage in found) == sum(lengths)
    days_waited = {
        day for start, length in asked for day in range(start, start + length) if on(day) < end
    }
    assert sum(stage.waited for stage in found) == len(days_waited)


def test_few_cases_give_no_figures() -> None:
    assert figures([3, 1, 2, 9]).median is None
    assert figures([3, 1, 2, 9]).cases == 4
    found = figures([1, 2, 3, 4, 100])
    assert (found.lower, found.median, found.upper) == (2, 3, 4)
