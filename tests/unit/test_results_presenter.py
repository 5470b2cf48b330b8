"""Rows of the search page: words found are marked, facets stay in reach."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.presenters.results import facet_counts, facet_label, mark
from registry.search.analysis import words

LABELS = {
    ("document-kind", "TCVN"): {"vi": "Tiêu chuẩn quốc gia"},
    ("issuing-body", "bkhcn"): {"vi": "Bộ Khoa học và Công nghệ"},
}


def marked(text: str, query: str) -> list[str]:
    wanted = frozenset(word.folded for word in words(query))
    return [piece for piece, hit in mark(text, wanted) if hit]


def test_words_are_marked_diacritics_and_case_aside() -> None:
    title = "Quy chuẩn về Camera giám sát, an toàn"
    assert marked(title, "CAMERA giam sat") == ["Camera", "giám", "sát"]
    assert marked(title, "giám sát") == ["giám", "sát"]
    assert marked(title, "cam") == []
    assert marked(title, "") == []


@given(st.text(max_size=40), st.text(max_size=12))
def test_marking_loses_nothing(text: str, query: str) -> None:
    wanted = frozenset(word.folded for word in words(query))
    segments = mark(text, wanted)
    assert "".join(piece for piece, _ in segments) == text
    assert all(one[1] != two[1] for one, two in pairwise(segments))


def test_what_is_chosen_stays_in_reach_and_the_rest_comes_by_number() -> None:
    counts = {"TCVN": 3, "QCVN": 9, "ISO": 0, "QCĐP": 1}
    rows = facet_counts(counts, frozenset({"QCĐP", "TCCS"}), most=3)
    assert rows == [("QCĐP", 1, True), ("TCCS", 0, True), ("QCVN", 9, False)]


def test_a_value_that_is_no_term_is_its_own_name() -> None:
    assert facet_label(LABELS, "kind", "TCVN") == {"vi": "Tiêu chuẩn quốc gia"}
    assert facet_label(LABELS, "body", "bkhcn") == {"vi": "Bộ Khoa học và Công nghệ"}
    assert facet_label(LABELS, "body", "ISO/IEC") == "ISO/IEC"
