"""Status of an edition on a date: exactly one for each day, and only what the facts say."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.status import (
    AMENDED,
    IN_FORCE,
    IN_FORCE_IN_PART,
    NOT_YET_IN_FORCE,
    PREPARATION,
    PUBLIC_COMMENT,
    SUPERSEDED,
    UNKNOWN,
    WITHDRAWN,
    Change,
    StatusFacts,
    Succession,
    period,
    status_on,
    timeline,
)

FIRST, DAYS = date(2018, 1, 1), 3_000
ENDED = {SUPERSEDED, WITHDRAWN}
RUNNING = {IN_FORCE, IN_FORCE_IN_PART, AMENDED}
STATUSES = ENDED | RUNNING | {PREPARATION, PUBLIC_COMMENT, NOT_YET_IN_FORCE, UNKNOWN}

days = st.integers(0, DAYS).map(lambda offset: FIRST + timedelta(days=offset))
# A day, or only its month or year: the precision that a source gives.
partial = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([4, 7, 10]))
stages = st.sampled_from([None, "10.99", "40.20", "60.00", "60.60", "90.93", "95.20", "95.99", "x"])

facts = st.builds(
    StatusFacts,
    state=st.sampled_from(
        ["published", "published", "published", "withdrawn", "draft", "public-comment"]
    ),
    national=st.booleans(),
    stage=stages,
    issued=st.none() | partial,
    effective_from=st.none() | days,
    effective_until=st.none() | days,
    withdrawn_on=st.none() | days,
    recorded_on=days,
    successions=st.lists(
        st.builds(Succession, st.none() | partial, days, st.none() | days), max_size=2
    ),
    amended_on=st.lists(partial, max_size=3),
    parts_ended_on=st.lists(days, max_size=2),
    comment_period=st.none() | st.tuples(days, days).map(lambda pair: (min(pair), max(pair))),
)


def published(**changes: object) -> StatusFacts:
    """Return facts of a national edition of which nothing is known but that it is published."""
    base = StatusFacts("published", True, None, None, None, None, None, FIRST)
    return replace(base, **changes)  # type: ignore[arg-type]


@given(facts, days)
def test_every_day_has_exactly_one_status(known: StatusFacts, day: date) -> None:
    changes = timeline(known)
    assert status_on(changes, day).status in STATUSES
    in_effect = [c for c in changes if c.since is None or c.since <= day]
    assert status_on(changes, day) == in_effect[-1]


@given(facts)
def test_a_timeline_starts_without_a_day_and_goes_forward_without_repeating(
    known: StatusFacts,
) -> None:
    changes = timeline(known)
    assert changes[0].since is None
    since = [change.since for change in changes[1:]]
    assert None not in since
    assert since == sorted(set(since))  # type: ignore[type-var]
    assert all(one.status != two.status for one, two in pairwise(changes))


@given(facts)
def test_nothing_comes_after_the_end(known: StatusFacts) -> None:
    assert all(change.status not in ENDED for change in timeline(known)[:-1])


@given(facts, days)
def test_what_certainly_ended_before_is_not_in_force(known: StatusFacts, day: date) -> None:
    status = status_on(timeline(known), day).status
    if known.state == "draft":
        assert status == PREPARATION
        return
    ends = [known.withdrawn_on, known.effective_until and known.effective_until + timedelta(1)]
    if status not in (PREPARATION, PUBLIC_COMMENT) and any(end and end <= day for end in ends):
        assert status in ENDED


@given(facts, days)
def test_a_date_of_entry_into_force_is_kept_to(known: StatusFacts, day: date) -> None:
    if known.effective_from and day < known.effective_from:
        assert status_on(timeline(known), day).status not in RUNNING


@given(partial, days)
def test_a_followed_edition_is_unknown_exactly_while_its_date_may_mean_either(
    issued: str, day: date
) -> None:
    reading = period(issued)
    known = published(national=False, issued=issued, stage="60.60")
    status = status_on(timeline(known), day).status
    if day < reading.earliest:
        assert status == PREPARATION
    else:
        assert status == (UNKNOWN if day < reading.latest else IN_FORCE)


@given(partial, st.sampled_from([None, "withdrawn", "Working Draft"]), days)
def test_a_followed_edition_whose_stage_no_code_tells_stays_unknown(
    issued: str, stage: str | None, day: date
) -> None:
    known = published(national=False, issued=issued, stage=stage)
    status = status_on(timeline(known), day).status
    assert status == (PREPARATION if day < period(issued).earliest else UNKNOWN)


@given(days, partial, days)
def test_a_succession_is_unknown_exactly_while_its_date_may_mean_either(
    start: date, on: str, day: date
) -> None:
    reading = period(on)
    known = published(effective_from=start, successions=[Succession(on, FIRST)])
    status = status_on(timeline(known), day).status
    if day >= reading.latest:
        assert status == SUPERSEDED
    elif day >= reading.earliest:
        assert status == UNKNOWN
    else:
        assert status == (IN_FORCE if day >= start else UNKNOWN)


@given(days, st.lists(partial, min_size=1, max_size=3), days)
def test_an_amendment_is_unknown_exactly_while_none_is_certain(
    start: date, amended_on: list[str], day: date
) -> None:
    readings = [period(text) for text in amended_on]
    status = status_on(timeline(published(effective_from=start, amended_on=amended_on)), day).status
    if day < start:
        assert status == UNKNOWN
    elif any(day >= reading.latest for reading in readings):
        assert status == AMENDED
    else:
        assert status == (UNKNOWN if any(day >= r.earliest for r in readings) else IN_FORCE)


@given(days, days, days)
def test_both_editions_may_be_used_while_they_coexist(
    start: date, newer: date, until: date
) -> None:
    succession = Succession(newer.isoformat(), FIRST, until)
    changes = timeline(published(effective_from=start, successions=[succession]))
    assert status_on(changes, until + timedelta(1)).status == SUPERSEDED
    assert status_on(changes, until).status == (IN_FORCE if until >= start else UNKNOWN)


@given(days, days, days)
def test_an_end_without_a_day_is_certain_only_since_the_register_learned_of_it(
    start: date, recorded_on: date, day: date
) -> None:
    known = published(
        effective_from=start, recorded_on=FIRST, successions=[Succession(None, recorded_on)]
    )
    status = status_on(timeline(known), day).status
    assert (status == SUPERSEDED) is (day >= recorded_on)
    assert (status == IN_FORCE) is False


@given(st.sampled_from(["draft", "proposed"]), facts, days)
def test_what_is_not_published_is_in_preparation_whatever_its_dates_say(
    state: str, known: StatusFacts, day: date
) -> None:
    assert timeline(replace(known, state=state)) == [Change(None, PREPARATION)]


@given(stages, days)
def test_only_a_completed_withdrawal_ends_a_followed_edition(
    stage: str | None, start: date
) -> None:
    known = published(national=False, stage=stage, effective_from=start, recorded_on=FIRST)
    last = timeline(known)[-1].status
    assert (last == WITHDRAWN) is (stage == "95.99")
    assert (last in (PREPARATION, PUBLIC_COMMENT)) is (stage in ("10.99", "40.20", "60.00"))


@given(days)
def test_nothing_known_is_unknown(day: date) -> None:
    assert status_on(timeline(published()), day).status == UNKNOWN
    assert status_on(timeline(published(issued="2020")), day).status == UNKNOWN


@given(days, st.lists(days, min_size=1, max_size=3), st.lists(partial, max_size=2), days)
def test_in_part_from_the_day_the_first_part_ends_whatever_was_amended(
    start: date, ended: list[date], amended_on: list[str], day: date
) -> None:
    known = published(effective_from=start, parts_ended_on=ended, amended_on=amended_on)
    status = status_on(timeline(known), day).status
    assert (status == IN_FORCE_IN_PART) == (day >= max(start, min(ended)))


@given(first=days, length=st.integers(0, 90), day=days)
def test_a_draft_is_open_for_comment_in_its_period_only(
    first: date, length: int, day: date
) -> None:
    last = first + timedelta(days=length)
    draft = replace(published(), state="public-comment", comment_period=(first, last))
    expected = PUBLIC_COMMENT if first <= day <= last else PREPARATION
    assert status_on(timeline(draft), day).status == expected
