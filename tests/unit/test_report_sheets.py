"""Reports from spreadsheets as people write them, cell by cell."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from registry.assessment.intake.columns import COLUMNS
from registry.assessment.intake.sheets import MOST_ROWS, ReadReport, read_reports
from registry.assessment.intake.template import template_chunks
from registry.assessment.schemas.reports import ItemSchema, ReportSchema, ResultSchema
from registry.errors import Invalid

TERMS = {"statement-of-conformity": {"dat": "pass", "pass": "pass"}}
WORDS = ("Kết quả", "Giải thích", "Danh mục", "Cột", "Cách ghi", "Ví dụ")


def csv(*rows: str, heading: str = "Số báo cáo (d);Chỉ tiêu;Giá trị đo (m)") -> bytes:
    return "\n".join((heading, *rows)).encode()


def one(content: bytes) -> ReadReport:
    [report] = read_reports(content, TERMS)
    return report


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("312.0", "312.0"),
        ("312,0", "312.0"),
        ("-0,5", "-0.5"),
        ("\u22120,5", "-0.5"),
        ("0,125", "0.125"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1e-5", "1e-5"),
        ("12", "12"),
    ],
)
def test_numbers_with_the_marks_of_vietnam_and_of_english(typed: str, number: str) -> None:
    assert one(csv(f"T;c;{typed}")).content["results"][0]["value"] == number


def test_a_comma_that_may_mean_either_is_never_guessed_at() -> None:
    report = one(csv("T;c;1,234"))
    assert report.content["results"][0]["value"] == "1,234"
    assert "results.0.value" in report.faults
    assert report.places["results.0.value"].row == 2


def test_rows_of_a_number_are_one_report_wherever_they_stand() -> None:
    first, second = read_reports(csv("A;a;1", ";b;2", "B;c;3", "A;d;4"), TERMS)
    assert [line["characteristic"] for line in first.content["results"]] == ["a", "b", "d"]
    assert [line["characteristic"] for line in second.content["results"]] == ["c"]


def test_what_differs_within_a_report_is_told() -> None:
    heading = "number;title;results.characteristic"
    report = one(csv("A;x;a", "A;x;b", "A;;c", "A;y;d", heading=heading))
    assert report.content["title"] == "x"
    [(path, reason)] = report.faults.items()
    assert report.places[path].row == 5
    assert "differs" in reason


def test_the_kinds_of_cells() -> None:
    heading = (
        "Report number (d),Date of issue (j),Relates only to the items (l),"
        "Does not concern this report,Item tested (g),Characteristic,Statement of conformity"
    )
    row = 'A,5/1/2026,Có,"k; n,p","Camera\nC-1",Khóa,Đạt'
    content = one(csv(row, heading=heading)).content
    assert content == {
        "number": "A",
        "issued_on": "2026-01-05",
        "relates_only_to_items": True,
        "not_applicable": ["k", "n", "p"],
        "item": {"description": "Camera\nC-1"},
        "results": [{"characteristic": "Khóa", "statement": "pass"}],
    }
    bad = 'A,31/2/2026,maybe,"k",#REF!,Khóa,perhaps'
    assert set(one(csv(bad, heading=heading)).faults) == {
        "issued_on",
        "relates_only_to_items",
        "item.description",
        "results.0.statement",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PK\x03\x04 not really",
        b"some;words\nwithout;headings",
        csv(),
        csv(*["A;a;1"] * (MOST_ROWS + 1)),
        csv(*[f"A{number};a;1" for number in range(501)]),
        csv('"open', heading='"open'),
    ],
)
def test_files_that_hold_no_reports(content: bytes) -> None:
    with pytest.raises(Invalid) as error:
        read_reports(content, TERMS)
    assert list(error.value.fields) == ["file"]


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", bytes(200 * 1024 * 1024))
    with pytest.raises(Invalid) as error:
        read_reports(buffer.getvalue(), TERMS)
    assert "unpacks to more than" in error.value.fields["file"][0]


def test_the_template_is_read_back_in_either_language() -> None:
    known = {"regulation": "QCVN 135:2024/BTTTT", "application": "HS-2026-000001"}
    choices = {"statement-of-conformity": ["Đạt", "Không đạt"]}
    for language in ("vi", "en"):
        made = b"".join(template_chunks("xlsx", language, WORDS, choices, known))
        book = load_workbook(io.BytesIO(made))
        sheet = book["Kết quả"]
        assert [cell.value for cell in sheet[1]] == [c.heading(language) for c in COLUMNS]
        [choice] = sheet.data_validations.dataValidation
        assert choice.formula1 == "'Danh mục'!$A$2:$A$3"
        assert book["Danh mục"]["A3"].value == "Không đạt"
        assert book["Giải thích"].max_row == len(COLUMNS) + 1
        places = {column.path: place + 1 for place, column in enumerate(COLUMNS)}
        sheet.cell(2, places["number"], "TN-1")
        sheet.cell(2, places["results.characteristic"], "Khóa")
        sheet.cell(2, places["results.value"], 312.5)
        sheet.cell(2, places["results.statement"], "Đạt")
        filled = io.BytesIO()
        book.save(filled)
        assert one(filled.getvalue()).content == {
            "number": "TN-1",
            **known,
            "results": [{"characteristic": "Khóa", "value": "312.5", "statement": "pass"}],
        }


def test_every_field_of_a_report_has_its_column() -> None:
    fields = set(ReportSchema().fields) - {"item", "results"}
    fields |= {f"item.{name}" for name in ItemSchema().fields}
    fields |= {f"results.{name}" for name in ResultSchema().fields}
    assert {column.path for column in COLUMNS} == fields


def test_an_ordinary_workbook_with_dates_and_numbers() -> None:
    import datetime  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Phiếu kết quả"])
    sheet.append(["Số báo cáo (d)", "Ngày phát hành (j)", "Chỉ tiêu", "Giá trị đo (m)"])
    sheet.append([15, datetime.datetime(2026, 1, 5), "Khóa", 0.1])  # noqa: DTZ001
    buffer = io.BytesIO()
    book.save(buffer)
    content = one(buffer.getvalue()).content
    assert content["number"] == "15"
    assert content["issued_on"] == "2026-01-05"
    assert content["results"][0]["value"] == "0.1"
