"""Sending reports by program: receipt, request, practice, replacement, and keys."""

import secrets

import pytest
from sqlalchemy import func, select

from registry.assessment.services.judging import judge_waiting
from registry.db import Base
from tests.support.api import Office, fields_named, problem


def rows(office: Office) -> dict[str, int]:
    """Return how many rows every table holds."""
    with office.registry.units.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_a_report_needs_a_key_of_its_sender(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data()
    before = rows(office)
    answer = laboratory.post("/reports", report)
    assert fields_named(answer) == ["Idempotency-Key"]
    assert rows(office) == before


def test_receipt_then_request_then_report(office: Office) -> None:
    laboratory = office.program("laboratory")
    answer = laboratory.post("/reports", office.world.report_data(), Idempotency_Key="k")
    sent = answer.json
    assert sent is not None
    assert answer.status_code == 202
    assert answer.headers["Location"] == sent["href"]
    assert (sent["status"], sent["retry"], sent["sample"]) == ("initial", 2, False)
    receipt = sent["receipt"]
    assert receipt["subject"] == f"report-request:{sent['id']}"
    assert receipt["proof"].endswith(f"position={receipt['position']}")
    entry = office.program().read(f"/journal/{receipt['position']}")
    assert (entry["action"], entry["leaf_hash"]) == ("report.submit", receipt["leaf_hash"])
    waiting = laboratory.get(sent["href"])
    assert waiting.headers["ETag"].startswith(f'"{sent["version"]}-')
    judge_waiting(office.registry.units)
    judged = laboratory.read(sent["href"])
    assert (judged["status"], judged["retry"], judged["outcome"]) == ("accepted", None, "accept")
    assert judged["receipt"] == receipt
    assert laboratory.read(judged["report"]["href"])["digest"] == receipt["content_hash"]
    listed = laboratory.read("/report-requests?status=accepted")["items"]
    assert sent["id"] in [item["id"] for item in listed]
    problem(office.program("laboratory-kr").get(sent["href"]), 404)
    problem(office.program("business").get(sent["href"]), 404)
    assert office.program("officer").read(sent["href"])["status"] == "accepted"


def test_whoever_waits_is_told_at_once(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data(title=None)
    refused = laboratory.sent(report, "/reports?wait=1", Idempotency_Key="k")
    assert refused["status"] == "refused"
    assert "not_met" in {condition["verdict"] for condition in refused["conditions"]}
    again = laboratory.sent(report, "/reports?wait=1", Idempotency_Key="k")
    assert again == refused


def test_practice_leaves_no_trace(office: Office) -> None:
    laboratory = office.program("laboratory")
    wrong = office.world.result(value="100.5")
    before = rows(office)
    sample = {**office.world.report_data(results=[wrong]), "sample": True}
    tried = laboratory.post("/reports", sample, Idempotency_Key="k")
    assert tried.status_code == 200
    assert tried.json is not None
    assert (tried.json["sample"], tried.json["status"]) == (True, "refused")
    assert [item["recomputed"] for item in tried.json["contradictions"]] == ["fail"]
    assert "receipt" not in tried.json
    assert fields_named(laboratory.post("/reports", {**sample, "number": ""}, Idempotency_Key="k"))
    assert rows(office) == before
    # The very same report, sent in earnest, is new to the register.
    laboratory.sent({**sample, "sample": False}, Idempotency_Key="k")


def test_a_report_is_sent_anew_before_it_is_judged(office: Office) -> None:
    laboratory = office.program("laboratory")
    sent = laboratory.sent(office.world.report_data(title=None))
    whole = office.world.report_data()
    seen = laboratory.get(sent["href"]).headers["ETag"]
    assert fields_named(laboratory.put(sent["href"], whole)) == ["If-Match"]
    replaced = laboratory.put(sent["href"], whole, If_Match=seen)
    assert replaced.status_code == 200
    assert replaced.json is not None
    assert replaced.json["receipt"]["position"] > sent["receipt"]["position"]
    problem(laboratory.put(sent["href"], whole, If_Match=seen), 412)
    judge_waiting(office.registry.units)
    judged = laboratory.read(sent["href"])
    assert judged["status"] == "accepted"
    assert judged["receipt"]["content_hash"] == replaced.json["receipt"]["content_hash"]
    now = laboratory.get(sent["href"]).headers["ETag"]
    problem(laboratory.put(sent["href"], whole, If_Match=now), 409)


def test_a_returned_report_says_what_to_mend(office: Office) -> None:
    application = office.world.apply()
    laboratory = office.program("laboratory")
    report = office.world.report_data(application=application.number)
    sent = laboratory.sent(report, Idempotency_Key="k")
    withdrawal = {"reasons": "Nhầm."}
    office.program("business").made(f"/applications/{application.number}/withdraw", withdrawal)
    # A repeated request still gets its receipt, though it would be refused by now.
    assert laboratory.sent(report, Idempotency_Key="k") == sent
    judge_waiting(office.registry.units)
    returned = laboratory.read(sent["href"])
    assert (returned["status"], returned["retry"], returned["report"]) == ("returned", None, None)
    assert [item["field"] for item in returned["problems"]] == ["application"]
    assert returned["problems"][0]["detail"] == "This application no longer takes results."
    mended = laboratory.sent(office.world.report_data(), "/reports?wait=1")
    assert mended["status"] == "accepted"


@pytest.mark.parametrize("path", ["/reports?wait=yes", "/reports?sample=true"])
def test_unknown_wishes_are_refused(office: Office, path: str) -> None:
    report = office.world.report_data()
    answer = office.program("laboratory").post(path, report, Idempotency_Key=secrets.token_hex(4))
    assert answer.status_code == 422


def test_whoever_waits_too_long_for_the_writer_is_asked_to_come_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = office.registry.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets writers wait as long as they like.")
    laboratory = office.program("laboratory")
    report = office.world.report_data()
    monkeypatch.setattr("registry.db._LONGEST_WAIT", 0.1)
    with engine.connect() as other:
        assert other.connection.driver_connection is not None
        other.connection.driver_connection.execute("BEGIN IMMEDIATE")
        busy = laboratory.post("/reports", report, Idempotency_Key="k")
        other.connection.driver_connection.execute("ROLLBACK")
    problem(busy, 503)
    assert int(busy.headers["Retry-After"]) > 0
    laboratory.sent(report, Idempotency_Key="k")
