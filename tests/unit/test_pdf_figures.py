"""The small figures: what they draw, and when they draw nothing."""

import re

import pytest

from registry.pdf.figures import WIDTH, interval_figure, qr_code


def positions(figure: str) -> dict[str, list[float]]:
    """Return the horizontal places of the limits and of the value."""
    return {
        "limits": [float(x) for x in re.findall(r"M(-?[\d.]+) 1v14", figure)],
        "value": [float(x) for x in re.findall(r'cx="(-?[\d.]+)"', figure)],
    }


def test_value_stands_between_its_limits_in_proportion() -> None:
    found = positions(interval_figure("12,0", "0.1", "11", "15"))
    low, high = found["limits"]
    (value,) = found["value"]
    assert (value - low) / (high - low) == pytest.approx(0.25, abs=0.01)


def test_value_beyond_a_limit_is_drawn_beyond_it_and_inside_the_figure() -> None:
    found = positions(interval_figure("−40", "3", None, "-50"))
    assert 0 < found["limits"][0] < found["value"][0] < WIDTH


@pytest.mark.parametrize(
    ("value", "half", "lower", "upper"),
    [
        ("pass", None, "1", "2"),
        ("1", "0.1", None, None),
        ("NaN", None, "1", "2"),
        ("1", None, "x", None),
        ("1E999999", None, "Infinity", None),
    ],
)
def test_without_a_number_or_a_limit_there_is_no_figure(
    value: str, half: str | None, lower: str | None, upper: str | None
) -> None:
    assert interval_figure(value, half, lower, upper) == ""


@pytest.mark.parametrize("value", ["5", "0", "1e40"])
def test_limits_that_meet_and_huge_values_are_drawn(value: str) -> None:
    found = positions(interval_figure(value, None, "5", "5"))
    assert all(0 <= x <= WIDTH for x in found["limits"] + found["value"])


def test_alternative_text_says_the_figure_and_is_escaped() -> None:
    figure = interval_figure("5", "0.5", "4", None)
    assert "<title>5 ± 0.5 [4; +∞]</title>" in figure
    assert "<title>a&lt;b</title>" in qr_code("x", "a<b")


def test_a_guard_band_is_drawn_only_where_it_moves_the_limits() -> None:
    plain = interval_figure("13.6", "0.4", "12.5", "16.3")
    same = interval_figure("13.6", "0.4", "12.5", "16.3", acceptance=("12.5", "16.3"))
    guarded = interval_figure("13.6", "0.4", "12.5", "16.3", acceptance=("12.9", "15.9"))
    assert plain == same
    assert plain.count("stroke-dasharray") == 0
    assert guarded.count("stroke-dasharray") == 2
