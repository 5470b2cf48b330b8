"""Drift as a pure function: what is not known is never current."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalog.drift import (
    CURRENT,
    NOT_KNOWN,
    REPLACED,
    WITHDRAWN,
    Adoption,
    EditionCourse,
    Share,
    counts_on,
    drift_on,
    selected,
    share_by_year,
    share_of,
)
from registry.catalog.status import Change

LAST = date(2026, 6, 30)
DAYS = st.dates(date(2015, 1, 1), date(2028, 12, 31))
STATUSES = ("preparation", "unknown", "in-force", "amended", "superseded", "withdrawn")


def course(id_: int, *changes: tuple[date | None, str], issued: str | None = None) -> EditionCourse:
    return EditionCourse(
        id=id_,
        slug=f"edition-{id_}",
        designation=f"ISO {id_}:2000",
        national=False,
        catalogue=None,
        issued=issued,
        effective_from=None,
        changes=[Change(*change) for change in changes],
    )


def adoption(adopted: EditionCourse | None, *chain: EditionCourse, **own: object) -> Adoption:
    adopting = own.get("adopting") or course(1, (None, "unknown"), issued="2018")
    assert isinstance(adopting, EditionCourse)
    return Adoption(7, adopting, ("smart-cities",), "bkhcn", "IDT", "ISO 2:2000", adopted, chain)


@pytest.mark.parametrize(
    ("status", "chained", "state"),
    [
        ("in-force", True, CURRENT),
        ("amended", False, CURRENT),
        ("withdrawn", True, REPLACED),
        ("superseded", True, REPLACED),
        ("withdrawn", False, WITHDRAWN),
        ("unknown", True, NOT_KNOWN),
        ("preparation", False, NOT_KNOWN),
        ("public-comment", False, NOT_KNOWN),
    ],
)
def test_state_follows_the_status_of_the_adopted_edition(
    status: str, chained: bool, state: str
) -> None:
    chain = [course(3, (None, "in-force"))] if chained else []
    assert drift_on(adoption(course(2, (None, status)), *chain), LAST).state == state


def test_an_edition_that_no_catalogue_holds_is_not_known() -> None:
    assert drift_on(adoption(None), LAST) == (NOT_KNOWN, None, ())


def test_what_replaces_it_later_has_not_replaced_it_yet() -> None:
    old = course(2, (None, "in-force"), (date(2020, 1, 1), "withdrawn"))
    new = course(3, (None, "preparation"), (date(2021, 1, 1), "in-force"))
    assert drift_on(adoption(old, new), date(2020, 6, 1)) == (WITHDRAWN, date(2020, 1, 1), ())
    assert drift_on(adoption(old, new), date(2021, 1, 1)).chain == (new,)


def test_an_adoption_counts_from_when_it_surely_was_out_until_it_ends() -> None:
    own = course(1, (None, "unknown"), (date(2024, 5, 1), "superseded"), issued="2018")
    found = adoption(None, adopting=own)
    assert not counts_on(found, date(2018, 12, 30))
    assert counts_on(found, date(2018, 12, 31))
    assert counts_on(found, date(2024, 4, 30))
    assert not counts_on(found, date(2024, 5, 1))


@st.composite
def courses(draw: st.DrawFn, statuses: tuple[str, ...]) -> list[tuple[date | None, str]]:
    days = sorted(draw(st.sets(DAYS, max_size=4)))
    return [(day, draw(st.sampled_from(statuses))) for day in (None, *days)]


@st.composite
def adopting(draw: st.DrawFn) -> EditionCourse:
    issued = draw(st.one_of(st.none(), DAYS.map(date.isoformat), DAYS.map(lambda d: str(d.year))))
    changes: list[tuple[date | None, str]] = [(None, "unknown")]
    if (end := draw(st.one_of(st.none(), DAYS))) is not None:
        changes.append((end, "withdrawn"))
    return course(1, *changes, issued=issued)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(adopting(), st.one_of(st.none(), courses(STATUSES))), max_size=6))
def test_each_year_is_counted_as_its_last_day_is(
    drawn: list[tuple[EditionCourse, list[tuple[date | None, str]] | None]],
) -> None:
    found = [
        adoption(course(2, *changes) if changes else None, adopting=own) for own, changes in drawn
    ]
    years = share_by_year(found, LAST)
    for year, share in years:
        day = min(date(year, 12, 31), LAST)
        assert share == share_of(drift for _, drift in selected(found, day))
    if years:
        assert years[-1].year == LAST.year
    else:
        assert share_of(()) == Share(0, 0, 0)
