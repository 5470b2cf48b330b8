"""Pages of bodies and arrangements: search, coverage, what officers record, files of rows."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.container import Registry
from tests.support.spreadsheets import workbook
from tests.support.visitors import csrf_token, visitor

LABORATORY = "demo-laboratory"


@pytest.fixture
def client(showcase_app: Flask) -> FlaskClient:
    return showcase_app.test_client()


@pytest.fixture
def officer(showcase: Registry, showcase_app: Flask) -> FlaskClient:
    return visitor(showcase_app, showcase, "officer")


def send(officer: FlaskClient, path: str, fields: dict[str, Any]) -> TestResponse:
    """Send a form with the token that every form of this visitor carries."""
    token = csrf_token(officer.get("/workspace/bodies/new").text)
    return officer.post(path, data={**fields, "csrf_token": token})


def listed(page: str) -> set[str]:
    return set(re.findall(r'href="/bodies/([a-z0-9-]+)', page))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"method": "QCVN 135:2024"}, {LABORATORY, "demo-laboratory-kr"}),
        ({"method": "qcvn 135: 2024/btttt", "country": "VN"}, {LABORATORY}),
        ({"method": "QCVN 135:2024", "at": "2025-02-14"}, set()),
        ({"product": "camera giam sat", "country": "KR"}, {"demo-laboratory-kr"}),
        ({"product": "lò vi sóng"}, set()),
        ({"standard": "17025", "country": "VN"}, {LABORATORY}),
        ({"standard": "17020"}, set()),
        ({"q": "DEMO-LAB"}, {LABORATORY}),
        ({"q": "bách việt camera"}, {LABORATORY}),
        ({"place": "sao hỏa"}, set()),
        ({"characteristic": "điện áp"}, set()),
    ],
)
def test_bodies_are_found_by_what_they_can_do(
    client: FlaskClient, query: dict[str, str], found: set[str]
) -> None:
    page = client.get("/bodies", query_string=query)
    assert page.status_code == 200
    assert listed(page.text) - {"demo-accreditor"} == found


def test_a_method_that_cannot_be_read_is_said_beside_its_field(client: FlaskClient) -> None:
    page = client.get("/bodies?method=%3F%3F&lang=en")
    assert page.status_code == 200
    assert "field-method-error" in page.text


def test_coverage_names_gaps_first_and_who_can_test(client: FlaskClient) -> None:
    page = client.get("/coverage?lang=en").text
    assert page.index("that nobody can test to") < page.index("Heat map")
    assert "QCVN 135:2024/BTTTT" in page
    row = page[page.index('class="heat"') :]
    assert "accredited and designated" in row
    early = client.get("/coverage?at=2025-02-14&lang=en").text
    assert "Heat map" not in early


def test_coverage_by_domain_and_ministry(client: FlaskClient) -> None:
    whole = client.get("/coverage.csv").text.splitlines()
    some = client.get("/coverage.csv?domain=information-security").text.splitlines()
    assert 1 < len(some) < len(whole)
    assert some[0].lstrip("\ufeff").startswith("designation,title,ministry")
    line = next(row for row in whole if row.startswith("QCVN 135:2024/BTTTT") and LABORATORY in row)
    assert line.split(",")[-5:-3] != []
    assert "testing" in line
    assert client.get("/coverage?ministry=nobody&lang=en").text.count("No regulation was in force")


def test_an_officer_records_what_is_known_of_a_body(
    officer: FlaskClient, client: FlaskClient
) -> None:
    root = f"/workspace/bodies/{LABORATORY}"
    for kind, fields in (
        ("identifiers", {"scheme": "accreditor-list", "value": "VILAS 999"}),
        (
            "addresses",
            {"kind": "site", "address": "Khu CNC", "province": "Hà Nội", "country": "VN"},
        ),
        ("contacts", {"purpose": "technical", "name": "Bà Lan", "email": "lan@example.vn"}),
    ):
        assert officer.get(f"{root}/{kind}/new").status_code == 200
        answer = send(officer, f"{root}/{kind}/new", fields)
        assert answer.status_code == 303, answer.text
    public, desk = client.get(f"/bodies/{LABORATORY}").text, officer.get(root).text
    assert "VILAS 999" in public
    assert "Khu CNC, Hà Nội" in public
    assert "Bà Lan" not in public
    assert "lan@example.vn" in desk
    assert listed(client.get("/bodies?place=ha noi khu cnc").text) == {LABORATORY}
    assert listed(client.get("/bodies?q=VILAS 999").text) >= {LABORATORY}


def test_an_officer_ends_and_retracts_a_line(officer: FlaskClient, client: FlaskClient) -> None:
    desk = officer.get(f"/workspace/bodies/{LABORATORY}").text
    address = re.search(r'href="(/workspace/lines/scope-line/\d+)"', desk)
    assert address
    assert "QCVN 135:2024/BTTTT" in officer.get(address[1]).text
    empty = send(officer, address[1], {"reason": "Thu hẹp"})
    assert empty.status_code == 422
    ended = {"step": "end", "valid_until": "2026-01-31", "reason": "Thu hẹp"}
    assert send(officer, address[1], ended).status_code == 303
    asked = "/bodies?method=QCVN 135:2024&country=VN&at="
    assert LABORATORY in listed(client.get(asked + "2026-01-31").text)
    assert LABORATORY not in listed(client.get(asked + "2026-02-01").text)
    assert officer.get(address[1]).status_code == 404


def test_a_scope_is_imported_after_it_was_looked_at(
    officer: FlaskClient, client: FlaskClient
) -> None:
    desk = officer.get(f"/workspace/bodies/{LABORATORY}").text
    address = re.search(r'href="(/workspace/bodies/[^"]+/scope/import)"', desk)
    assert address
    rows = [
        ["Sản phẩm", "Phương pháp", "Từ ngày"],
        ["Bộ định tuyến", "ISO/IEC 27402:2023", "01/03/2025"],
        ["Bộ định tuyến", "ISO/IEC 27402:2023", "31/02/2025"],
    ]
    sent = send(officer, address[1], {"file": (io.BytesIO(workbook(rows)), "pham-vi.xlsx")})
    assert sent.status_code == 303, sent.text
    preview = officer.get(sent.headers["Location"])
    assert "31/02/2025" in preview.text
    assert "Bộ định tuyến" not in client.get(f"/bodies/{LABORATORY}").text
    refused = send(officer, sent.headers["Location"], {"choice": "all"})
    assert refused.status_code == 422
    taken = send(officer, sent.headers["Location"], {"choice": "good"})
    assert taken.status_code == 303, taken.text
    assert "Bộ định tuyến" in client.get(f"/bodies/{LABORATORY}").text
    bad = officer.get(sent.headers["Location"] + "/bad-rows")
    assert bad.status_code == 200
    assert bad.data.startswith(b"PK")
    assert officer.get(sent.headers["Location"]).status_code == 200


@pytest.mark.parametrize("kind", ["scope", "arrangement-scope", "listings"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_templates_can_be_downloaded(officer: FlaskClient, kind: str, form: str) -> None:
    answer = officer.get(f"/workspace/sheet-imports/template-{kind}.{form}")
    assert answer.status_code == 200
    assert f"{kind}.{form}" in answer.headers["Content-Disposition"]


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(officer: FlaskClient) -> None:
    desk = officer.get(f"/workspace/bodies/{LABORATORY}").text
    address = re.search(r'href="(/workspace/bodies/[^"]+/scope/import)"', desk)
    assert address
    answer = send(officer, address[1], {"file": (io.BytesIO(b"PK\x03\x04no"), "a.xlsx")})
    assert answer.status_code == 422
    assert "field-file-error" in answer.text
    assert send(officer, address[1], {}).status_code == 422
