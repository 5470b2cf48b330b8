"""What people send: any encoding and separator, odd headings, cells typed as habit has it."""

import io
import unicodedata
import zipfile
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalog.importing.formats import Row
from registry.catalog.spreadsheets import tables, workbooks
from registry.catalog.spreadsheets.columns import PROGRAMME, columns
from registry.catalog.spreadsheets.layouts import (
    Layout,
    check_layout,
    guess_layout,
    headings,
    layout_for,
)
from registry.catalog.spreadsheets.rows import read_rows, read_tables, table_of
from registry.catalog.spreadsheets.tables import Table, cell_text, safe_cell
from registry.errors import Invalid
from tests.support.spreadsheets import HEADINGS, delimited, listed, workbook

TERMS = {
    "document-kind": {"tcvn": "TCVN", "qcvn": "QCVN"},
    "issuing-body": {"bkhcn": "bkhcn", "bo khoa hoc va cong nghe": "bkhcn"},
    "domain": {"tri tue nhan tao": "artificial-intelligence", "chuoi khoi": "blockchain"},
    "relation-type": {"adopts": "adopts", "supersedes": "supersedes", "thay the": "supersedes"},
}


def understood(content: bytes) -> tuple[Table, Layout]:
    found = read_tables(content)
    layout = guess_layout(found)
    return table_of(found, layout), layout


def rows(content: bytes) -> list[Row]:
    table, layout = understood(content)
    return list(read_rows(table, layout, TERMS, national=True))


def one(heading: str, cell: Any) -> Row:
    """Return the only row of a file with a designation and one more column."""
    (row,) = rows(workbook([["Số hiệu", heading], ["TCVN 1:2024", cell]]))
    return row


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        understood(content)
    (texts,) = refused.value.fields.values()
    return texts[0]


@pytest.mark.parametrize(
    "record",
    [
        ["Tên tiêu chuẩn thử", "Đô thị thông minh", "Bộ Khoa học và Công nghệ", "Ghi chú gì đó"],
        ["Tên tiêu chuẩn thử", "smart-cities", "", "31/12/2027"],
    ],
)
def test_a_record_is_no_second_row_of_headings(record: list[str]) -> None:
    names = ["Đề mục lạ", "Lĩnh vực", "Bộ chủ trì", "Thời hạn"]
    layout = layout_for(read_tables(workbook([names, record])), PROGRAMME)
    assert (layout.heading_row, layout.heading_rows) == (1, 1)


def test_a_pdf_is_named_as_what_it_is() -> None:
    assert refusal(b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n").startswith("This is a PDF file")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_reads_alike(encoding: str, separator: str) -> None:
    sheet = listed("TCVN 1:2024", "TCVN 2:2024", title="Đèn đường, {}; loại “A”")
    if encoding == "cp1258":
        # Of old, marks above and below a letter stood apart from it.
        sheet = [[apart(cell) for cell in row] for row in sheet]
    found = rows(delimited(sheet, separator, encoding))
    assert [row.content["designation"] for row in found if row.content] == [
        "TCVN 1:2024",
        "TCVN 2:2024",
    ]
    assert found[0].content == {
        "designation": "TCVN 1:2024",
        "titles": {"vi": "Đèn đường, TCVN 1:2024; loại “A”"},
        "publisher": "bkhcn",
        "issued": "2024-12-31",
        "source": "Quyết định 1/QĐ",
        "kind": "TCVN",
    }
    assert found[0].faults == {}


def apart(text: str) -> str:
    """Return ``text`` as Windows-1258 has it: vowels with their sign, tone marks after them."""
    pieces = []
    for char in text:
        decomposed = unicodedata.normalize("NFD", char)
        tones = [mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(mark for mark in decomposed if mark not in tones)
        pieces.append(unicodedata.normalize("NFC", rest) + "".join(tones))
    return "".join(pieces)


def test_a_list_of_a_ministry_is_understood() -> None:
    content = workbook(
        [
            ["BỘ KHOA HỌC VÀ CÔNG NGHỆ"],
            ["DANH MỤC TIÊU CHUẨN QUỐC GIA"],
            [],
            ["TT", "Số hiệu\ntiêu chuẩn", "Tên tiêu chuẩn", None, "Năm", "Tương đương", "Mức độ"],
            [None, None, "Tiếng Việt", "Tiếng Anh"],
            [f"({number})" for number in range(1, 8)],
            [1, "TCVN\u00a013902 : 2023", "Trí tuệ\u00a0nhân tạo", "AI", 2023, "ISO 1:2022", "IDT"],
        ],
        merged=["A1:G1", "C4:D4", "A4:A5", "B4:B5"],
    )
    table, layout = understood(content)
    assert (layout.heading_row, layout.heading_rows) == (4, 2)
    assert headings(table, layout)[2:4] == [
        "Tên tiêu chuẩn / Tiếng Việt",
        "Tên tiêu chuẩn / Tiếng Anh",
    ]
    (row,) = rows(content)
    assert row.number == 7
    assert row.content == {
        "designation": "TCVN 13902 : 2023",
        "titles": {"vi": "Trí tuệ nhân tạo", "en": "AI"},
        "issued": "2023",
        "relations": [{"type": "adopts", "target": "ISO 1:2022", "degree": "IDT"}],
        "kind": "TCVN",
    }


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("SỐ HIỆU", "designation"),
        ("so hieu", "designation"),
        ("Ký hiệu tiêu chuẩn", "designation"),
        ("Tên gọi", "titles.vi"),
        ("Tên tiêu chuẩn (tiếng Anh)", "titles.en"),
        ("English title", "titles.en"),
        ("title_vi", "titles.vi"),
        ("Ngày ban hành (dd/mm/yyyy)", "issued"),
        ("Ngày hiệu lực", "effective_from"),
        ("Hết hiệu lực từ", "withdrawn_on"),
        ("Bộ chủ trì", "lead_ministry"),
        ("Quyết định công bố", "instrument.number"),
        ("Thay thế cho", "supersedes"),
        ("Lĩnh vực", "domains"),
        ("Chuyên viên phụ trách", ""),
        ("", ""),
    ],
)
def test_a_heading_is_known_by_what_people_call_it(typed: str, path: str) -> None:
    _, layout = understood(workbook([[typed, "x"], ["1", "2"], ["3", "4"]]))
    assert layout.paths[0] == path


def test_every_column_is_known_by_its_own_names() -> None:
    for language in ("vi", "en"):
        names = [column.labels[language] for column in columns().values()]
        assert understood(workbook([names, names]))[1].paths == tuple(columns())


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/2024", "2024-12-31"),
        ("1-2-2024", "2024-02-01"),
        ("01.02.2024", "2024-02-01"),
        ("2024-12-31", "2024-12-31"),
        ("2024-12-31 00:00:00", "2024-12-31"),
        ("Ngày 31 tháng 12 năm 2024", "2024-12-31"),
        (datetime(2024, 12, 31), "2024-12-31"),  # noqa: DTZ001 - as Excel has it.
        (date(2024, 12, 31), "2024-12-31"),
        (45657, "2024-12-31"),
        ("45657", "2024-12-31"),
        ("12/31/2024", None),
        ("31/02/2024", None),
        ("31/12/24", None),
        ("hôm qua", None),
        ("2024", None),
    ],
)
def test_days_are_read_day_first(cell: Any, day: str | None) -> None:
    row = one("Ngày hiệu lực", cell)
    assert row.content is not None
    if day is None:
        assert list(row.faults) == ["effective_from"]
        assert row.content["effective_from"] == str(cell)
    else:
        assert (row.content["effective_from"], row.faults) == (day, {})


@pytest.mark.parametrize(
    ("cell", "said"),
    [(2024, "2024"), ("2024", "2024"), ("Năm 2024", "2024"), ("12/2024", "2024-12")],
)
def test_a_date_of_issue_keeps_its_precision(cell: Any, said: str) -> None:
    row = one("Ngày ban hành", cell)
    assert row.content is not None
    assert row.content["issued"] == said


@pytest.mark.parametrize(
    ("heading", "cell", "path", "value"),
    [
        ("ICS", 35.03, "ics", ["35.030"]),
        ("ICS", 1, "ics", ["01"]),
        ("ICS", "35.240.40, 35.02\n03.080", "ics", ["35.240.40", "35.020", "03.080"]),
        ("Số trang", 120.0, "pages", "120"),
        ("Số trang", "120", "pages", "120"),
        (
            "Lĩnh vực",
            "Trí tuệ nhân tạo; chuỗi khối",
            "domains",
            ["artificial-intelligence", "blockchain"],
        ),
        (
            "Lĩnh vực",
            "AI,Blockchain".replace("Blockchain", "Chuỗi khối"),
            "domains",
            ["artificial-intelligence", "blockchain"],
        ),
        ("Mã giai đoạn", 60.6, "stage", "60.60"),
        ("Cơ quan ban hành", "BKHCN", "publisher", "bkhcn"),
        ("Ghi chú", "một\nhai", "note", "một\nhai"),
        (
            "Chấp nhận",
            "ISO 1:2000 (IDT); ISO 2:2000, MOD",
            "relations",
            [
                {"type": "adopts", "degree": "IDT", "target": "ISO 1:2000"},
                {"type": "adopts", "degree": "MOD", "target": "ISO 2:2000"},
            ],
        ),
        (
            "Quan hệ",
            "supersedes TCVN 1:1990 | 2000-01 | until 31/12/2001 | source a; b\n"
            "thay thế TCVN 2:1990",
            "relations",
            [
                {
                    "type": "supersedes",
                    "target": "TCVN 1:1990",
                    "date": "2000-01",
                    "coexistence_until": "2001-12-31",
                    "source": "a; b",
                },
                {"type": "supersedes", "target": "TCVN 2:1990"},
            ],
        ),
        (
            "Tên bằng tiếng khác",
            "fr: Deux\nlignes\nko: 표준",
            "titles",
            {"fr": "Deux\nlignes", "ko": "표준"},
        ),
    ],
)
def test_cells_say_what_they_mean(heading: str, cell: Any, path: str, value: Any) -> None:
    row = one(heading, cell)
    assert row.content is not None
    assert (row.content.get(path), row.faults) == (value, {})


@pytest.mark.parametrize(
    ("heading", "cell", "path"),
    [
        ("Lĩnh vực", "Nông nghiệp", "domains"),
        ("Cơ quan ban hành", "Bộ Không Có", "publisher"),
        ("Loại", "Sách", "kind"),
        ("Mức độ tương đương", "giống", "degree"),
        ("Quan hệ", "TCVN 1:1990", "relations"),
        ("Tên tiếng Việt", "#REF!", "titles.vi"),
        ("Ghi chú", "x" * 10_001, "note"),
        ("Tên tiếng Việt", "x" * 32_000, "titles.vi"),
    ],
)
def test_cells_that_say_nothing_are_named(heading: str, cell: str, path: str) -> None:
    row = one(heading, cell)
    assert list(row.faults) == [path]
    assert row.faults[path]


def test_a_cell_of_five_megabytes_is_one_bad_cell() -> None:
    sheet = [["Số hiệu", "Ghi chú"], ["TCVN 1:2024", "x" * 5_000_000], ["TCVN 2:2024", "y"]]
    first, second = rows(delimited(sheet))
    assert list(first.faults) == ["note"]
    assert second.faults == {}


def test_columns_without_meaning_are_left_out_and_two_for_one_field_refused() -> None:
    table, layout = understood(workbook([[*HEADINGS, "Chuyên viên", "Số hiệu"], ["x"] * 7]))
    assert layout.paths[5:] == ("", "")
    twice = Layout(layout.sheet, 1, 1, (*layout.paths[:5], "", "designation"))
    with pytest.raises(Invalid) as refused:
        check_layout(twice)
    assert set(refused.value.fields) == {"columns.0", "columns.6"}
    with pytest.raises(Invalid) as refused:
        check_layout(Layout(layout.sheet, 1, 1, ("titles.vi", "weight")))
    assert set(refused.value.fields) == {"columns.1", "columns"}
    assert table.form == "xlsx"


def test_the_sheet_that_is_understood_best_is_taken() -> None:
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(workbook(listed("TCVN 1:2024"))))
    book.create_sheet("Bìa", 0).append(["Danh mục"])
    book.create_sheet("Trống")
    file = io.BytesIO()
    book.save(file)
    assert understood(file.getvalue())[1].sheet == "Danh mục"


SHEET = "xl/worksheets/sheet1.xml"


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def entities() -> bytes:
    """Return a workbook whose sheet declares an entity."""
    source = zipfile.ZipFile(io.BytesIO(workbook(listed("TCVN 1:2024"))))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == SHEET:
                content = b'<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>' + content
            archive.writestr(name, content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b";;;\n;;;\n", "empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE, ".xls"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (zipped(hello=b"world"), "damaged"),
        (zipped(**{"xl/workbook.xml": b"<workbook/>"}), "damaged"),
        (workbook(listed("TCVN 1:2024"))[:-200], "damaged"),
        (entities(), "entities"),
        (zipped(bomb=bytes(130 * 1024 * 1024)), "128 MB"),
        (b"\xff\xfea", "UTF-8"),
        (b"S\x90 hi\x8du,x\n", "UTF-8"),
        (delimited([["a"] * 101] * 2), "more than 100 columns"),
        (workbook([["a"] * 101]), "more than 100 columns"),
        (b"a,b\n" * 50_051, "50,000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_cannot_be_read_are_refused_with_the_reason(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_a_sheet_that_numbers_rows_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_LAST_ROW", 1_000)
    source = zipfile.ZipFile(io.BytesIO(workbook(listed("TCVN 1:2024"))))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == SHEET:
                content = content.replace(b'<row r="2"', b'<row r="99999999999"')
            archive.writestr(name, content)
    assert "numbers its rows" in refusal(file.getvalue())


def test_a_formula_counts_as_what_was_last_shown() -> None:
    # Written by a program and never opened in Excel, a formula shows nothing yet.
    (row,) = rows(workbook([["Số hiệu", "Ghi chú"], ["TCVN 1:2024", "=1+1"]]))
    assert row.content == {"designation": "TCVN 1:2024", "kind": "TCVN"}
    (row,) = rows(delimited([["Số hiệu", "Ghi chú"], ["TCVN 1:2024", "=1+1"]]))
    assert row.content is not None
    assert row.content["note"] == "=1+1"


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_bytes_are_read_or_refused(content: bytes) -> None:
    for sent in (content, b"PK\x03\x04" + content, b"\xff\xfe" + content):
        with suppress(Invalid):
            table, layout = understood(sent)
            assert len(headings(table, layout)) == len(layout.paths)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_cell_written_is_the_cell_read_and_starts_no_formula(text: str) -> None:
    plain = cell_text(f"x{text}")[1:].strip()
    for start in ("", "=", "+", "-", "@", "'", "'=", "''="):
        value = cell_text("'" + start + plain) if start.startswith("'") else start + plain
        value = value.strip()
        written = safe_cell(value)
        assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell_text(written) == value


def test_bounds_are_what_the_pages_say() -> None:
    assert (tables.MOST_ROWS, tables.MOST_COLUMNS, tables.LONGEST_CELL) == (50_000, 100, 10_000)
