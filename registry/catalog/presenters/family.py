"""The picture of an edition's family: where every box and line of it lies.

Three columns: what the edition builds on at the left, the editions of one line
of succession in the middle, the newest at the top, and what builds on it at the
right. The template only draws; all text also stands in the list of relations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.catalog.queries.editions import EditionFacts, RelationFacts

_BOX_WIDTH, _BOX_HEIGHT, _GAP = 252, 52, 30
_COLUMNS = (0, 354, 708)
_MOST = 6
_LONGEST = 30

_MIDDLE = {
    ("supersedes", True): "newer",
    ("superseded-by", False): "newer",
    ("supersedes", False): "older",
    ("superseded-by", True): "older",
}


@dataclass(frozen=True, slots=True)
class Box:
    """One edition: its place, words, status and address."""

    x: int
    y: int
    designation: str
    status: str | None
    slug: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A relation between two boxes, from end to end, with its word and where that stands."""

    x1: int
    y1: int
    x2: int
    y2: int
    type: str
    degree: str | None
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Family:
    """The whole picture; ``left`` and lengths are in the SVG's own units."""

    left: int
    width: int
    height: int
    box_width: int
    box_height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw_family(facts: EditionFacts, relations: Sequence[RelationFacts]) -> Family | None:
    """Return the picture, or ``None`` for an edition that stands alone."""
    groups = _groups(relations)
    if not any(groups.values()):
        return None
    newer, older = groups["newer"], groups["older"]
    column = [*newer, None, *older]
    rows = max(len(column), len(groups["left"]), len(groups["right"]))
    height = rows * (_BOX_HEIGHT + _GAP) - _GAP
    middle = _column(column, _COLUMNS[1], height, facts)
    this = middle[len(newer)]
    boxes = list(middle)
    lines = _succession(middle, this, newer, older)
    for name, x in (("left", _COLUMNS[0]), ("right", _COLUMNS[2])):
        side = _column(groups[name], x, height, facts)
        boxes += side
        lines += [
            _across(box, this, relation, left=name == "left")
            for box, relation in zip(side, groups[name], strict=True)
            if relation is not None
        ]
    edge = min(box.x for box in boxes)
    width = max(box.x for box in boxes) + _BOX_WIDTH - edge
    return Family(edge, width, height, _BOX_WIDTH, _BOX_HEIGHT, tuple(boxes), tuple(lines))


def _groups(relations: Sequence[RelationFacts]) -> dict[str, list[RelationFacts]]:
    """Sort relations into the columns; each edition stands in the picture once."""
    groups: dict[str, list[RelationFacts]] = {"newer": [], "older": [], "left": [], "right": []}
    met: set[str] = set()
    for item in relations:
        if item.designation in met:
            continue
        met.add(item.designation)
        side = _MIDDLE.get((item.relation.type, item.inward))
        groups[side or ("right" if item.inward else "left")].append(item)
    return {name: items[:_MOST] for name, items in groups.items()}


def _column(
    items: Sequence[RelationFacts | None], x: int, height: int, facts: EditionFacts
) -> list[Box]:
    """Place ``items`` one below the other around the middle; ``None`` is the edition itself."""
    used = len(items) * (_BOX_HEIGHT + _GAP) - _GAP
    top = (height - used) // 2
    boxes = []
    for number, item in enumerate(items):
        y = top + number * (_BOX_HEIGHT + _GAP)
        if item is None:
            status, slug = facts.status.status, facts.edition.slug
            boxes.append(Box(x, y, facts.edition.designation, status, slug, current=True))
            continue
        other = item.other
        boxes.append(
            Box(
                x,
                y,
                _short(item.designation),
                other.status.status if other else None,
                other.edition.slug if other else None,
            )
        )
    return boxes


def _succession(
    middle: Sequence[Box],
    this: Box,
    newer: Sequence[RelationFacts],
    older: Sequence[RelationFacts],
) -> list[Line]:
    lines = []
    place = middle.index(this)
    items: list[RelationFacts | None] = [*newer, None, *older]
    for number, (box, item) in enumerate(zip(middle, items, strict=True)):
        if item is None:
            continue
        neighbour = middle[number + 1] if number < place else middle[number - 1]
        upper, lower = (box, neighbour) if number < place else (neighbour, box)
        x = box.x + _BOX_WIDTH // 2
        y1, y2 = upper.y + _BOX_HEIGHT, lower.y
        lines.append(Line(x, y1, x, y2, "supersedes", None, x + 8, (y1 + y2) // 2 + 4))
    return lines


def _across(box: Box, this: Box, item: RelationFacts, *, left: bool) -> Line:
    x1 = box.x + _BOX_WIDTH if left else box.x
    x2 = this.x if left else this.x + _BOX_WIDTH
    y1, y2 = box.y + _BOX_HEIGHT // 2, this.y + _BOX_HEIGHT // 2
    return Line(
        x1,
        y1,
        x2,
        y2,
        item.relation.type,
        item.relation.degree,
        (x1 + x2) // 2,
        # Near the box of its own end, where lines do not cross each other's words.
        y1 + (y2 - y1) // 3 - 5,
    )


def _short(designation: str) -> str:
    return designation if len(designation) <= _LONGEST else designation[: _LONGEST - 1] + "…"
