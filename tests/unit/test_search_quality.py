"""Judged queries: what a user types and what has to come first, on real entries."""

from datetime import date

import pytest

from registry.search.engine import SearchEngine, SearchRecord, SearchRequest
from registry.search.whoosh_engine import open_engine

# Printed designation, other spellings, titles, year, prior: 1 for a national entry in
# force, 0.6 for a foreign one, 0.2 for a withdrawn one.
ENTRIES: tuple[tuple[str, str, dict[str, str], int | None, float], ...] = (
    (
        "QCVN 135:2024/BTTTT",
        "qcvn135 135",
        {
            "vi": "Quy chuẩn kỹ thuật quốc gia về thiết bị camera giám sát sử dụng giao thức "
            "Internet - Các yêu cầu an toàn thông tin cơ bản"
        },
        2024,
        1.0,
    ),
    (
        "QCVN 65:2021/BTTTT",
        "qcvn65 65",
        {"vi": "Thiết bị truy nhập vô tuyến băng tần 5 GHz"},
        2021,
        1.0,
    ),
    (
        "TCVN ISO/IEC 27002:2020",
        "tcvnisoiec27002 isoiec27002 27002",
        {
            "vi": "Công nghệ thông tin - Các kỹ thuật an toàn - Quy tắc thực hành quản lý an "
            "toàn thông tin"
        },
        2020,
        1.0,
    ),
    (
        "ISO/IEC 27002:2022",
        "isoiec27002 iec27002 27002",
        {
            "en": "Information security, cybersecurity and privacy protection - Information "
            "security controls",
            "fr": "Sécurité de l'information, cybersécurité et protection de la vie privée",
        },
        2022,
        0.6,
    ),
    (
        "ISO/IEC 27002:2013",
        "isoiec27002 27002",
        {
            "en": "Information technology - Security techniques - Code of practice for "
            "information security controls"
        },
        2013,
        0.2,
    ),
    (
        "ISO/IEC 27002:2013/Cor 1:2014",
        "isoiec27002 27002",
        {"en": "Code of practice for information security controls - Technical Corrigendum 1"},
        2014,
        0.2,
    ),
    (
        "ISO/IEC 27001-HBK:2024",
        "isoiec27001 27001",
        {"en": "ISO/IEC 27001:2022 - Information security management systems - A practical guide"},
        2024,
        0.6,
    ),
    (
        "ISO/IEC 27001:2022",
        "isoiec27001 27001",
        {"en": "Information security management systems - Requirements"},
        2022,
        0.6,
    ),
    (
        "TCVN 13902:2023",
        "tcvn13902 13902",
        {
            "vi": "Công nghệ thông tin - Trí tuệ nhân tạo - Các khái niệm và thuật ngữ trí tuệ "
            "nhân tạo",
            "en": "Information technology - Artificial intelligence - Artificial intelligence "
            "concepts and terminology",
        },
        2023,
        1.0,
    ),
    (
        "ISO/IEC 22989:2022",
        "isoiec22989 22989",
        {
            "en": "Information technology - Artificial intelligence - Artificial intelligence "
            "concepts and terminology"
        },
        2022,
        0.6,
    ),
    (
        "ISO 13902:1997",
        "iso13902 13902",
        {"en": "Acoustics - Textile floor coverings"},
        1997,
        0.6,
    ),
    (
        "TCVN ISO 37106:2018",
        "tcvniso37106 iso37106 37106",
        {
            "vi": "Đô thị và cộng đồng bền vững - Hướng dẫn thiết lập mô hình hoạt động của đô "
            "thị thông minh"
        },
        2018,
        1.0,
    ),
    ("ISO 1:2022", "iso1 1", {"en": "Standard reference temperature"}, 2022, 0.6),
    (
        "ISO/IEC DIR 1 ISO SUP:2020",
        "",
        {"en": "ISO/IEC Directives, Part 1 - Consolidated ISO Supplement"},
        2020,
        0.6,
    ),
    ("TCVN 10176-30-2:2025", "tcvn10176 10176", {"vi": "Kiến trúc thiết bị UPnP"}, 2025, 1.0),
    ("TCVN 10176-2-30:2025", "tcvn10176 10176", {"vi": "Kiến trúc thiết bị UPnP"}, 2025, 1.0),
    (
        "ETSI EN 303 645 V2.1.1 (2020-06)",
        "etsien303645 en303645 303645",
        {"en": "CYBER; Cyber Security for Consumer Internet of Things: Baseline Requirements"},
        2020,
        0.6,
    ),
    (
        "ITU-T X.509 (10/2019)",
        "itutx509 x509",
        {"en": "Public-key and attribute certificate frameworks"},
        2019,
        0.6,
    ),
    (
        "OASIS SAML2.0-deploy-x509",
        "",
        {"en": "SAML V2.0 Deployment Profiles for X.509 Subjects"},
        2008,
        0.6,
    ),
    ("JIS X 0533:2003", "jisx533 533", {"ja": "情報技術-電子データ交換"}, 2003, 0.6),
    ("KS X 1001", "ksx1001", {"ko": "정보 교환용 부호계"}, 2004, 0.6),
    ("มอก. 1500", "1500", {"th": "เทคโนโลยีสารสนเทศ ความมั่นคงปลอดภัย"}, 2015, 0.6),
    (
        "ГОСТ Р 59277-2020",
        "59277",
        {"ru": "Системы искусственного интеллекта. Классификация"},
        2020,
        0.6,
    ),
    (
        "IEC Technology Report Artificial intelligence:2021",
        "",
        {"en": "City information modelling"},
        2021,
        0.6,
    ),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    engine = open_engine(tmp_path_factory.mktemp("search"))
    engine.rebuild(
        (
            SearchRecord(
                designation, designation, tuple(forms.split()), titles, year=year, prior=prior
            )
            for designation, forms, titles, year, prior in ENTRIES
        ),
        1,
    )
    return engine


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("camera giám sát", "QCVN 135:2024/BTTTT"),
        ("camera giam sat", "QCVN 135:2024/BTTTT"),
        ("qcvn 135", "QCVN 135:2024/BTTTT"),
        ("QCVN135", "QCVN 135:2024/BTTTT"),
        ("qcvn 135: 2024", "QCVN 135:2024/BTTTT"),
        ("135/BTTTT", "QCVN 135:2024/BTTTT"),
        ("5 ghz", "QCVN 65:2021/BTTTT"),
        ("TCVN ISO/IEC 27002", "TCVN ISO/IEC 27002:2020"),
        ("tcvnisoiec27002", "TCVN ISO/IEC 27002:2020"),
        ("27002", "TCVN ISO/IEC 27002:2020"),
        ("iso 27002", "TCVN ISO/IEC 27002:2020"),
        ("27002:2022", "ISO/IEC 27002:2022"),
        ("ISO/IEC 27002:2013", "ISO/IEC 27002:2013"),
        ("27001", "ISO/IEC 27001:2022"),
        ("iso 1", "ISO 1:2022"),
        ("13902", "TCVN 13902:2023"),
        ("iso 13902", "ISO 13902:1997"),
        ("10176-30-2", "TCVN 10176-30-2:2025"),
        ("10176-2-30", "TCVN 10176-2-30:2025"),
        ("en 303 645", "ETSI EN 303 645 V2.1.1 (2020-06)"),
        ("EN303645", "ETSI EN 303 645 V2.1.1 (2020-06)"),
        ("x.509", "ITU-T X.509 (10/2019)"),
        ("đô thị thông minh", "TCVN ISO 37106:2018"),
        ("do thi thong minh", "TCVN ISO 37106:2018"),
        ("trí tuệ nhân tạo", "TCVN 13902:2023"),
        ("artificial intelligence", "TCVN 13902:2023"),
        ("an toàn thông tin", "TCVN ISO/IEC 27002:2020"),
        ("information security management system", "ISO/IEC 27001:2022"),
        ("sécurité de l’information", "ISO/IEC 27002:2022"),
        ("情報技術", "JIS X 0533:2003"),
        ("電子データ", "JIS X 0533:2003"),
        ("정보 교환", "KS X 1001"),
        ("สารสนเทศ", "มอก. 1500"),
        ("искусственный интеллект", "ГОСТ Р 59277-2020"),
        ("59277", "ГОСТ Р 59277-2020"),
    ],
)
def test_wanted_entry_comes_first(engine: SearchEngine, typed: str, first: str) -> None:
    result = engine.search(SearchRequest(typed, {}, (), date(2026, 6, 1)))
    assert result.subjects[:1] == (first,)


def test_current_edition_comes_before_its_predecessor_and_corrigendum(engine: SearchEngine) -> None:
    result = engine.search(SearchRequest("27002", {}, (), date(2026, 6, 1)))
    assert result.subjects == (
        "TCVN ISO/IEC 27002:2020",
        "ISO/IEC 27002:2022",
        "ISO/IEC 27002:2013",
        "ISO/IEC 27002:2013/Cor 1:2014",
    )
