"""Reports in one spreadsheet by API: all or none, the good ones, or drafts to be mended."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from registry.assessment.demo import REGULATION
from tests.support.api import Office, Program, fields_named, problem
from tests.support.assessment import World

CSV = "text/csv"
HEADING = (
    "number,regulation,issued_on,title,laboratory_address,location,customer,item.description,"
    "item.condition,item.received_on,relates_only_to_items,not_applicable,authorised_by,"
    "results.characteristic,results.method,results.performed_on,results.value,results.unit,"
    "results.expanded_uncertainty,results.coverage_factor,results.limit_lower,"
    "results.decision_rule,results.statement"
)


def row(world: World, number: str, value: str = "312.0", issued: int = -7) -> str:
    return (
        f"{number},{REGULATION},{world.day(issued)},Báo cáo,Hà Nội,Hà Nội,Sao Mai,Camera C-1,"
        f"nguyên vẹn,{world.day(-15)},có,k; n; p,Trưởng phòng,"
        f"Thời gian khóa,{REGULATION},{world.day(-14)},{value},s,2.0,2,300.0,guard_band,Đạt"
    )


def send(program: Program, *rows: str, query: str = "", **headers: str) -> TestResponse:
    content = "\n".join((HEADING, *rows)).encode()
    return program.post(f"/report-files{query}", content, Content_Type=CSV, **headers)


def answered(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 202, response.text
    answer: dict[str, Any] = response.json or {}
    return answer


def states(answer: dict[str, Any]) -> list[str]:
    return [report["state"] for report in answer["reports"]]


def test_all_reports_of_a_file_are_submitted(office: Office) -> None:
    laboratory = office.program("laboratory")
    rows = [row(office.world, "F-1"), row(office.world, "F-1", "320.0"), row(office.world, "F-2")]
    answer = answered(send(laboratory, *rows))
    assert states(answer) == ["submitted", "submitted"]
    report = laboratory.read(answer["reports"][0]["href"])
    assert report["state"] == "accepted"
    assert [line["value"] for line in report["content"]["results"]] == ["312.0", "320.0"]
    assert laboratory.read(answer["href"])["submitted"] == 2


def test_one_bad_cell_keeps_all_back_or_its_own_report_only(office: Office) -> None:
    laboratory = office.program("laboratory")
    rows = [row(office.world, "G-1"), row(office.world, "G-2", "1,234")]
    rows[1] = rows[1].replace("1,234", '"1,234"')
    answer = answered(send(laboratory, *rows))
    assert states(answer) == ["ready", "to_mend"]
    [cell] = answer["bad_cells"]
    assert (cell["row"], cell["column"], cell["value"]) == (3, "Measured value (m)", "1,234")
    assert "decimal mark" in cell["reason"]
    answer = answered(send(laboratory, *rows, query="?choice=good"))
    assert states(answer) == ["submitted", "to_mend"]
    answer = answered(send(laboratory, row(office.world, "G-3"), query="?choice=drafts"))
    assert states(answer) == ["ready"]


def test_what_the_register_refuses_is_named_by_its_cell(office: Office) -> None:
    laboratory = office.program("laboratory")
    rows = [row(office.world, "H-1", issued=5), row(office.world, "")]
    answer = answered(send(laboratory, *reversed(rows)))
    cells = {(cell["row"], cell["field"]) for cell in answer["bad_cells"]}
    assert cells == {(2, "number"), (3, "issued_on")}
    assert answer["submitted"] == 0


def test_a_repeated_file_is_taken_once(office: Office) -> None:
    laboratory = office.program("laboratory")
    first = answered(send(laboratory, row(office.world, "R-1"), Idempotency_Key="file-1"))
    before = office.entries()
    again = answered(send(laboratory, row(office.world, "R-1"), Idempotency_Key="file-1"))
    assert again == first
    assert office.entries() == before
    new = answered(send(laboratory, row(office.world, "R-1")))
    assert states(new) == ["to_mend"]
    assert new["reports"][0]["problems"][0]["field"] == "number"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n1,2", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_holds_no_reports(office: Office, content: bytes) -> None:
    answer = office.program("laboratory").post("/report-files", content, Content_Type=CSV)
    assert fields_named(answer) == ["file"]


def test_files_are_their_laboratorys_own(office: Office) -> None:
    href = answered(send(office.program("laboratory"), row(office.world, "O-1")))["href"]
    problem(office.program("laboratory-kr").get(href), 404)
    problem(office.program("business").get(href), 403)
    problem(send(office.program("business"), row(office.world, "O-2")), 403)
    many = "\n".join((HEADING, *[row(office.world, "M")] * 10_001)).encode()
    answer = office.program("laboratory").post("/report-files", many, Content_Type=CSV)
    assert fields_named(answer) == ["file"]
    problem(office.program("laboratory").post("/report-files", b"{}", Content_Type="a/b"), 415)
    problem(send(office.program("laboratory"), "", query="?choice=some"), 422)
