"""How an obligation stands on a day."""

from datetime import date

import pytest

from registry.catalog.applicability import (
    APPLIES,
    LATER,
    NO_LONGER,
    NOT_KNOWN,
    Applicability,
    applicability,
)
from registry.catalog.status import Change

IN_FORCE = [Change(None, "not-yet-in-force"), Change(date(2025, 2, 15), "in-force")]
ENDED = [*IN_FORCE, Change(date(2027, 1, 1), "superseded")]
UNKNOWN = [Change(None, "unknown")]
MANDATORY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 1, 1), Applicability(LATER, MANDATORY, None)),
        (date(2025, 12, 31), Applicability(LATER, MANDATORY, None)),
        (date(2026, 1, 1), Applicability(APPLIES, MANDATORY, None)),
    ],
)
def test_obligation_begins_on_its_first_day_not_with_its_edition(
    day: date, expected: Applicability
) -> None:
    assert applicability(IN_FORCE, (MANDATORY, None), day) == expected


def test_obligation_cannot_begin_before_its_edition() -> None:
    stands = applicability(IN_FORCE, (date(2024, 1, 1), None), date(2026, 1, 1))
    assert stands == Applicability(APPLIES, date(2025, 2, 15), None)


def test_obligation_without_a_first_day_applies_since_nobody_knows_when() -> None:
    assert applicability(IN_FORCE, (None, None), MANDATORY) == Applicability(APPLIES, None, None)


def test_earlier_end_counts() -> None:
    last = date(2026, 6, 30)
    assert applicability(ENDED, (MANDATORY, last), MANDATORY).until == last
    assert applicability(ENDED, (MANDATORY, None), MANDATORY).until == date(2026, 12, 31)
    assert applicability(ENDED, (MANDATORY, last), date(2026, 7, 1)).key == NO_LONGER
    assert applicability(ENDED, (MANDATORY, None), date(2027, 1, 1)).key == NO_LONGER


def test_edition_of_unknown_status_applies_only_within_a_coexistence_window() -> None:
    assert applicability(UNKNOWN, (None, None), MANDATORY).key == NOT_KNOWN
    assert applicability(UNKNOWN, (None, None), MANDATORY, usable=True).key == APPLIES
    assert applicability(UNKNOWN, (date(2030, 1, 1), None), MANDATORY).key == LATER


@pytest.mark.parametrize("status", ["preparation", "public-comment"])
def test_draft_is_still_to_come_without_a_day(status: str) -> None:
    changes = [Change(None, status)]
    assert applicability(changes, (None, None), MANDATORY) == Applicability(LATER, None, None)
