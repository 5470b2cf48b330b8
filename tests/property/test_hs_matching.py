"""Codes match whatever stands between their digits, parents their children and back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalog.hs_codes import parents, printed_hs, read_hs, related
from registry.catalog.hs_nomenclature import nomenclature
from registry.catalog.product_question import read_question

codes = st.text("0123456789", min_size=2, max_size=8)
between = st.text(" .-/·,", max_size=2)


@given(codes, st.lists(between, min_size=9, max_size=9))
def test_punctuation_changes_nothing(digits: str, marks: list[str]) -> None:
    typed = "".join(mark + digit for mark, digit in zip(marks, digits, strict=False)) + marks[-1]
    assert read_hs(typed) == digits
    assert read_question(hs=typed) == read_question(hs=digits)


@given(codes)
def test_printed_code_reads_as_itself(digits: str) -> None:
    assert read_hs(printed_hs(digits)) == digits


@given(codes, codes)
def test_codes_are_related_in_both_directions_or_in_none(one: str, other: str) -> None:
    assert related(one, other) is related(other, one)
    assert related(one, other) is (one in parents(other) or other in parents(one))


@given(codes)
@settings(max_examples=50)
def test_lineage_leads_down_to_the_code(digits: str) -> None:
    line = nomenclature().lineage(digits)
    assert all(digits.startswith(entry.code) for entry in line[1:])
    assert [entry.parent for entry in line[1:]] == [entry.code for entry in line[:-1]]


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_any_text_can_be_asked(text: str) -> None:
    question = read_question(text=text)
    assert question.hs is None or question.text == ""
