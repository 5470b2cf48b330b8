"""Bar and line charts as inline SVG: drawn by pygal, coloured by the style sheet's classes.

pygal writes whole documents with style sheets, a script and links to its makers. A page under a
strict content security policy takes none of these, so its drawing is copied element by element,
and only what stands in ``_KEPT`` comes along. What a chart shows, a table beside it says too.
"""

import re
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from math import ceil
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup

Number = int | float
Series = tuple[str, str, Sequence[Number | None]]

_WIDTH, _HEIGHT = 600, 260  # The drawing's own units; the page scales it.
_MARGINS = {"margin_left": 26, "margin_right": 12, "margin_top": 12, "margin_bottom": 8}
_LABELS_MOST = 6  # More would run into each other on a telephone.
_STEPS_MOST = 5
_KEY = re.compile(r"[a-z][a-z0-9-]*")
_SERIES = re.compile(r"\bserie-(\d+)\b")
_DECIMALS = re.compile(r"-?\d+\.\d{2,}")

# Attributes that come along, by element. Anything not named here stays behind.
_KEPT: dict[str, tuple[str, ...]] = {
    "g": ("transform",),
    "path": ("d",),
    "rect": ("x", "y", "width", "height"),
    "circle": ("cx", "cy", "r"),
    "text": ("x", "y"),
}
# pygal's classes that mean something to the style sheet, and what they are called there.
_CLASSES = {
    "y": "chart-scale",
    "x": "chart-labels",
    "axis": "chart-axis",
    "guide": "chart-guide",
    "rect": "chart-bar",
    "line": "chart-line",
    "dot": "chart-dot",
}


def bars(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    stacked: bool = False,
    marked: str | None = None,
    number: Callable[[Number], str] = "{:,}".format,
) -> Markup:
    """Return columns over ``labels``, side by side or ``stacked`` from the ground up.

    ``series`` are (key, name, values): the key makes the class ``chart-<key>``, the name is
    read with each value, and the values are as many as the labels, not negative, ``None`` where
    nothing is known. ``marked`` is one of the labels, shown in any case and emphasised.
    ``number`` writes a value for the reader. Without labels or series there is no chart: an
    empty text. ``ValueError`` for anything else.
    """
    pygal = _pygal()
    kind = pygal.StackedBar if stacked else pygal.Bar
    columns = list(zip(*(values for _, _, values in series), strict=True))
    heights = [[value or 0 for value in column] for column in columns]
    tops = [sum(column) if stacked else max(column, default=0) for column in heights]
    most = max(tops, default=0)
    return _drawn(kind, labels, series, most, title=title, marked=marked, number=number)


def lines(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    marked: str | None = None,
    number: Callable[[Number], str] = "{:,}".format,
) -> Markup:
    """Return a line with dots for each of the series; it breaks where a value is ``None``.

    Parameters and errors as of ``bars``.
    """
    tops = [value for _, _, values in series for value in values if value is not None]
    kind, most = _pygal().Line, max(tops, default=0)
    return _drawn(kind, labels, series, most, title=title, marked=marked, number=number)


@cache
def _pygal() -> Any:
    """Return pygal without the finder that it leaves behind.

    Importing it appends a finder for its plug-ins to ``sys.meta_path``. That one has no
    ``find_spec``, so that every later import that fails would warn of it, and warnings are
    errors in the tests. No plug-in is used here.
    """
    import pygal  # noqa: PLC0415 - A fifth of a second, which only pages with charts pay.

    sys.meta_path[:] = [each for each in sys.meta_path if hasattr(each, "find_spec")]
    return pygal


def _drawn(
    kind: Any,
    labels: Sequence[str],
    series: Sequence[Series],
    most: Number,
    *,
    title: str,
    marked: str | None,
    number: Callable[[Number], str],
) -> Markup:
    _check(labels, series, marked)
    if not labels or not series:
        return Markup()
    ticks = _ticks(most)
    shown = _shown(labels, marked)
    chart = kind(
        width=_WIDTH,
        height=_HEIGHT,
        **_MARGINS,
        js=(),
        css=(),
        no_prefix=True,
        show_legend=False,
        dots_size=3.5,
        allow_interruptions=True,
        truncate_label=-1,
        range=(0, ticks[-1]),
        y_labels=ticks,
        x_labels_major=shown,
        show_minor_x_labels=False,
        value_formatter=number,
    )
    chart.x_labels = list(labels)
    for _, name, values in series:
        chart.add(name, list(values))
    root = ElementTree.Element(
        "svg",
        {
            "class": "chart",
            "viewBox": f"0 0 {_WIDTH} {_HEIGHT}",
            "role": "img",
            "aria-label": title,
        },
    )
    _Copy(series, marked).children(chart.render_tree(), root)
    # Serialised by the standard library, which escapes every text and attribute.
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704


class _Copy:
    """Takes over from pygal's drawing what a page may hold."""

    def __init__(self, series: Sequence[Series], marked: str | None) -> None:
        self._series = series
        self._marked = marked
        self._name = ""

    def children(self, source: Any, target: ElementTree.Element) -> None:
        for child in source:
            name = _plain_name(child)
            if name not in _KEPT or _is_empty(child, name):
                continue
            if name == "rect" and "background" in child.get("class", ""):
                continue
            copy = ElementTree.SubElement(target, name, _attributes(child, name))
            classes = self._classes(child)
            if classes:
                copy.set("class", classes)
            copy.text = (child.text or "").strip() or None
            self.children(child, copy)
        self._name_values(source, target)

    def _classes(self, source: Any) -> str:
        words = source.get("class", "").split()
        found = [_CLASSES[word] for word in words if word in _CLASSES]
        number = _SERIES.search(source.get("class", ""))
        if number:
            key, self._name, _ = self._series[int(number[1])]
            found.append(f"chart-{key}")
        if self._marked is not None and source.tag.endswith("g") and "guides" in words:
            texts = [child.text for child in source if _plain_name(child) == "text"]
            if texts == [self._marked]:
                found.append("chart-marked")
        return " ".join(found)

    def _name_values(self, source: Any, target: ElementTree.Element) -> None:
        """Turn pygal's own descriptions of a value into the tip that a pointer gets."""
        told = {
            child.get("class", "").split()[0]: child.text
            for child in source
            if _plain_name(child) == "desc" and child.get("class")
        }
        if "value" not in told:
            return
        for mark in target:
            tip = ElementTree.SubElement(mark, "title")
            tip.text = f"{told.get('x_label', '')} · {self._name}: {told['value']}"


def _check(labels: Sequence[str], series: Sequence[Series], marked: str | None) -> None:
    for key, name, values in series:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} makes no class name")
        if len(values) != len(labels):
            raise ValueError(f"{name!r} has {len(values)} values for {len(labels)} labels")
        if any(value is not None and value < 0 for value in values):
            raise ValueError(f"{name!r} has a value below nothing")
    if marked is not None and marked not in labels:
        raise ValueError(f"{marked!r} is none of the labels")


def _shown(labels: Sequence[str], marked: str | None) -> list[str]:
    """Return the labels to print: evenly apart, the last and the marked one among them."""
    every = max(1, -(-len(labels) // _LABELS_MOST))
    place = labels.index(marked) if marked is not None else len(labels) - 1
    return [label for number, label in enumerate(labels) if (place - number) % every == 0]


def _ticks(most: Number) -> list[int]:
    """Return where the scale has lines: whole steps of 1, 2 or 5 times a power of ten."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * _STEPS_MOST >= most)
    return [step * number for number in range(max(1, ceil(most / step)) + 1)]


def _plain_name(element: Any) -> str:
    """Return an element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _is_empty(element: Any, name: str) -> bool:
    """Tell what draws nothing: groups without content, columns without height."""
    if name == "g":
        return all(_plain_name(e) not in _KEPT or _is_empty(e, _plain_name(e)) for e in element)
    if name == "rect":
        return float(element.get("height", 0)) == 0
    return name == "path" and not element.get("d")


def _attributes(element: Any, name: str) -> dict[str, str]:
    return {
        key: _DECIMALS.sub(lambda found: f"{float(found[0]):.1f}", element.get(key))
        for key in _KEPT[name]
        if element.get(key)
    }
