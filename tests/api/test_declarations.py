"""Declarations, requests for information and statistics by the API, against its document."""

from typing import Any

import pytest

from tests.support.api import Office, fields_named, problem
from tests.support.assessment import APPLICATION
from tests.support.declarations import declaration_data


def test_a_declaration_goes_its_way_by_the_api(office: Office) -> None:
    business, officer, anyone = (
        office.program("business"),
        office.program("officer"),
        office.program(),
    )
    certificate = office.world.certificate()
    body = declaration_data(
        office.world, basis="designated-certification", certificate=certificate.number
    )
    first = business.post("/declarations", body, Idempotency_Key="declare-1")
    again = business.post("/declarations", body, Idempotency_Key="declare-1")
    assert first.status_code == 201
    assert again.json == first.json
    number = first.json["number"]  # type: ignore[index]
    shown = anyone.read(f"/declarations/{number.lower()}")
    assert (shown["status"], shown["findings"]) == ("in_force", None)
    assert anyone.read("/declarations?q=camera")["items"][0]["number"] == number
    suspension = {"effective_on": office.world.day(2), "reason": "Hậu kiểm"}
    officer.made(f"/declarations/{number}/suspend", suspension)
    later = anyone.read(f"/declarations/{number}?at={office.world.day(2)}")
    assert (later["status"], later["status_reason"]) == ("suspended", "Hậu kiểm")
    back = {"effective_on": office.world.day(3), "reason": "Đạt"}
    officer.made(f"/declarations/{number}/reinstate", back)
    officer.made(
        f"/declarations/{number}/withdraw", {"effective_on": office.world.day(4), "reason": "Hết"}
    )
    kinds = [event["kind"] for event in officer.read(f"/declaration-files/{number}")["events"]]
    assert kinds == ["registered", "suspended", "reinstated", "withdrawn"]


def test_an_officer_decides_what_the_register_cannot_show(office: Office) -> None:
    business, officer, anyone = (
        office.program("business"),
        office.program("officer"),
        office.program(),
    )
    made = business.made("/declarations", declaration_data(office.world))
    number = made["number"]
    assert (made["state"], made["status"]) == ("submitted", None)
    problem(anyone.get(f"/declarations/{number}"), 404)
    problem(office.program("laboratory").get(f"/declaration-files/{number}"), 404)
    waiting = officer.read("/declaration-files?state=submitted")["items"]
    assert waiting[0]["number"] == number
    refusal = officer.post(f"/declarations/{number}/decision", {"decision": "refuse"})
    assert fields_named(refusal) == ["reasons"]
    stale = officer.post(
        f"/declarations/{number}/decision", {"decision": "register"}, If_Match='"1"'
    )
    problem(stale, 412)
    officer.made(f"/declarations/{number}/decision", {"decision": "refuse", "reasons": "Thiếu"})
    assert business.read(f"/declaration-files/{number}")["reasons"] == "Thiếu"
    problem(business.post(f"/declarations/{number}/take-back"), 409)
    taken = business.made("/declarations", declaration_data(office.world))
    business.made(f"/declarations/{taken['number']}/take-back")


def test_what_is_wrong_with_a_declaration_is_named(office: Office) -> None:
    business = office.program("business")
    body: dict[str, Any] = declaration_data(office.world, regulations=["QCVN 999:2024/BTTTT"])
    assert fields_named(business.post("/declarations", body)) == ["regulations.0"]
    problem(office.program("laboratory").post("/declarations", body), 403)


def test_a_request_for_information_by_the_api(office: Office) -> None:
    business, officer = office.program("business"), office.program("officer")
    number = business.made("/applications", APPLICATION)["number"]
    asked = officer.made(f"/applications/{number}/requests", {"text": "Sơ đồ mạch?"})
    request_id = asked["requests"][0]["id"]
    address = f"/applications/{number}/requests/{request_id}"
    problem(officer.post(f"{address}/answer", {"answer": "x"}), 403)
    unknown = business.post(f"{address}/answer", {"answer": "x", "files": ["ab" * 32]})
    assert fields_named(unknown) == ["files.0"]
    answered = business.made(f"{address}/answer", {"answer": "Gửi kèm."})
    assert answered["requests"][0]["state"] == "answered"
    problem(officer.post(f"{address}/close"), 409)
    other = officer.made(f"/applications/{number}/requests", {"text": "Ảnh?"})
    newest = other["requests"][0]["id"]
    closed = officer.made(f"/applications/{number}/requests/{newest}/close")
    assert [item["state"] for item in closed["requests"]] == ["closed", "answered"]


@pytest.mark.parametrize("records", ["", "?records=real"])
def test_invented_records_are_not_in_the_statistics(office: Office, records: str) -> None:
    found = office.program().read(f"/statistics{records}")
    assert (found["months"], found["applications"]) == ([], [])
    assert [row["cases"] for row in found["stages"]] == [0, 0, 0]


def test_the_statistics_of_any_day(office: Office) -> None:
    office.world.report(number="TN-7")
    anyone = office.program()
    found = anyone.read("/statistics?records=demonstration")
    assert found["months"][-1] == {
        "month": f"{office.world.today:%Y-%m}",
        "accepted": found["months"][-1]["total"],
        "refused": 0,
        "referred": 0,
        "total": found["months"][-1]["total"],
    }
    assert {"state": "granted", "applications": 1} in found["applications"]
    assert found["stages"][0]["median_days"] is None
    before = anyone.read("/statistics?records=demonstration&at=2020-01-01")
    assert before["months"] == []
    assert before["applications"] == []
    problem(anyone.get("/statistics?records=all"), 422)
