"""The picture of a family: every relation has its box, and no box covers another."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.models import Edition, EditionRecord, Relation
from registry.catalog.presenters.family import Family, draw_family
from registry.catalog.queries.editions import EditionFacts, RelationFacts
from registry.catalog.status import Change

IN_FORCE = Change(date(2020, 1, 1), "in-force")


def edition(number: int) -> EditionFacts:
    return EditionFacts(
        Edition(id=number, designation=f"TCVN {number}:2020", slug=f"tcvn-{number}:2020"),
        EditionRecord(),
        [IN_FORCE],
        IN_FORCE,
    )


def relation(number: int, type_: str, *, inward: bool, held: bool = True) -> RelationFacts:
    other = edition(number) if held else None
    stated = Relation(type=type_, degree="IDT" if type_ == "adopts" else None)
    return RelationFacts(stated, f"TCVN {number}:2020", other, inward=inward)


def overlapping(family: Family) -> list[tuple[str, str]]:
    return [
        (a.designation, b.designation)
        for a, b in combinations(family.boxes, 2)
        if abs(a.x - b.x) < family.box_width and abs(a.y - b.y) < family.box_height
    ]


def test_an_edition_alone_has_no_picture() -> None:
    assert draw_family(edition(1), []) is None


@pytest.mark.parametrize(
    ("type_", "inward", "above"),
    [
        ("supersedes", True, True),
        ("superseded-by", False, True),
        ("supersedes", False, False),
        ("superseded-by", True, False),
    ],
)
def test_the_newer_edition_stands_above(type_: str, inward: bool, above: bool) -> None:
    family = draw_family(edition(1), [relation(2, type_, inward=inward)])
    assert family is not None
    this = next(box for box in family.boxes if box.current)
    other = next(box for box in family.boxes if not box.current)
    assert (other.y < this.y) is above
    assert other.x == this.x


def test_what_it_adopts_stands_left_and_what_adopts_it_right() -> None:
    family = draw_family(
        edition(1), [relation(2, "adopts", inward=False), relation(3, "adopts", inward=True)]
    )
    assert family is not None
    places = {box.designation: box.x for box in family.boxes}
    assert places["TCVN 2:2020"] < places["TCVN 1:2020"] < places["TCVN 3:2020"]
    assert [line.degree for line in family.lines] == ["IDT", "IDT"]


def test_an_edition_not_held_has_neither_link_nor_status() -> None:
    family = draw_family(edition(1), [relation(2, "adopts", inward=False, held=False)])
    assert family is not None
    box = next(box for box in family.boxes if not box.current)
    assert (box.slug, box.status) == (None, None)


@given(
    st.lists(
        st.tuples(
            st.integers(2, 40),
            st.sampled_from(["adopts", "based-on", "supersedes", "superseded-by", "amends"]),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_boxes_never_overlap_and_lie_inside(items: list[tuple[int, str, bool]]) -> None:
    relations = [relation(number, type_, inward=inward) for number, type_, inward in items]
    family = draw_family(edition(1), relations)
    if family is None:
        assert not items
        return
    assert overlapping(family) == []
    assert len(family.lines) == len(family.boxes) - 1
    for box in family.boxes:
        assert 0 <= box.x - family.left <= family.width - family.box_width
        assert 0 <= box.y <= family.height - family.box_height
