"""Sent twice, decided at once, killed half-way: nothing lost, nothing twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from registry.assessment.models import Certificate, CertificateDocument, CertificateNumber
from registry.assessment.services import issuance
from tests.support.api import Office, Program, fields_named, problem

EDITION = {
    "designation": "TCVN 99003:2026",
    "kind": "TCVN",
    "titles": {"vi": "Tiêu chuẩn thử"},
    "publisher": "bkhcn",
    "source": "Quyết định thử nghiệm",
}
GRANT = {"decision": "grant"}


class Killed(BaseException):
    """The process dies here."""


def count(office: Office, model: Any) -> int:
    with office.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def at_once(*calls: Any) -> list[TestResponse]:
    """Make all calls at the same moment, each in a thread of its own."""
    barrier = Barrier(len(calls))

    def wait_and_call(call: Any) -> TestResponse:
        barrier.wait()
        answer: TestResponse = call()
        return answer

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and_call, calls))


def test_same_key_and_body_gets_the_same_answer(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data(number="TN-5")
    first = laboratory.post("/reports", report, Idempotency_Key="k1")
    entries = office.entries()
    again = laboratory.post("/reports", report, Idempotency_Key="k1")
    assert (again.status_code, again.data) == (202, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert office.entries() == entries


def test_same_key_with_another_request_is_refused(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data(number="TN-5")
    made = laboratory.sent(report, "/reports?wait=1", Idempotency_Key="k1")
    entries = office.entries()
    changed = {**report, "number": "TN-6"}
    problem(laboratory.post("/reports?wait=1", changed, Idempotency_Key="k1"), 409)
    officer = office.program("officer")
    refusal = {"outcome": "refuse", "reasons": "Thiếu chữ ký."}
    # Another person's keys are their own.
    officer.made(f"{made['report']['href']}/decision", refusal, Idempotency_Key="k1")
    assert office.entries() > entries


def test_refused_request_may_be_mended_under_its_key(office: Office) -> None:
    editor = office.program("editor")
    wrong = {**EDITION, "kind": "ISO"}
    assert fields_named(editor.post("/editions", wrong, Idempotency_Key="k2")) == ["kind"]
    editor.made("/editions", EDITION, Idempotency_Key="k2")


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_key_that_cannot_be_kept(office: Office, key: str) -> None:
    answer = office.program("editor").post("/editions", EDITION, Idempotency_Key=key)
    assert fields_named(answer) == ["Idempotency-Key"]


def test_one_key_sent_twice_at_once_makes_one(office: Office) -> None:
    editor = office.program("editor")
    entries = office.entries()
    answers = at_once(
        *[lambda: editor.post("/editions", EDITION, Idempotency_Key="k3") for _ in range(2)]
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert office.entries() == entries + 1


def test_stale_etag_is_refused(office: Office) -> None:
    editor = office.program("editor")
    draft = editor.made("/editions", EDITION)
    seen = editor.get(draft["href"]).headers["ETag"]
    renamed = {**EDITION, "titles": {"vi": "Tên khác"}}
    changed = editor.put(draft["href"], renamed, If_Match=seen)
    assert changed.status_code == 200
    entries = office.entries()
    problem(editor.put(draft["href"], EDITION, If_Match=seen), 412)
    problem(editor.post(f"{draft['href']}/submit", If_Match=seen), 412)
    assert office.entries() == entries
    assert editor.read(draft["href"])["titles"] == {"vi": "Tên khác"}
    editor.made(f"{draft['href']}/submit", If_Match=changed.headers["ETag"])


@pytest.mark.parametrize(
    "tag", ['"0"', '"x"', '"99999999999999999999999"', '"1x"', 'W/"1"', "", '"²"', "nonsense"]
)
def test_tag_that_was_never_ours_is_stale(office: Office, tag: str) -> None:
    editor = office.program("editor")
    draft = editor.made("/editions", EDITION)
    problem(editor.post(f"{draft['href']}/submit", If_Match=tag), 412)


def test_any_version_may_be_meant_but_not_two(office: Office) -> None:
    editor = office.program("editor")
    draft = editor.made("/editions", EDITION)
    two = editor.post(f"{draft['href']}/submit", If_Match='"1", "2"')
    assert fields_named(two) == ["If-Match"]
    editor.made(f"{draft['href']}/submit", If_Match="*")


def test_reader_who_has_it_already_gets_nothing_again(office: Office) -> None:
    anyone = office.program()
    for path in ("/bodies/demo-laboratory", "/editions?limit=5", "/domains", "/journal/1"):
        tag = anyone.get(path).headers["ETag"]
        assert anyone.get(path, If_None_Match=tag).status_code == 304


def test_two_approvals_at_once_publish_once(office: Office) -> None:
    editor = office.program("editor")
    approvers = [office.person("approver"), office.person("approver")]
    draft = editor.made("/editions", EDITION)
    proposed = editor.made(f"{draft['href']}/submit")
    entries = office.entries()

    def approve(approver: Program) -> TestResponse:
        return approver.post(f"{draft['href']}/approve", If_Match=f'"{proposed["version"]}"')

    answers = at_once(*[lambda a=a: approve(a) for a in approvers])
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert office.entries() == entries + 1


def test_two_decisions_at_once_issue_one_certificate(office: Office) -> None:
    number = office.world.reviewed().number
    deciders = [office.person("decision_maker"), office.person("decision_maker")]
    before = count(office, Certificate)
    answers = at_once(
        *[lambda d=d: d.post(f"/applications/{number}/decision", GRANT) for d in deciders]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert count(office, Certificate) == before + 1
    assert count(office, CertificateNumber) == before + 1


@pytest.fixture
def _dies_after_reserving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the process between the two units of work of an issuance, the first time."""
    deaths = iter([True])
    whole = issuance.grant_reserved

    def grant_or_die(*arguments: Any, **named: Any) -> Certificate:
        if next(deaths, False):
            raise Killed
        return whole(*arguments, **named)

    monkeypatch.setattr("registry.api.assessment.deciding.grant_reserved", grant_or_die)


@pytest.mark.usefixtures("_dies_after_reserving")
def test_killed_after_reserving_the_number(office: Office) -> None:
    number = office.world.reviewed().number
    decider = office.program("decision-maker")
    address = f"/applications/{number}/decision"
    before = count(office, CertificateNumber)
    with pytest.raises(Killed):
        decider.post(address, GRANT, Idempotency_Key="grant")
    assert count(office, CertificateNumber) == before + 1

    first = decider.post(address, GRANT, Idempotency_Key="grant")
    assert first.status_code == 200
    again = decider.post(address, GRANT, Idempotency_Key="grant")
    assert again.data == first.data
    assert count(office, CertificateNumber) == before + 1
    problem(decider.post(address, GRANT), 409)


def test_killed_between_issue_and_file(office: Office) -> None:
    """No follower runs here, as after a crash: the file is made when somebody asks for it."""
    number = office.world.reviewed().number
    granted = office.program("decision-maker").made(f"/applications/{number}/decision", GRANT)
    anyone = office.program()
    certificate = anyone.read(f"/certificates/{granted['certificate']}")
    assert certificate["status"] == "in_force"
    made = count(office, CertificateDocument)
    first = anyone.get(certificate["pdf"])
    assert first.data.startswith(b"%PDF-")
    assert anyone.get(certificate["pdf"]).data == first.data
    # The credential, and the file that carries it.
    assert count(office, CertificateDocument) == made + 2


def test_receipt_is_the_journal_entry(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data(number="TN-8")
    answer = laboratory.post("/reports", report, Idempotency_Key="k8")
    receipt = json.loads(answer.data)["receipt"]
    entry = office.program().read(f"/journal/{receipt['position']}")
    assert entry["leaf_hash"] == receipt["leaf_hash"]
    assert entry["subject"] == receipt["subject"]
    assert entry["data"]["digest"] == receipt["content_hash"]
