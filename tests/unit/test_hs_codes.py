"""HS codes as people type them, and what the nomenclature says of them."""

import unicodedata

import pytest

from registry.catalog.hs_codes import is_code, parents, printed_hs, read_hs, related
from registry.catalog.hs_nomenclature import nomenclature
from registry.catalog.hs_vietnamese import vietnamese_titles
from registry.errors import Invalid


@pytest.mark.parametrize(
    "typed",
    [
        "8525.81",
        "852581",
        "85 25 81",
        "85.25.81",
        "HS 8525.81",
        "mã HS: 8525-81",
        "８５２５８１",
        "hs code 8525/81",
    ],
)
def test_any_punctuation_reads_as_the_same_code(typed: str) -> None:
    assert read_hs(typed) == "852581"


@pytest.mark.parametrize(
    "typed", ["", "8", "camera", "8525x", "123456789", "85 25 81 10 99", "HS", "QCVN 65"]
)
def test_what_is_no_code_of_two_to_eight_digits_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_hs(typed)
    assert list(refused.value.fields) == ["hs"]
    assert not is_code(typed)


def test_code_is_printed_as_customs_print_it() -> None:
    assert [printed_hs(code) for code in ("85", "8525", "852581", "85258110")] == [
        "85",
        "8525",
        "8525.81",
        "8525.81.10",
    ]


def test_parent_is_related_to_its_child_and_not_to_its_sibling() -> None:
    assert related("8525", "85258110")
    assert related("85258110", "8525")
    assert not related("852581", "852582")
    assert parents("8525") == ["85", "852", "8525"]


class TestNomenclature:
    def test_holds_the_whole_of_2022(self) -> None:
        codes = [code for code in nomenclature().entries if code.isdigit()]
        lengths = {length: sum(len(code) == length for code in codes) for length in (2, 4, 6)}
        assert lengths == {2: 97, 4: 1_229, 6: 5_613}
        assert len(codes) == 6_939

    def test_every_entry_stands_under_one_that_is_there(self) -> None:
        entries = nomenclature().entries
        sections = [entry for entry in entries.values() if not entry.parent]
        # Chapter 99 is for what belongs nowhere: it is in no section.
        assert [entry.code for entry in sections if entry.code.isdigit()] == ["99"]
        assert len(sections) == 21 + 1
        assert all(entry.parent in entries for entry in entries.values() if entry.parent)

    def test_lineage_goes_from_the_section_down_to_the_nearest_entry(self) -> None:
        line = [entry.code for entry in nomenclature().lineage("85258110")]
        assert line == ["XVI", "85", "8525", "852581"]
        assert [entry.code for entry in nomenclature().lineage("85259")] == ["XVI", "85", "8525"]
        assert nomenclature().lineage("77") == []

    def test_knows_which_codes_it_holds(self) -> None:
        held = nomenclature().holds
        assert held("85")
        assert held("852")
        assert held("85258199")
        assert not held("8599")
        assert not held("27002")

    def test_words_find_the_most_specific_headings(self) -> None:
        found = nomenclature().search("digital cameras").codes
        assert "852581" in found
        assert "8525" not in found

    def test_plural_case_and_foreign_words_do_not_matter(self) -> None:
        search = nomenclature().search
        assert search("CAMERAS").codes == search("camera").codes

    @pytest.mark.parametrize(
        ("text", "headings"),
        [
            ("máy ảnh", {"8525", "9006"}),
            ("may anh", {"8525", "9006"}),
            ("điện thoại", {"8517"}),
            ("Điện thoại thông minh giá rẻ", {"8517"}),
            ("dien thoai", {"8517"}),
            ("máy tính", {"8470", "8471"}),
            ("máy tính xách tay", {"8471"}),
            ("bộ định tuyến", {"8517"}),
            ("tai nghe", {"8518"}),
            ("máy in 3D", {"8485"}),
            ("nồi cơm điện", {"8516"}),
            ("công tơ điện", {"9028"}),
            ("pin lithi", {"8507"}),
            ("bình chữa cháy", {"8424"}),
            ("robot công nghiệp", {"8479"}),
        ],
    )
    def test_vietnamese_words_find_their_headings(self, text: str, headings: set[str]) -> None:
        assert {code[:4] for code in nomenclature().search(text).codes} == headings

    def test_a_vietnamese_phrase_tells_which_cameras_are_meant(self) -> None:
        found = nomenclature().search("camera giám sát")
        assert found.codes
        assert {code[:4] for code in found.codes} == {"8525"}
        assert found.used == ("camera giám sát",)
        everything = nomenclature().search("camera").codes
        assert {code[:4] for code in everything} > {"8525"}

    def test_all_above_a_camera_and_the_headings_of_machines_have_vietnamese_titles(self) -> None:
        for code, entry in nomenclature().entries.items():
            section_or_chapter = not code.isdigit() or len(code) == 2
            machine = code[:2] in ("84", "85", "90") and len(code) == 4
            camera = code[:4] == "8525"
            assert bool(entry.vietnamese) == (section_or_chapter or machine or camera), code

            assert unicodedata.normalize("NFC", entry.vietnamese) == entry.vietnamese
        assert vietnamese_titles().titles.keys() <= nomenclature().entries.keys()

    def test_a_vietnamese_phrase_is_looked_for_in_headings_only(self) -> None:
        assert {len(code) for code in vietnamese_titles().search("camera").codes} == {4}
        assert vietnamese_titles().search("động vật sống").codes == frozenset()

    @pytest.mark.parametrize("text", ["", "5 GHz", "of the", "trí tuệ"])
    def test_words_that_describe_nothing_find_nothing(self, text: str) -> None:
        assert nomenclature().search(text).codes == ()
