"""Bodies, lines, coverage and files of rows, as programs use them."""

import json
from typing import Any

from tests.support.api import Office, Program, fields_named, problem
from tests.support.spreadsheets import workbook

LABORATORY = "demo-laboratory"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [
    ["Sản phẩm", "Phương pháp", "Từ ngày"],
    ["Bộ định tuyến", "ISO/IEC 27402:2023", "01/03/2025"],
    ["Bộ định tuyến", "ISO/IEC 27402:2023", "31/02/2025"],
]


def body(program: Program, slug: str = LABORATORY) -> dict[str, Any]:
    return program.read(f"/bodies/{slug}")


def imported(program: Program, path: str, content: bytes, media: str = XLSX) -> dict[str, Any]:
    answer = program.post(path, content, Content_Type=media)
    assert answer.status_code == 202, answer.text
    assert answer.json is not None
    found: dict[str, Any] = answer.json
    return found


def arrangement(office: Office) -> str:
    items = office.program("officer").read("/arrangements")["items"]
    return next(str(item["slug"]) for item in items if item["kind"] == "mutual_government")


def test_bodies_are_searched_by_scope_and_place(office: Office) -> None:
    anyone = office.program("officer")

    def found(query: str) -> list[str]:
        return [item["slug"] for item in anyone.read(f"/bodies?{query}")["items"]]

    assert found("method=QCVN 135:2024&country=VN&at=2026-02-01") == [LABORATORY]
    assert found("product=camera&characteristic=x") == []
    assert found("standard=17025&limit=1") == [LABORATORY]
    assert found("place=nowhere") == []
    problem(anyone.get("/bodies?method=%3F%3F"), 422)


def test_which_laboratories_could_test_is_one_question(office: Office) -> None:
    asked = "/competent-bodies?method=QCVN 135:2024&at=2026-02-01"
    items = office.program("officer").read(asked)["items"]
    assert [(item["body"], item["designated"]) for item in items] == [
        (LABORATORY, True),
        ("demo-laboratory-kr", False),
    ]


def test_details_of_a_body_and_contacts_for_officers_only(office: Office) -> None:
    officer = office.program("officer")
    root = f"/bodies/{LABORATORY}"
    officer.made(f"{root}/identifiers", {"scheme": "accreditor-list", "value": "VILAS 9"})
    officer.made(f"{root}/addresses", {"kind": "site", "address": "Khu CNC", "country": "VN"})
    made = officer.made(f"{root}/contacts", {"purpose": "general", "phone": "024 1"})
    assert made["contacts"][0]["phone"] == "024 1"
    seen = body(office.program("business"))
    assert "contacts" not in seen
    assert seen["identifiers"][0]["value"] == "VILAS 9"
    assert seen["addresses"][0]["address"] == "Khu CNC"
    ended = officer.made(
        f"/identifiers/{seen['identifiers'][0]['id']}/end",
        {"valid_until": "2020-01-01", "reason": "Đổi số"},
    )
    assert ended["subject"].startswith("body:")
    assert body(officer)["identifiers"] == []
    bad = officer.post(f"{root}/identifiers", {"scheme": "guess", "value": "1"})
    assert fields_named(bad) == ["scheme"]


def test_a_scope_line_is_retracted_by_the_version_looked_at(office: Office) -> None:
    officer = office.program("officer")
    line = body(officer)["accreditations"][0]["scope_lines"][0]
    reason = {"reason": "Nhập nhầm"}
    address = f"/scope-lines/{line['id']}/retract"
    problem(office.program("laboratory").post(address, reason), 403)
    stale = f'"{line["version"] - 1}"'
    problem(officer.post(address, reason, If_Match=stale), 412)
    made = officer.made(address, reason, If_Match=f'"{line["version"]}"')
    assert made["id"] is None
    assert body(officer)["accreditations"][0]["scope_lines"] == []
    problem(officer.post(address, reason), 404)


def test_an_accreditation_is_corrected_and_an_event_taken_back(office: Office) -> None:
    officer = office.program("officer")
    accreditation = body(officer)["accreditations"][0]
    path = f"/accreditations/{accreditation['id']}"
    told = {"kind": "suspended", "effective_on": "2026-01-10", "reason": "Giám sát"}
    event = officer.made(f"{path}/events", told)["events"][-1]
    taken = officer.made(f"{path}/events/{event['id']}/retract", {"reason": "Nhập nhầm"})
    assert taken["events"] == []
    said = {name: accreditation[name] for name in ("accreditor", "standard", "valid_from")}
    corrected = officer.put(path, {**said, "number": "DEMO-LAB 7", "reason": "Sai số"})
    assert corrected.status_code == 200, corrected.text
    assert officer.read(path)["number"] == "DEMO-LAB 7"


def test_a_scope_is_looked_at_imported_and_imported_again(office: Office) -> None:
    officer = office.program("officer")
    path = f"/accreditations/{body(officer)['accreditations'][0]['id']}/scope-lines/import"
    seen = imported(officer, path, workbook(ROWS))
    assert seen["counts"] == {"rows": 2, "new": 1, "unchanged": 0, "bad": 1}
    assert (seen["bad"][0]["row"], seen["bad"][0]["value"]) == (3, "31/02/2025")
    assert "receipt" not in seen
    problem(officer.post(f"{path}?choice=all", workbook(ROWS), Content_Type=XLSX), 422)
    assert imported(officer, f"{path}?choice=good", workbook(ROWS))["receipt"]["position"]
    again = imported(officer, f"{path}?choice=good", workbook(ROWS))
    assert (again["counts"]["new"], again["counts"]["unchanged"]) == (0, 1)
    assert "receipt" not in again
    problem(office.program("laboratory").post(path, workbook(ROWS), Content_Type=XLSX), 403)


def test_an_arrangement_takes_lines_and_listings_as_json(office: Office) -> None:
    officer = office.program("officer")
    root = f"/arrangements/{arrangement(office)}"
    lines = [{"regulation": "QCVN 135", "result_type": "test_report", "direction": "inward"}]
    made = imported(
        officer,
        f"{root}/scope-lines/import?choice=all",
        json.dumps(lines).encode(),
        "application/json",
    )
    assert made["counts"]["new"] == 1
    listings = [{"body": LABORATORY, "valid_from": "2026-01-01"}]
    imported(
        officer,
        f"{root}/listings/import?choice=all",
        json.dumps(listings).encode(),
        "application/json",
    )
    found = officer.read(root)
    assert found["scope_lines"][-1]["regulation"] == "qcvn 135 btttt"
    assert LABORATORY in {item["body"] for item in found["listed_bodies"]}
    other = next(i["slug"] for i in officer.read("/arrangements")["items"] if i["slug"] not in root)
    further = officer.made(f"{root}/predecessors", {"predecessor": other})
    assert [before["slug"] for before in further["predecessors"]] == [other]


def test_coverage_tells_gaps_first(office: Office) -> None:
    anyone = office.program("business")
    found = anyone.read("/coverage?at=2026-02-01")
    assert found["uncovered"] == sum(not item["bodies"] for item in found["items"])
    assert found["items"][0]["bodies"] == []
    covered = found["items"][-1]
    assert covered["designation"] == "QCVN 135:2024/BTTTT"
    assert covered["bodies"][0]["designated_for"] == ["testing"]
    some = anyone.read("/coverage?domain=information-security&at=2026-02-01")
    assert 0 < some["regulations"] < found["regulations"]
