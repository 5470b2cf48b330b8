"""Dates with the precision of their source, as schemas read them."""

import pytest
from marshmallow import ValidationError

from registry.catalog.schemas import PartialDate


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2023", "2023"),
        ("2023-12", "2023-12"),
        ("2023-12-29", "2023-12-29"),
        ("29/12/2023", "2023-12-29"),
        ("1/2/2023", "2023-02-01"),
        ("12/2023", "2023-12"),
    ],
)
def test_a_date_is_read_as_it_is_written(typed: str, read: str) -> None:
    assert PartialDate().deserialize(typed) == read


@pytest.mark.parametrize("typed", ["31/02/2023", "13/2023", "29/12", "29-12-2023", "1/1/1723", "x"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Write a year, a month or a day"):
        PartialDate().deserialize(typed)
