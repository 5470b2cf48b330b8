"""Status on a day: one for each day, and never changed by what is learned later."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.assessment.status import Status, status_on

FIRST = date(2025, 1, 1)
KEYS = {"not_yet_in_force", "in_force", "suspended", "withdrawn", "replaced", "expired"}

days = st.integers(0, 400).map(lambda offset: FIRST + timedelta(days=offset))


@dataclass(frozen=True)
class Event:
    kind: str
    effective_on: date
    reason: str | None = "why"


@dataclass(frozen=True)
class Period:
    valid_from: date
    valid_until: date | None


periods = st.builds(
    lambda start, length: Period(start, length if length is None else start + length),
    days,
    st.none() | st.integers(0, 300).map(lambda count: timedelta(days=count)),
)
events = st.lists(
    st.builds(
        Event,
        st.sampled_from(["issued", "suspended", "reinstated", "withdrawn", "replaced"]),
        days,
    ),
    max_size=6,
)


@given(periods, events, days)
def test_every_day_has_exactly_one_status(period: Period, known: list[Event], day: date) -> None:
    status = status_on(period, known, day)
    assert status.key in KEYS
    assert status.since is None or status.since <= day
    assert (status.since is None) == (status.key == "not_yet_in_force")


@given(periods, events, events, days)
def test_events_from_a_later_day_on_change_nothing_before(
    period: Period, known: list[Event], later: list[Event], day: date
) -> None:
    coming = [event for event in later if event.effective_on > day]
    assert status_on(period, known + coming, day) == status_on(period, known, day)


@given(periods, events, days)
def test_a_status_lasts_from_since_on(period: Period, known: list[Event], day: date) -> None:
    status = status_on(period, known, day)
    if status.since is not None:
        assert status_on(period, known, status.since).key == status.key
    else:
        assert status_on(period, known, FIRST) == Status("not_yet_in_force", None)


@given(periods, events, days, days)
def test_what_is_withdrawn_or_replaced_stays_so(
    period: Period, known: list[Event], one: date, other: date
) -> None:
    earlier, later = sorted((one, other))
    status = status_on(period, known, earlier)
    if status.key in ("withdrawn", "replaced"):
        assert status_on(period, known, later) == status


@given(periods, days)
def test_without_events_the_period_decides(period: Period, day: date) -> None:
    inside = period.valid_from <= day and (period.valid_until is None or day <= period.valid_until)
    assert (status_on(period, [], day).key == "in_force") is inside
