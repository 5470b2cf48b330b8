"""Text becomes the same words however it was typed."""

import unicodedata

import pytest

from registry.search import analysis
from registry.search.variants import number_variants


def folded(text: str) -> list[str]:
    return [word.folded for word in analysis.words(text)]


@pytest.mark.parametrize(
    "spelling",
    [
        "camera giám sát",
        "camera giam sat",
        "CAMERA GIÁM SÁT",
        unicodedata.normalize("NFD", "Camera giám sát"),
        "camera  giám\u00a0sát",
        "ｃａｍｅｒａ giám_sát",
        "ca\u00admera giám\u200b sát",
    ],
)
def test_spellings_of_the_same_words_fold_alike(spelling: str) -> None:
    assert folded(spelling) == ["camera", "giam", "sat"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đô thị thông minh", ["do", "thi", "thong", "minh"]),
        ("Sécurité de l’information", ["securite", "de", "l", "information"]),
        ("Ёмкость", ["емкость"]),
        ("Straße, Œuvre, Øre", ["strasse", "oeuvre", "ore"]),
        ("ISO/IEC 27002:2022", ["iso", "iec", "27002", "2022"]),
        ("m² ①", ["m2", "1"]),
        ("😀 -- \x00 \ud800", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert folded(text) == expected


def test_exact_form_is_kept_only_where_folding_loses_something() -> None:
    words = list(analysis.words("Camera giám sát"))
    assert [(word.position, word.exact) for word in words] == [(0, None), (1, "giám"), (2, "sát")]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("情報技術", ["情報", "報技", "技術"]),
        ("정보보호", ["정보", "보보", "보호"]),
        ("ข้อมูล", ["ข้", "้อ", "อม", "มู", "ูล"]),
        ("ガイド", ["ガイ", "イド"]),
        ("水", ["水"]),
    ],
)
def test_scripts_without_spaces_are_cut_into_pairs(text: str, pairs: list[str]) -> None:
    assert folded(text) == pairs


def test_kana_marks_are_letters_and_not_diacritics() -> None:
    assert folded("ガイド") != folded("カイト")
    assert folded("ｶﾞｲﾄﾞ") == folded("ガイド")


def test_query_positions_agree_with_the_index_across_a_run_and_the_word_after_it() -> None:
    indexed, _ = analysis.index_words(["情報技術 ABC"])
    for word in analysis.words("情報技術 abc"):
        assert indexed[word.folded] == [word.position]


def test_last_character_of_a_run_is_indexed_so_that_its_beginning_is_found() -> None:
    indexed, _ = analysis.index_words(["飲料水"])
    assert [term for term in indexed if term.startswith("水")] == ["水"]


def test_titles_lie_apart_from_each_other() -> None:
    terms, count = analysis.index_words(["an toàn", "an ninh"])
    assert terms["an"] == [0, 2 + analysis.TITLE_GAP]
    assert terms["toàn"] == terms["toan"] == [1]
    assert count == 4


def test_endless_text_is_cut() -> None:
    terms, count = analysis.index_words(["a " * 5_000_000])
    assert count == len(terms["a"]) == analysis.MAX_WORDS
    assert len(folded("x" * 1_000)[0]) == analysis.MAX_WORD_LENGTH


@pytest.mark.parametrize(
    ("identifier", "words", "main"),
    [
        ("QCVN 135:2024/BTTTT", ["qcvn", "135", "2024", "btttt"], "135"),
        ("qcvn135", ["qcvn", "135"], "135"),
        ("QCĐP 1:2020", ["qcdp", "1", "2020"], "1"),
        ("ITU-T X.509 (10/2019)", ["itu", "t", "x", "509", "10", "2019"], "509"),
        ("3GPP TS 25.453", ["3", "gpp", "ts", "25", "453"], "25"),
        ("27002", ["27002"], "27002"),
        ("W3C css-display", ["w", "3", "c", "css", "display"], "3"),
    ],
)
def test_identifiers_fall_into_letters_and_numbers(
    identifier: str, words: list[str], main: str
) -> None:
    assert analysis.identifier_words(identifier) == words
    assert words[analysis.main_number(words)] == main


def test_identifier_without_a_number_has_no_main_number() -> None:
    assert analysis.main_number(["css", "display"]) == 2
    assert analysis.main_number([]) == 0


def test_sort_key_orders_numbers_by_value() -> None:
    def key(designation: str) -> str:
        return analysis.sort_key(analysis.identifier_words(designation))

    assert key("TCVN 9250:2021") < key("TCVN 13902:2023") < key("TCVN ISO 37106:2018")


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("system", "systems"),
        ("technology", "technologies"),
        ("process", "processes"),
        ("index", "indexes"),
        ("interface", "interfaces"),
        ("switch", "switches"),
    ],
)
def test_singular_and_plural_find_each_other(one: str, many: str) -> None:
    assert many in number_variants(one)
    assert one in number_variants(many)


@pytest.mark.parametrize("word", ["sat", "giám", "27002", "ipv6", "情報"])
def test_words_without_number_have_no_variants(word: str) -> None:
    assert number_variants(word) == ()
