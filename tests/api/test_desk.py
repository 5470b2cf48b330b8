"""The desk, notices and webhooks for programs; each answer is checked against the API document."""

from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from registry.assessment.models import Accreditation, Body, ScopeLine
from registry.history import known
from registry.journal.verification import verify
from registry.notices.services.following import follow_notices
from tests.support.api import Office, Program, fields_named, problem


def answer(program: Program, path: str, body: Any = None) -> dict[str, Any]:
    """Send a command that must succeed; what is no fact has no receipt."""
    response = program.post(path, body)
    assert response.status_code in (200, 201), response.text
    assert response.json is not None
    found: dict[str, Any] = response.json
    return found


def accreditation(office: Office) -> int:
    with office.registry.units.reading() as session:
        return session.scalars(
            select(Accreditation.id)
            .join(Body, Body.id == Accreditation.body_id)
            .where(Body.slug == "demo-laboratory")
        ).one()


def event(office: Office, offset: int, kind: str = "suspended") -> dict[str, Any]:
    return {"kind": kind, "effective_on": office.world.day(offset), "reason": "Lý do"}


@pytest.fixture
def officer(office: Office) -> Program:
    """Return the officer's program."""
    return office.program("officer")


class TestDependents:
    def test_the_list_is_a_question_and_opens_nothing(
        self, office: Office, officer: Program
    ) -> None:
        certificate = office.world.certificate()
        path = f"/accreditations/{accreditation(office)}/dependents"
        before = office.entries()
        listed = officer.read(f"{path}?from={office.world.day(-20)}")
        assert certificate.number in {item["label"] for item in listed["items"]}
        assert officer.read(f"{path}?from={office.world.day(-1)}") == {"items": []}
        assert office.entries() == before

    def test_by_scope_line(self, office: Office, officer: Program) -> None:
        office.world.certificate()
        with office.registry.units.reading() as session:
            foreign = session.scalars(
                select(ScopeLine.id).where(
                    ScopeLine.accreditation_id != accreditation(office), known(ScopeLine)
                )
            ).first()
        path = f"/accreditations/{accreditation(office)}/dependents?from={office.world.day(-20)}"
        assert officer.read(f"{path}&line={foreign}") == {"items": []}
        assert fields_named(officer.get(f"{path}&line=x")) == ["line"]

    def test_as_known_before(self, office: Office, officer: Program) -> None:
        path = f"/accreditations/{accreditation(office)}/dependents?from={office.world.day(-20)}"
        office.world.certificate()
        assert officer.get(f"{path}&known=2020-01-01").status_code == 200

    def test_not_for_laboratories(self, office: Office) -> None:
        path = f"/accreditations/{accreditation(office)}/dependents"
        problem(office.program("laboratory").get(path), 403)


class TestTasks:
    @pytest.fixture
    def rows(self, office: Office, officer: Program) -> list[dict[str, Any]]:
        """Suspend the laboratory and return the tasks in the officer's queue."""
        office.world.certificate()
        path = f"/accreditations/{accreditation(office)}/events"
        assert officer.post(path, event(office, -20)).status_code == 200
        found = officer.read("/desk?kind=task")["items"]
        assert found
        return list(found)

    def test_rows_name_risk_and_version(self, rows: list[dict[str, Any]]) -> None:
        assert {risk["key"] for row in rows for risk in row["risks"]} >= {"suspended-behind"}
        assert all(row["version"] > 0 and row["bar"] is None for row in rows)

    def test_one_task(self, officer: Program, rows: list[dict[str, Any]]) -> None:
        path = f"/tasks/{rows[0]['subject'].partition(':')[2]}"
        assert officer.read(path)["state"] == "open"
        taken = answer(officer, f"{path}/assign", {})
        assert taken["assigned_user"] is not None
        assert officer.read("/desk?kind=task&assigned=mine")["items"]
        ended = answer(officer, f"{path}/finish", {"reason": "Giữ nguyên"})
        assert (ended["state"], ended["reason"]) == ("done", "Giữ nguyên")
        problem(officer.post(f"{path}/finish", {"reason": "Nữa"}), 409)
        problem(officer.get("/tasks/999999"), 404)

    def test_many_rows(self, office: Office, officer: Program, rows: list[dict[str, Any]]) -> None:
        body = {
            "action": "finish",
            "rows": [row["subject"] for row in rows] + ["task:999999"],
            "versions": [row["version"] for row in rows],
            "reason": "Đã xem",
        }
        before = office.entries()
        rehearsed = answer(officer, "/desk/preview", body)["items"]
        assert [row["outcome"] for row in rehearsed] == ["possible"] * len(rows) + ["refused"]
        assert office.entries() == before
        done = answer(officer, "/desk/actions", body)
        assert [row["outcome"] for row in done["items"]] == ["done"] * len(rows) + ["refused"]
        assert done["receipt"]["position"] == before + len(rows)
        again = answer(officer, "/desk/actions", body)
        assert [row["outcome"] for row in again["items"]] == ["already"] * len(rows) + ["refused"]
        assert office.entries() == before + len(rows)
        body = {"action": "finish", "rows": ["task:1"]}
        assert fields_named(officer.post("/desk/actions", body)) == ["reason"]

    def test_the_journal_stays_whole_over_refused_rows(
        self, office: Office, officer: Program, rows: list[dict[str, Any]]
    ) -> None:
        body = {"action": "assign", "rows": ["task:999999", rows[0]["subject"]]}
        officer.post("/desk/preview", body)
        officer.post("/desk/actions", body)
        with office.registry.units.reading() as session:
            assert list(verify(session)) == []


class TestSurveillance:
    def test_plan_move_finish(self, office: Office, officer: Program) -> None:
        certificate = office.world.certificate()
        plan = {
            "certificate": certificate.number,
            "planned_on": office.world.day(10),
            "activity": "visit",
        }
        path = answer(officer, "/surveillance", plan)["href"].removeprefix("/api/v1")
        move = {"planned_on": office.world.day(12), "note": "Doanh nghiệp bận"}
        assert answer(officer, f"{path}/move", move)["planned_on"] == office.world.day(12)
        result = {"done_on": office.world.day(0), "result": "minor"}
        assert answer(officer, f"{path}/finish", result)["state"] == "done"
        problem(officer.post(f"{path}/drop", {"note": "x"}), 409)
        assert officer.read("/surveillance?state=done")["items"][0]["result"] == "minor"

    def test_what_is_wrong_is_named(self, office: Office, officer: Program) -> None:
        plan = {"planned_on": office.world.day(10), "activity": "visit"}
        assert fields_named(officer.post("/surveillance", plan)) == ["certificate"]
        plan["accreditation"] = 999_999  # type: ignore[assignment]
        assert fields_named(officer.post("/surveillance", plan)) == ["accreditation"]
        plan["accreditation"] = accreditation(office)  # type: ignore[assignment]
        assert fields_named(officer.post("/surveillance", {**plan, "activity": "x"})) == [
            "activity"
        ]
        past = {**plan, "planned_on": office.world.day(-1)}
        assert fields_named(officer.post("/surveillance", past)) == ["planned_on"]


def test_what_ends_soon(office: Office, officer: Program) -> None:
    certificate = office.world.certificate()
    days = (certificate.valid_until - office.world.today).days
    found = officer.read(f"/expiry?days={days}&kind=certificate")["items"]
    assert certificate.number in {item["label"] for item in found}
    assert officer.read("/expiry?days=1&kind=certificate") == {"items": []}
    assert fields_named(officer.get("/expiry?days=-1")) == ["days"]


class TestNotices:
    def test_read_and_mark(self, office: Office) -> None:
        certificate = office.world.certificate()
        follow_notices(office.registry.units, "https://registry.example")
        business = office.program("business")
        found = business.read("/notices?unread=true")["items"]
        issued = next(item for item in found if item["action"] == "certificate.issue")
        assert issued["href"] == f"/api/v1/certificates/{certificate.number}"
        assert (issued["label"], issued["read"]) == (certificate.number, False)
        marked = answer(business, "/notices/read", {"until": found[0]["position"]})
        assert marked["unread"] == 0
        assert marked["marked"] >= len(found)
        assert business.read("/notices?unread=true") == {"items": []}
        assert fields_named(business.post("/notices/read", {})) == ["positions"]


class TestWebhooks:
    BODY: ClassVar[dict[str, Any]] = {
        "url": "https://hooks.example.org/in",
        "event_types": ["certificate.*"],
    }

    def test_keeping_an_endpoint(self, office: Office) -> None:
        business = office.program("business")
        made = answer(business, "/webhooks", self.BODY)
        secret = made["secret"]
        path = made["href"].removeprefix("/api/v1")
        assert "secret" not in business.read(path)
        rotated = answer(business, f"{path}/rotate", {})
        assert rotated["secret"] not in ("", secret)
        assert rotated["previous_secret_until"]
        assert answer(business, f"{path}/test", {})["event_type"] == "webhook.test"
        log = business.read(f"{path}/deliveries")["items"]
        assert [item["state"] for item in log] == ["waiting"]
        again = answer(business, f"{path}/deliveries/{log[0]['id']}/send-again", {})
        assert again["message_id"] == log[0]["message_id"]
        assert answer(business, f"{path}/pause", {})["state"] == "paused"
        problem(business.post(f"{path}/test", {}), 409)
        assert answer(business, f"{path}/resume", {})["state"] == "active"
        changed = {**self.BODY, "event_types": ["*"]}
        assert business.put(path, changed).status_code == 200
        assert business.read(path)["event_types"] == ["*"]
        problem(office.program("laboratory").get(path), 404)
        assert business.delete(path).json == {"removed": True}
        assert business.read("/webhooks") == {"items": []}

    def test_what_is_never_told_cannot_be_asked_for(self, office: Office) -> None:
        business = office.program("business")
        types = ["certificate.*", "certificate.suspend", "certificat.*", "nothing.known"]
        refused = business.post("/webhooks", {**self.BODY, "event_types": types})
        assert fields_named(refused) == ["event_types.2", "event_types.3"]
        assert business.read("/webhooks") == {"items": []}
        made = answer(business, "/webhooks", {**self.BODY, "event_types": types[:2]})
        path = made["href"].removeprefix("/api/v1")
        assert fields_named(business.put(path, {**self.BODY, "event_types": types})) == [
            "event_types.2",
            "event_types.3",
        ]

    @pytest.mark.parametrize("url", ["http://example.org/", "https://10.0.0.1/", "https://[::1"])
    def test_addresses_that_are_refused(self, office: Office, url: str) -> None:
        refused = office.program("business").post("/webhooks", {**self.BODY, "url": url})
        assert fields_named(refused) == ["url"]
