"""Designations: one key for every spelling of an edition, another for every other edition."""

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.catalog.designation import (
    adoption_forms,
    base_first,
    looks_like_designation,
    parse,
    search_form,
    search_forms,
)
from registry.errors import Invalid

SPELLINGS = [
    [
        "QCVN 135:2024/BTTTT",
        "QCVN 135: 2024/BTTTT",
        "qcvn135:2024-btttt",
        "QCVN 135 : 2024 / BTTTT",
    ],
    ["QCVN 135:2024/BTTTT", "QCVN\u00a0135:\u00a02024/BTTTT", "\ufeffQCVN 135:2024/BTTTT "],
    ["QCVN 9:2012/BKHCN", "QCVN 09:2012/BKHCN"],
    ["QCVN 01-120:2013/BNNPTNT", "QCVN 01 - 120 : 2013/BNNPTNT", "QCVN 01\u2013120:2013/BNNPTNT"],
    ["TCVN ISO/IEC 27002:2020", "TCVN ISO IEC 27002 : 2020", "tcvn iso/iec27002:2020"],
    ["TCVN 13902:2023", "TCVN 13902:2023 (ISO/IEC 22989:2022)"],
    [
        "TCVN 13902:2023",
        "TCVN 13902:2023 / ISO/IEC 22989:2022",
        "TCVN 13902:2023 ISO/IEC 22989:2022",
    ],
    ["TCVN 4273:1986", "TCVN 4273-1986"],
    [
        "Sửa đổi 1:2022 QCVN 102:2016/BTTTT",
        "Sua doi 01:2022 QCVN 102:2016/BTTTT",
        "QCVN 102:2016/BTTTT/SĐ 1:2022",
        "QCVN 102:2016/BTTTT Sửa đổi 1:2022",
        unicodedata.normalize("NFD", "Sửa đổi 1:2022 QCVN 102:2016/BTTTT"),
    ],
    ["QCĐP 1:2020/TP HCM", "QCDP 01:2020/TP HCM"],
    ["ISO/IEC 27001:2022", "ISO-IEC 27001:2022", "ISO/IEC 27001:2022(E)", "ISO/IEC 27001:2022-10"],
    ["ISO/TR 10013:2001", "ISO TR 10013:2001"],
    ["ISO/IEC 10021-1:1990/Amd 1:1994", "ISO/IEC 10021-1:1990/AMD1:1994"],
    ["ISO 3166-1:2006/Cor 1:2007", "ISO 3166-1:2006/COR1:2007", "ISO 3166-1:2006/Cor.1:2007"],
    ["EN 60950-1:2006/A1:2010", "EN 60950-1:2006/Amd 1:2010"],
    ["ETSI EN 303 645 V2.1.1 (2020-06)", "ETSI EN 303645 v2.1.1 (2020-06)"],
    ["ITU-T X.509 (10/2019)", "ITU-T Rec. X.509 (10/2019)", "ITU-T X.509 (2019-10)"],
    ["IEEE Std 754-2019", "IEEE 754-2019"],
    ["NIST SP 800-53r4", "NIST SP 800-53 Rev. 4", "NIST Special Publication 800-53 Revision 4"],
    ["RFC 8446", "RFC8446", "IETF RFC 8446"],
    ["ITU-R BT.1543-1", "ITU-R BT-1543-1"],
]
DIFFERENT = [
    ("QCVN 101:2020/BTTTT", "QCVN 101:2018/BGTVT"),
    ("QCVN 65:2013/BTTTT", "QCVN 65:2021/BTTTT"),
    ("QCVN 102:2016/BTTTT", "Sửa đổi 1:2022 QCVN 102:2016/BTTTT"),
    ("TCVN 10249-1:2013", "TCVN 10249-11:2013"),
    ("TCVN ISO/IEC 27002:2020", "ISO/IEC 27002:2020"),
    ("ISO/IEC 27001:2022", "ISO/IEC FDIS 27001:2022"),
    ("ISO/IEC 22989:2022/CD Amd 1", "ISO/IEC 22989:2022/Amd 1"),
    ("ISO 5-2001", "ISO 5:2001"),
    ("ISO/TR 10013:2001", "ISO 10013:2001"),
    ("ISO/IEC Guide 35:2001", "ISO/IEC 35:2001"),
    ("IEC 60034-18-41:2014+AMD1:2019 CSV", "IEC 60034-18-41:2014/AMD1:2019"),
    ("ETSI EN 303 645 V2.1.1 (2020-06)", "ETSI EN 303 645 V3.1.3 (2024-09)"),
    ("NIST SP 800-53r4", "NIST SP 800-53r5"),
    ("3GPP TS 01.01:REL-96/5.0.0", "3GPP TS 01.01:REL-96/5.1.0"),
    ("W3C REC-xml-20081126", "W3C REC-xml-20060816"),
    ("OIML R 100:1991 (E)", "OIML R 100:1991 (F)"),
    ("ITU-T X.1 (03/1993)", "ITU-T X.11 (03/1993)"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: str(spellings[-1]))
def test_spellings_of_one_edition_have_one_key(spellings: list[str]) -> None:
    parsed = [parse(text) for text in spellings]
    assert {designation.key for designation in parsed} == {parsed[0].key}
    assert {designation.document_key for designation in parsed} == {parsed[0].document_key}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_editions_have_different_keys_and_slugs(one: str, other: str) -> None:
    assert parse(one) != parse(other)
    assert parse(one).edition_slug != parse(other).edition_slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QCVN 65:2013/BTTTT", "QCVN 65:2021/BTTTT"),
        ("QCVN 102:2016/BTTTT", "Sửa đổi 1:2022 QCVN 102:2016/BTTTT"),
        ("ISO/IEC 27001:2013", "ISO/IEC FDIS 27001"),
        ("ISO/IEC TR 10822-1:2024", "ISO/IEC DTR 10822-1"),
        ("ISO 17716", "ISO/DIS 17716.2"),
        ("ETSI EN 303 645 V2.1.1 (2020-06)", "ETSI EN 303 645 V3.1.3 (2024-09)"),
        ("NIST SP 800-53", "NIST SP 800-53r5"),
        ("W3C xml", "W3C REC-xml-20081126"),
        ("IEEE Std 754-2008", "IEEE Std 754-2019"),
        ("3GPP TS 01.01:REL-96/5.0.0", "3GPP TS 01.01:Ph1/3.1.0"),
        ("IEC 60335-2-101:2024", "IEC 60335-2-101:2024 EXV"),
    ],
)
def test_editions_of_one_document_share_its_key(one: str, other: str) -> None:
    assert parse(one).document_key == parse(other).document_key


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("QCVN 135:2024/BTTTT", "qcvn-135-btttt"),
        ("TCVN ISO/IEC 27002:2020", "tcvn-iso-iec-27002"),
        ("ISO/IEC 27002:2022", "iso-iec-27002"),
        ("QCĐP 1:2020/TP HCM", "qcdp-1-tp-hcm"),
        ("3GPP TS 01.01:REL-96/5.0.0", "3-gpp-ts-01.01"),
        ("РМГ 10-94", "rmg-10-94"),
    ],
)
def test_document_slug(text: str, slug: str) -> None:
    assert parse(text).slug == slug


def test_parts_of_a_national_regulation() -> None:
    designation = parse("QCVN 135: 2024/BTTTT")
    assert designation.printed == "QCVN 135:2024/BTTTT"
    assert (designation.prefix, designation.number) == ("QCVN", "135")
    assert (designation.year, designation.suffix) == (2024, "BTTTT")


def test_parts_of_an_adopted_standard() -> None:
    designation = parse("TCVN ISO/IEC 27002:2020")
    assert (designation.prefix, designation.number) == ("TCVN", "ISO/IEC 27002")


def test_parts_of_a_draft_report() -> None:
    designation = parse("ISO/IEC DTR 10822-1")
    assert (designation.prefix, designation.doctype, designation.draft) == ("ISO/IEC", "TR", "DTR")
    assert designation.year is None


def test_supplement_knows_its_base() -> None:
    amendment = parse("Sửa đổi 1:2022 QCVN 102:2016/BTTTT")
    assert amendment.base_key == parse("QCVN 102:2016/BTTTT").key
    assert amendment.supplement == "Sửa đổi 1:2022"
    assert parse("ISO/IEC 22989:2022/CD Amd 1").draft == "CD"


@pytest.mark.parametrize(
    "text", ["", "  \t", "\0", "QCVN\x00135", "---", "🙂", "x" * 201, "a\ud800"]
)
def test_unreadable_text_names_the_field(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text)
    assert list(caught.value.fields) == ["designation"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("qcvn 135", "QCVN 135:2024/BTTTT"),
        ("QCVN135", "QCVN 135:2024/BTTTT"),
        ("135/BTTTT", "QCVN 135:2024/BTTTT"),
        ("QCVN 135:2024", "QCVN 135:2024/BTTTT"),
        ("27002", "TCVN ISO/IEC 27002:2020"),
        ("TCVN ISO/IEC 27002", "TCVN ISO/IEC 27002:2020"),
        ("tcvn 27002", "TCVN ISO/IEC 27002:2020"),
        ("ISO/IEC 27002", "TCVN ISO/IEC 27002:2020"),
        ("27001:2022", "ISO/IEC 27001:2022"),
        ("iso 27001", "ISO/IEC 27001:2022"),
        ("10249", "TCVN 10249-100:2013"),
        ("EN 303 645", "ETSI EN 303 645 V2.1.1 (2020-06)"),
        ("EN 303 645 V2.1.1", "ETSI EN 303 645 V2.1.1 (2020-06)"),
        ("X.509", "ITU-T X.509 (10/2019)"),
        ("QCVN 102:2016/BTTTT", "Sửa đổi 1:2022 QCVN 102:2016/BTTTT"),
    ],
)
def test_typed_designation_finds_the_edition(query: str, text: str) -> None:
    assert looks_like_designation(query)
    assert search_form(query) in search_forms(parse(text))


@pytest.mark.parametrize(
    "query",
    [
        "camera giám sát",
        "wifi 6",
        "5G",
        "QCVN",
        "trí tuệ nhân tạo 2025",
        "qcvn 135 camera",
        "",
        "\0",
    ],
)
def test_words_are_no_designation(query: str) -> None:
    assert not looks_like_designation(query)


MINISTRIES = st.sampled_from(["BTTTT", "BKHCN", "BGTVT", "BNNPTNT", "BQP", "BCA"])
PARTS = st.lists(st.integers(1, 400), max_size=2)
YEARS = st.integers(1900, 2099)
HEADS = st.sampled_from(
    [
        "QCVN",
        "TCVN",
        "TCVN ISO/IEC",
        "TCVN ISO",
        "ISO",
        "ISO/IEC",
        "IEC",
        "ISO/IEC TR",
        "ISO/TS",
        "EN",
    ]
)


@st.composite
def designations(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """Head, number with its parts, year, suffix."""
    head = draw(HEADS)
    number = "-".join(map(str, [draw(st.integers(1, 99_999)), *draw(PARTS)]))
    return head, number, draw(YEARS), f"/{draw(MINISTRIES)}" if head == "QCVN" else ""


@st.composite
def respelled(draw: st.DrawFn, text: str) -> str:
    """The same designation with other spacing, case, dashes and normal form."""
    space = st.sampled_from(["", " ", "\u00a0", "  "])
    text = text.replace(":", draw(space) + ":" + draw(space))
    text = re.sub(r"(?<=[A-Z]) (?=\d)", lambda _: draw(space), text)
    text = text.replace("-", draw(st.sampled_from(["-", "\u2013", "\u2011"])))
    text = {"as is": text, "lower": text.lower(), "upper": text.upper()}[
        draw(st.sampled_from(["as is", "lower", "upper"]))
    ]
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), parts=designations())
def test_respelling_keeps_the_key(data: st.DataObject, parts: tuple[str, str, int, str]) -> None:
    text = "{} {}:{}{}".format(*parts)
    assert parse(data.draw(respelled(text))) == parse(text)


@settings(max_examples=200, deadline=None)
@given(one=designations(), other=designations())
def test_other_parts_make_another_key(
    one: tuple[str, str, int, str], other: tuple[str, str, int, str]
) -> None:
    assume(one != other)
    first, second = (parse("{} {}:{}{}".format(*parts)) for parts in (one, other))
    assert first.key != second.key
    assert first.edition_slug != second.edition_slug
    same_document = (one[:2], one[3]) == (other[:2], other[3])
    assert (first.document_key == second.document_key) is same_document
    assert (first.slug == second.slug) is same_document


@settings(max_examples=100, deadline=None)
@given(parts=designations(), year=YEARS)
def test_another_year_is_another_edition_of_the_document(
    parts: tuple[str, str, int, str], year: int
) -> None:
    head, number, first_year, suffix = parts
    assume(year != first_year)
    one, other = (parse(f"{head} {number}:{y}{suffix}") for y in (first_year, year))
    assert one.key != other.key
    assert one.document_key == other.document_key


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_parses_or_is_refused_and_parsing_is_idempotent(text: str) -> None:
    try:
        designation = parse(text)
    except Invalid:
        assert search_form(text) == ""
        return
    again = parse(designation.printed)
    assert again.printed == designation.printed
    assert again.key == designation.key
    assert again.document_key == designation.document_key
    assert designation.slug.isascii()
    assert re.search(r"[\s/?#]", designation.slug + designation.edition_slug) is None
    assert designation.edition_slug
    assert search_form(text) in search_forms(designation)
    looks_like_designation(text)


@pytest.mark.parametrize(
    ("printed", "filed"),
    [
        ("Sửa đổi 1:2022 QCVN 102:2016/BTTTT", "QCVN 102:2016/BTTTT Sửa đổi 1:2022"),
        ("ISO/IEC 27002:2013/Cor 1:2014", "ISO/IEC 27002:2013/Cor 1:2014"),
        ("TCVN 13902:2023", "TCVN 13902:2023"),
    ],
)
def test_what_is_supplemented_comes_before_the_supplement(printed: str, filed: str) -> None:
    assert base_first(parse(printed)) == filed
    assert parse(filed).key == parse(printed).key


def test_an_adopted_edition_has_the_names_that_people_give_it() -> None:
    assert adoption_forms(parse("ISO/IEC 27001:2022")) == (
        "ISO/IEC 27001:2022",
        "27001:2022",
        "ISO 27001:2022",
        "IEC 27001:2022",
    )
