"""Flat form fields and nested data, there and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from registry.web.forms import MAX_INDEX, flat, nested


def form(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(list(pairs))


def test_dotted_names_become_objects_and_lists() -> None:
    typed = form(
        ("titles.vi", "Tên"),
        ("titles.en", "Title"),
        ("relations.0.type", "adopts"),
        ("relations.0.target", "ISO 1:2000"),
        ("relations.1.type", "amends"),
        ("kind", "TCVN"),
    )
    assert nested(typed) == {
        "titles": {"vi": "Tên", "en": "Title"},
        "relations": [{"type": "adopts", "target": "ISO 1:2000"}, {"type": "amends"}],
        "kind": "TCVN",
    }


def test_spare_lines_are_left_out_and_order_is_that_of_the_numbers() -> None:
    typed = form(
        ("rows.10.name", "third"),
        ("rows.2.name", "second"),
        ("rows.0.name", ""),
        ("rows.0.unit", "  "),
        ("rows.1.name", "first"),
    )
    assert nested(typed) == {"rows": [{"name": "first"}, {"name": "second"}, {"name": "third"}]}


def test_lists_take_every_value_of_a_name_but_blanks() -> None:
    typed = form(("domains", "ai"), ("domains", ""), ("domains", "blockchain"), ("kind", "a"))
    assert nested(typed, frozenset({"domains"})) == {"domains": ["ai", "blockchain"], "kind": "a"}
    assert nested(typed)["domains"] == "blockchain"


def test_numbers_beyond_the_bound_make_no_long_list() -> None:
    typed = form((f"rows.{MAX_INDEX + 1}.name", "x"), ("rows.999999999999.name", "y"))
    assert nested(typed) == {"rows": []}


@pytest.mark.parametrize(
    "names",
    [["a", "a.b"], ["a.b", "a"], ["a.b.c", "a.b"], ["", "."], ["a.0", "a.x"], ["a..b"], ["0.1"]],
)
def test_contradictory_names_are_no_error(names: list[str]) -> None:
    nested(form(*[(name, "value") for name in names]))


@given(st.lists(st.tuples(st.text("ab.01²", max_size=8), st.text(max_size=4)), max_size=8))
def test_no_form_is_an_error(pairs: list[tuple[str, str]]) -> None:
    assert isinstance(nested(form(*pairs)), dict)


names = st.text("abcdefgh", min_size=1, max_size=4)
texts = st.text(min_size=1, max_size=5).filter(str.strip)
commands = st.dictionaries(
    names,
    texts
    | st.dictionaries(names, texts, min_size=1, max_size=3)
    | st.lists(st.dictionaries(names, texts, min_size=1, max_size=3), min_size=1, max_size=3),
    max_size=4,
)


@given(commands)
def test_what_is_shown_again_is_what_was_typed(command: dict[str, Any]) -> None:
    assert nested(form(*flat(command).items())) == command


def test_names_of_very_many_parts_are_left_out() -> None:
    assert nested(form(("a." * 5_000, "deep"), ("kind", "TCVN"))) == {"kind": "TCVN"}
