"""Field types of commands: what is cleaned, what is refused, and under which path."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    Flag,
    Items,
    Number,
    Part,
    Translations,
    ValidPeriodSchema,
    load,
)


class Line(CommandSchema):
    amount = Number(required=True)


class Sample(ValidPeriodSchema):
    title = CleanText(required=True, longest=20)
    note = CleanText(lines=True, allow_none=True, load_default=None)
    names = Translations(load_default=dict)
    kind = Choice("a", "b", load_default="a")
    checked = Flag(load_default=False)
    lines = Items(Part(Line), most=2, load_default=list)


GOOD: dict[str, Any] = {"title": " Camera ", "valid_from": "2026-01-31"}


def refused(**changes: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as error:
        load(Sample(), {**GOOD, **changes})
    return error.value.fields


def test_good_input_is_trimmed_and_blanks_are_not_given() -> None:
    loaded = load(Sample(), {**GOOD, "note": "  ", "valid_until": "", "kind": ""})
    assert loaded["title"] == "Camera"
    assert loaded["note"] is None
    assert loaded["valid_until"] is None
    assert loaded["kind"] == "a"


class Named(CommandSchema):
    names = Translations(required=True)


def test_texts_that_are_all_blank_are_not_given() -> None:
    blank = {"vi": " ", "en": ""}
    assert load(Sample(), {**GOOD, "names": blank})["names"] == {}
    with pytest.raises(Invalid) as error:
        load(Named(), {"names": blank})
    assert list(error.value.fields) == ["names"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 21}, "title"),
        ({"title": "x" * 5_000_000}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"title": "abc\u202edef"}, "title"),
        ({"valid_from": "31/12/2025"}, "valid_from"),
        ({"valid_from": "20260131"}, "valid_from"),
        ({"valid_from": "2026-02-30"}, "valid_from"),
        ({"valid_from": "1899-12-31"}, "valid_from"),
        ({"valid_from": 20260131}, "valid_from"),
        ({"valid_until": "2026-01-30"}, "valid_until"),
        ({"names": {"Vietnamese": "Tên"}}, "names.Vietnamese"),
        ({"names": {"vi": "a\x00"}}, "names.vi"),
        ({"names": ["Tên"]}, "names"),
        ({"kind": "c"}, "kind"),
        ({"kind": ["a"]}, "kind"),
        ({"checked": "maybe"}, "checked"),
        ({"lines": [{"amount": "1"}] * 3}, "lines"),
        ({"lines": {"amount": "1"}}, "lines"),
        ({"lines": [{"amount": "1"}, {}]}, "lines.1.amount"),
        ({"lines": [{"amount": "1,5"}]}, "lines.0.amount"),
        ({"lines": [{"amount": "inf"}]}, "lines.0.amount"),
        ({"lines": [{"amount": "1e999"}]}, "lines.0.amount"),
        ({"lines": [{"amount": float("nan")}]}, "lines.0.amount"),
        ({"lines": [{"amount": True}]}, "lines.0.amount"),
        ({"lines": [{"amount": "9" * 61}]}, "lines.0.amount"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_is_named_by_its_path(changes: dict[str, Any], path: str) -> None:
    assert list(refused(**changes)) == [path]


def test_input_that_is_no_object_is_filed_under_no_field() -> None:
    with pytest.raises(Invalid) as error:
        load(Sample(), [])  # type: ignore[arg-type]
    assert list(error.value.fields) == [""]


def test_a_form_may_hold_fields_of_its_own() -> None:
    assert "csrf_token" not in load(Sample(), {**GOOD, "csrf_token": "x"}, form=True)


def test_numbers_keep_the_digits_that_were_written() -> None:
    loaded = load(Sample(), {**GOOD, "lines": [{"amount": "13.60"}, {"amount": 0.1}]})
    assert [line["amount"] for line in loaded["lines"]] == [Decimal("13.60"), Decimal("0.1")]
    assert str(loaded["lines"][0]["amount"]) == "13.60"


def test_a_message_is_its_english_text_and_remembers_its_pattern() -> None:
    [message] = refused(title="x" * 21)["title"]
    assert isinstance(message, Message)
    assert message == "At most 20 characters are possible here."
    assert message.pattern == "At most {longest} characters are possible here."
    assert message.parameters == {"longest": 20}


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_whatever_text_is_taken_is_normal_and_fits(text: str) -> None:
    try:
        title = load(Sample(), {**GOOD, "title": text})["title"]
    except Invalid:
        return
    assert title == unicodedata.normalize("NFC", title).strip()
    assert 0 < len(title) <= 20


def test_blank_texts_in_a_list_are_left_out() -> None:
    class Codes(CommandSchema):
        codes = Items(CleanText(longest=10), most=5)

    assert load(Codes(), {"codes": ["", "8525", "  "]}) == {"codes": ["8525"]}
