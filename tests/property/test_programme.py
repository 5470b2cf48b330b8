"""Where planned entries stand: one state on each day, late exactly between deadline and end."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.programme import last_day, standing_on, tally
from registry.catalog.states import DROPPED, PLANNED, PROGRAMME, PUBLISHED

FIRST = date(2025, 1, 1)
days = st.integers(0, 1_000).map(lambda offset: FIRST + timedelta(days=offset))
dues = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([7, 10]))


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Walk the state table from planned on, each step on or after the day of the one before."""
    steps = [SimpleNamespace(state=PLANNED, on=draw(days))]
    for _ in range(draw(st.integers(0, 6))):
        possible = sorted(
            t.target for t in PROGRAMME.transitions.values() if steps[-1].state in t.sources
        )
        if not possible:
            break
        on = steps[-1].on + timedelta(days=draw(st.integers(0, 200)))
        steps.append(SimpleNamespace(state=draw(st.sampled_from(possible)), on=on))
    return steps


@given(histories(), dues, days)
def test_an_entry_stands_in_one_state_from_the_day_it_was_planned(
    steps: list[Any], due: str, day: date
) -> None:
    standing = standing_on(steps, due, day)
    if day < steps[0].on:
        assert standing is None
        return
    assert standing is not None
    reached = [step for step in steps if step.on <= day]
    assert (standing.state, standing.since) == (reached[-1].state, reached[-1].on)
    assert standing.late == (day > last_day(due) and standing.state not in (PUBLISHED, DROPPED))


@given(histories())
def test_nothing_follows_publication(steps: list[Any]) -> None:
    assert all(step.state != PUBLISHED for step, _ in pairwise(steps))


@given(st.lists(st.tuples(histories(), dues), max_size=8), days)
def test_the_counts_add_up(entries: list[tuple[list[Any], str]], day: date) -> None:
    standings = [s for steps, due in entries if (s := standing_on(steps, due, day))]
    counts = tally(standings)
    assert counts.planned == counts.published + counts.in_work
    assert counts.late <= counts.in_work
    assert counts.planned == len(standings) - sum(s.state == DROPPED for s in standings)
