"""Bad input through the API: a clear status, the field named, never a 5xx, nothing changed."""

from datetime import timedelta
from typing import Any

import pytest

from registry.clock import FixedClock
from tests.support.api import Office, Program, fields_named, problem

EDITION = {
    "designation": "TCVN 99002:2026",
    "kind": "TCVN",
    "titles": {"vi": "Tiêu chuẩn thử"},
    "publisher": "bkhcn",
    "source": "Quyết định thử nghiệm",
}

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def editor(standing: Office) -> Program:
    """Return an editor whose drafts are all refused."""
    return standing.program("editor")


@pytest.fixture(scope="module")
def laboratory(standing: Office) -> Program:
    """Return a laboratory whose reports are all refused."""
    return standing.program("laboratory")


@pytest.fixture(scope="module")
def anyone(standing: Office) -> Program:
    """Return a program without a token."""
    return standing.program()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"designation": "@@@"}, "designation"),
        ({"designation": None}, "designation"),
        ({"effective_from": "2026-02-30"}, "effective_from"),
        ({"effective_from": "30/01/2026"}, "effective_from"),
        ({"effective_from": 20260130}, "effective_from"),
        ({"effective_from": "0001-01-01"}, "effective_from"),
        ({"effective_from": "2026-05-01", "effective_until": "2026-04-01"}, "effective_until"),
        ({"titles": {"vi": "x" * (5 * MIB)}}, "titles.vi"),
        ({"titles": {"vi": "Tiêu\u0000chuẩn"}}, "titles.vi"),
        ({"titles": {"vi": "Tiêu chuẩn \u202eđảo"}}, "titles.vi"),
        ({"titles": {"vi": "\ud800"}}, "titles.vi"),
        ({"titles": {"tiếng Việt": "a"}}, "titles.tiếng Việt"),
        ({"titles": "Tiêu chuẩn"}, "titles"),
        ({"titles": {}}, "titles"),
        ({"kind": "ISO"}, "kind"),
        ({"kind": ["TCVN"]}, "kind"),
        ({"publisher": "nobody"}, "publisher"),
        ({"domains": ["smart-cities", "phố"]}, "domains.1"),
        ({"domains": "smart-cities"}, "domains"),
        ({"pages": 10**30}, "pages"),
        ({"pages": "nhiều"}, "pages"),
        ({"relations": [{"type": "adopts", "target": "ISO 9001:2015"}]}, "relations.0.degree"),
        ({"relations": [[]]}, "relations.0"),
        ({"colour": "red"}, "colour"),
        ({"constructor/~": 1}, "constructor/~"),
    ],
)
def test_edition_that_needs_mending(
    standing: Office, editor: Program, change: dict[str, Any], field: str
) -> None:
    before = standing.entries()
    assert fields_named(editor.post("/editions", {**EDITION, **change})) == [field]
    assert standing.entries() == before


@pytest.mark.parametrize("title", ["Camera 📷 an toàn", "كاميرا مراقبة", "摄像机", "مع English"])
def test_any_script_is_text(office: Office, title: str) -> None:
    made = office.program("editor").made("/editions", {**EDITION, "titles": {"vi": title}})
    assert made["titles"] == {"vi": title}


def test_designation_is_given_once_in_any_spelling(office: Office) -> None:
    editor = office.program("editor")
    editor.made("/editions", EDITION)
    again = editor.post("/editions", {**EDITION, "designation": "tcvn 99002 : 2026"})
    assert fields_named(again) == ["designation"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": None}, "results.0.unit"),
        ({"unit": None, "limit_unit": "s"}, "results.0.unit"),
        ({"limit_unit": "mm"}, "results.0.limit_unit"),
        ({"limit_lower": "400", "limit_upper": "300"}, "results.0.limit_lower"),
        ({"value": "khoảng 3"}, "results.0.value"),
        ({"value": "1e999"}, "results.0.value"),
        ({"value": True}, "results.0.value"),
        ({"expanded_uncertainty": "-1"}, "results.0.expanded_uncertainty"),
        ({"decision_rule": "fairness"}, "results.0.decision_rule"),
        ({"performed_on": "2999-01-01"}, "results.0.performed_on"),
        ({"performed_until": "2026-01-01"}, "results.0.performed_until"),
        ({"method": "???"}, "results.0.method"),
        ({"provider": "nobody"}, "results.0.provider"),
        ({"characteristic": " "}, "results.0.characteristic"),
    ],
)
def test_result_that_needs_mending(
    standing: Office, laboratory: Program, change: dict[str, Any], field: str
) -> None:
    before = standing.entries()
    report = standing.world.report_data(results=[standing.world.result(**change)])
    assert field in fields_named(laboratory.post("/reports", report, Idempotency_Key="k"))
    assert standing.entries() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"regulation": "QCVN 9999:2024/BTTTT"}, "regulation"),
        ({"regulation": "không có"}, "regulation"),
        ({"application": "HS-2026-999999"}, "application"),
        ({"replaces": "TN-0"}, "replaces"),
        ({"issued_on": "2199-01-01"}, "issued_on"),
        ({"results": []}, "results"),
        ({"results": {}}, "results"),
        ({"results": [None]}, "results.0"),
        ({"item": "camera"}, "item"),
        ({"not_applicable": ["z"]}, "not_applicable.0"),
    ],
)
def test_report_that_needs_mending(
    standing: Office, laboratory: Program, change: dict[str, Any], field: str
) -> None:
    before = standing.entries()
    report = standing.world.report_data(**change)
    assert field in fields_named(laboratory.post("/reports", report, Idempotency_Key="k"))
    assert standing.entries() == before


def test_report_number_is_used_once(office: Office) -> None:
    laboratory = office.program("laboratory")
    report = office.world.report_data(number="TN-77")
    laboratory.sent(report)
    assert fields_named(laboratory.post("/reports", report, Idempotency_Key="k")) == ["number"]


def test_organisation_and_accreditation_numbers_are_used_once(office: Office) -> None:
    officer = office.program("officer")
    named = {"names": {"vi": "Công ty"}, "country": "VN"}
    numbered = {**named, "identifier_scheme": "tax", "identifier": "0100109106"}
    officer.made("/organisations", numbered)
    assert fields_named(officer.post("/organisations", numbered)) == ["identifier"]
    accreditation = {
        "accreditor": "demo-accreditor",
        "standard": "ISO/IEC 17025:2017",
        "number": "DEMO-LAB 001",
        "valid_from": "2025-02-01",
    }
    again = officer.post("/bodies/demo-laboratory-kr/accreditations", accreditation)
    assert fields_named(again) == ["number"]
    upside_down = {**accreditation, "number": "9", "valid_until": "2025-01-31"}
    again = officer.post("/bodies/demo-laboratory-kr/accreditations", upside_down)
    assert fields_named(again) == ["valid_until"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"a": 1} {}', 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'{"\\ud800": 1}', 400),
        (b'{"' + b"k" * 300 + b'": 1}', 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b'{"titles": ' * 50_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"12", 422),
    ],
)
def test_body_that_is_no_json_object(editor: Program, body: bytes, status: int) -> None:
    problem(editor.post("/editions", body), status)


def test_body_must_claim_to_be_json(editor: Program) -> None:
    answer = editor.post("/editions", b"designation=TCVN+1", Content_Type="text/plain")
    problem(answer, 415)


def test_body_has_a_largest_size(editor: Program) -> None:
    body = b'{"note": "' + b"x" * (17 * MIB) + b'"}'
    problem(editor.post("/editions", body), 413)


def test_command_without_fields_takes_none(office: Office) -> None:
    editor = office.program("editor")
    draft = editor.made("/editions", EDITION)
    assert fields_named(editor.post(f"{draft['href']}/submit", {"when": "now"})) == ["when"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/editions?at=2026-13-01", "at"),
        ("/editions?at=1-1-1", "at"),
        ("/editions?known=yesterday", "known"),
        ("/editions?limit=0", "limit"),
        ("/editions?limit=201", "limit"),
        ("/editions?limit=1e2", "limit"),
        ("/editions?cursor=abc", "cursor"),
        ("/editions?cursor=WyJhIl0", "cursor"),
        ("/editions?cursor=WzFlMzBd", "cursor"),
        ("/editions?cursor=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTld", "cursor"),
        ("/bodies?cursor=WyJcdTAwMDAiXQ", "cursor"),
        ("/editions?national=maybe", "national"),
        ("/editions?kind=%00", "kind"),
        ("/editions?colour=red", "colour"),
        ("/editions?endpoint=x", "endpoint"),
        ("/editions?_external=1", "_external"),
        ("/obligations?hs=x", "hs"),
        ("/search?offset=-1", "offset"),
        ("/search?offset=99999999999", "offset"),
        ("/search?q=%00", "q"),
        (f"/search?q={'a' * 1000}", "q"),
        ("/competent-bodies", "method"),
        ("/competent-bodies?method=%3F", "method"),
        ("/verify", "number"),
        ("/certificates?regulation=QCVN+9999", "regulation"),
        ("/certificates?holder=nowhere", "holder"),
        ("/journal?subject=%1b", "subject"),
    ],
)
def test_question_that_needs_mending(anyone: Program, path: str, field: str) -> None:
    assert fields_named(anyone.get(path)) == [field]


@pytest.mark.parametrize(
    "path",
    [
        "/editions/nowhere",
        "/editions/%00",
        "/editions/%F0%9F%93%B7",
        "/documents/nowhere",
        "/bodies/nowhere",
        "/bodies/nowhere/accreditations",
        "/arrangements/nowhere",
        "/organisations/nowhere",
        "/accreditations/2147483647",
        "/certificates/VN-2026-000001-00",
        "/certificates/VN-2026-000001-00/pdf",
        "/journal/2147483647",
    ],
)
def test_what_is_not_there(anyone: Program, path: str) -> None:
    problem(anyone.get(path), 404)


@pytest.mark.parametrize(
    "path", ["/accreditations/99999999999999999999", "/journal/-1", "/reports/abc", "/nothing"]
)
def test_address_that_means_nothing(anyone: Program, path: str) -> None:
    client = anyone.contract.app.test_client()
    problem(client.get(f"/api/v1{path}"), 404)


def test_unknown_method_is_a_problem_document(anyone: Program) -> None:
    client = anyone.contract.app.test_client()
    answer = client.delete("/api/v1/journal")
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("typed", "finding"),
    [
        ("xin chào", "not_a_number"),
        ("VN-2026-000001-00", "mistyped"),
        ("\U0001f4f7", "not_a_number"),
        ("VN-2026-999999-58", "unknown"),
    ],
)
def test_checking_a_number_never_fails(anyone: Program, typed: str, finding: str) -> None:
    answer = anyone.get(f"/verify?number={typed}")
    assert answer.json is not None
    assert answer.json["finding"] == finding
    assert answer.json["certificate"] is None


def test_token_must_be_one_of_ours(anyone: Program) -> None:
    for authorization in ("Bearer vnr_wrong", "Bearer", "Basic YTpi", "Bearer \u00e9", "x" * 5_000):
        answer = anyone.get("/editions", Authorization=authorization)
        problem(answer, 401)
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_nobody_changes_anything_without_a_token(anyone: Program) -> None:
    problem(anyone.post("/editions", EDITION), 401)


def test_wrong_role_and_missing_scope_are_refused(office: Office) -> None:
    problem(office.program("business").post("/editions", EDITION), 403)
    problem(office.program("editor", "catalogue:read").post("/editions", EDITION), 403)
    problem(office.program("editor").get("/applications"), 403)


def test_token_expires(office: Office, clock: FixedClock) -> None:
    editor = office.program("editor")
    assert editor.get("/account").status_code == 200
    clock.instant += timedelta(days=31)
    problem(editor.get("/account"), 401)
    problem(editor.post("/editions", EDITION), 401)
