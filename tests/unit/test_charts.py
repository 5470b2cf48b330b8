import sys
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from markupsafe import Markup

from registry.charts import Series, bars, lines

MONTHS = ["01/2026", "02/2026", "03/2026"]
SERIES: list[Series] = [("good", "Published", [1, 0, 3]), ("late", "Late", [None, 2, 1])]


def drawing(chart: Markup) -> Element:
    root: Element = fromstring(str(chart))
    return root


def tips(chart: Markup) -> list[str | None]:
    return [
        tip.text for mark in drawing(chart).iter() if mark.tag in {"rect", "circle"} for tip in mark
    ]


def heights(chart: Markup) -> list[float]:
    return [float(bar.attrib["height"]) for bar in drawing(chart).iter("rect")]


def test_a_chart_holds_nothing_that_a_strict_page_refuses() -> None:
    for chart in (
        bars(MONTHS, SERIES, title="Deadlines", stacked=True),
        lines(MONTHS, SERIES, title="x"),
    ):
        root = drawing(chart)
        allowed = {"svg", "title", "g", "path", "rect", "circle", "text"}
        assert {element.tag for element in root.iter()} <= allowed
        attributes = {name for element in root.iter() for name in element.attrib}
        assert not attributes & {"style", "href", "onclick", "id"}
        assert not any(name.startswith("{") for name in attributes), "nothing from elsewhere"
        assert "http" not in str(chart)


def test_a_reader_of_the_screen_hears_the_title() -> None:
    root = drawing(bars(MONTHS, SERIES, title="Deadlines <by month> & late"))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Deadlines <by month> & late"


def test_each_value_is_a_column_with_its_name_and_nothing_is_drawn_for_none() -> None:
    chart = bars(MONTHS, SERIES, title="x", stacked=True)
    assert tips(chart) == [
        "01/2026 · Published: 1",
        "03/2026 · Published: 3",
        "02/2026 · Late: 2",
        "03/2026 · Late: 1",
    ]
    one, three, two, last = heights(chart)
    assert three == pytest.approx(3 * one, abs=0.2)
    assert two == pytest.approx(2 * one, abs=0.2)
    assert last == pytest.approx(one, abs=0.2)


def test_the_classes_are_the_series_keys() -> None:
    chart = bars(MONTHS, SERIES, title="x")
    groups = [element.get("class") for element in drawing(chart).iter("g")]
    assert "chart-good" in groups
    assert "chart-late" in groups


def test_a_line_breaks_where_nothing_is_known() -> None:
    chart = lines(list("abcde"), [("good", "x", [1, 2, None, 4, 5])], title="x")
    drawn = [p.attrib["d"] for p in drawing(chart).iter("path") if p.get("class") == "chart-line"]
    assert tips(chart) == ["a · x: 1", "b · x: 2", "d · x: 4", "e · x: 5"]
    assert sum(path.count("M") for path in drawn if "h" not in path and "v" not in path) == 2


def test_many_labels_are_thinned_out_and_the_marked_one_stays() -> None:
    years = [str(year) for year in range(1990, 2027)]
    values = list(range(len(years)))
    chart = bars(years, [("good", "x", values)], title="x", marked="2001")
    shown = [t.text for t in drawing(chart).iter("text") if t.text in years]
    assert "2001" in shown
    assert len(shown) <= 7
    marked = [g for g in drawing(chart).iter("g") if g.get("class") == "chart-marked"]
    assert [t.text for t in marked[0].iter("text")] == ["2001"]
    assert len(heights(chart)) == len([value for value in values if value])


def test_the_scale_has_whole_steps_in_the_readers_own_writing() -> None:
    chart = bars(
        ["a"], [("good", "x", [14_123])], title="x", number=lambda n: f"{n:,}".replace(",", ".")
    )
    texts = [text.text for text in drawing(chart).iter("text")]
    assert texts == ["0", "5.000", "10.000", "15.000", "a"]


def test_without_anything_to_show_there_is_no_chart() -> None:
    assert heights(bars(["a"], [("good", "x", [0])], title="x")) == []
    assert bars([], [], title="x") == ""
    assert lines([], [("good", "x", [])], title="x") == ""


@pytest.mark.parametrize(
    ("series", "marked"),
    [
        ([("Good bye", "x", [1])], None),
        ([("good", "x", [1, 2])], None),
        ([("good", "x", [-1])], None),
        ([("good", "x", [1])], "b"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    series: list[tuple[str, str, list[int]]], marked: str | None
) -> None:
    with pytest.raises(ValueError, match=r"class name|values for|below nothing|none of the labels"):
        bars(["a"], series, title="x", marked=marked)


def test_no_finder_without_find_spec_is_left_behind() -> None:
    bars(["a"], [("good", "x", [1])], title="x")
    assert all(hasattr(finder, "find_spec") for finder in sys.meta_path)
