"""Which number of a scheme's list a declarer means by what stands in a declaration."""

import pytest

from registry.assessment.queries.foreign_dependents import numbers_meant


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("4390", "4390"),
        (" CMVP 4390 ", "4390"),
        ("cmvp-4390", "4390"),
        ("NIST CMVP #4390", "4390"),
        ("FIPS 140-3 certificate No. 4390", "4390"),
        ("Số: 4390", "4390"),
        ("ANSSI-CC-2026/05", "anssi-cc-2026-05"),
    ],
)
def test_spellings_of_a_number(written: str, number: str) -> None:
    assert number in numbers_meant(written)


@pytest.mark.parametrize("written", ["CMVP4390", "VN-4390", "4390/2", "FIPS 140-3", "CMVP", ""])
def test_what_is_no_spelling_of_it(written: str) -> None:
    assert "4390" not in numbers_meant(written)
    assert "" not in numbers_meant(written)
