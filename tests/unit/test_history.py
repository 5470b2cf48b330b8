"""Facts in valid time, and rows that take the place of others."""

from datetime import date

import pytest

from registry.catalog.models import Relation
from registry.history import covers

DAY = date(2025, 2, 15)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, True),
        (DAY, None, True),
        (None, DAY, True),
        (DAY, DAY, True),
        (date(2025, 2, 16), None, False),
        (None, date(2025, 2, 14), False),
        (date(2025, 2, 16), date(2025, 2, 14), False),
    ],
)
def test_a_period_covers_both_its_ends(
    first: date | None, last: date | None, expected: bool
) -> None:
    assert covers(first, last, DAY) is expected


def test_a_revised_row_says_the_same_but_for_the_changes() -> None:
    row = Relation(
        id=4,
        known_from=7,
        known_until=None,
        edition_id=1,
        type="supersedes",
        degree=None,
        target_designation="TCVN 1:2000",
        target_key="tcvn 1:2000",
        on=DAY,
        coexistence_until=None,
        source="here",
    )
    revised = row.revised(coexistence_until=date(2026, 1, 1))
    assert all(getattr(revised, name) is None for name in ("id", "known_from", "known_until"))
    assert (revised.type, revised.on, revised.source) == ("supersedes", DAY, "here")
    assert revised.coexistence_until == date(2026, 1, 1)
    assert row.coexistence_until is None


@pytest.mark.parametrize("name", ["targt", "known_from", "id"])
def test_what_a_row_does_not_say_cannot_be_revised(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        Relation(edition_id=1, type="amends").revised(**{name: 1})
