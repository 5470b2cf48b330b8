"""Whatever is sent, the answer is one that the document describes, and never a 5xx."""

import json
import secrets
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.assessment.demo import LABORATORY, REGULATION
from tests.support.api import Office, Program
from tests.support.assessment import APPLICATION

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(
        [
            "\x00",
            "\ud800",
            "\u202e",
            "📷" * 50,
            "2026-02-30",
            "1e99",
            "-0",
            REGULATION,
            "x" * 3_000,
            10**40,
            -1,
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """Return ``value`` with one part of it replaced, left out or added."""
    if isinstance(value, dict) and value and draw(st.integers(0, 4)):
        name = draw(st.sampled_from(sorted(value)))
        rest = {key: item for key, item in value.items() if key != name}
        return draw(
            st.just(rest)
            | st.builds(lambda inner: {**rest, name: inner}, spoiled(value[name]))
            | st.builds(lambda key, junk: {**value, key: junk}, st.text(max_size=8), JUNK)
        )
    if isinstance(value, list) and value and draw(st.booleans()):
        return [draw(spoiled(value[0])), *value[1:]]
    return draw(JUNK)


def commands(office: Office) -> list[tuple[str, str, dict[str, Any]]]:
    """Return who may send what where: a body that would be accepted for every command."""
    world = office.world
    reviewed = f"/applications/{world.reviewed().number}"
    certificate = f"/certificates/{world.certificate().number}"
    report = f"/reports/{world.report(number='TN-100').report.id}"
    laboratory = office.program().read(f"/bodies/{LABORATORY}")
    accreditation = laboratory["accreditations"][0]["href"]
    arrangement = office.program().read("/arrangements")["items"][0]["href"]
    regulation = f"/editions/{office.program().read('/editions?kind=QCVN')['items'][0]['slug']}"
    period = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    line = {"activity": "testing", "product": "Camera", "method": REGULATION, **period}
    edition = {
        "designation": "TCVN 99006:2026",
        "kind": "TCVN",
        "titles": {"vi": "Tiêu chuẩn"},
        "publisher": "bkhcn",
        "instrument": {"number": "1/QĐ", "date": "2026-01-01"},
        "domains": ["smart-cities"],
        "relations": [{"type": "adopts", "degree": "IDT", "target": "ISO 9001:2015"}],
        "source": "Thử",
    }
    changes = {name: edition[name] for name in ("titles", "domains", "instrument", "relations")}
    reason = {"effective_on": world.day(0), "reason": "Thử"}
    return [
        ("editor", "/editions", edition),
        ("editor", f"{regulation}/correct", {"reason": "Thử", "changes": changes}),
        ("editor", f"{regulation}/obligations", {"product": {"vi": "Camera"}, "hs_codes": ["85"]}),
        ("approver", f"{regulation}/withdraw", {"withdrawn_on": "2026-01-01", "reason": "Thử"}),
        ("approver", f"{regulation}/return", {"reason": "Thử"}),
        ("officer", "/organisations", {"names": {"vi": "Công ty"}, "country": "VN"}),
        ("officer", "/bodies", {"organisation": "demo-business", "kinds": ["inspection_body"]}),
        (
            "officer",
            f"/bodies/{LABORATORY}/designations",
            {"regulation": REGULATION, "activity": "testing", "ministry": "bkhcn", **period},
        ),
        (
            "officer",
            f"/bodies/{LABORATORY}/accreditations",
            {"accreditor": "demo-accreditor", "standard": "ISO/IEC 17025", "number": "1", **period},
        ),
        ("officer", f"{accreditation}/events", {"kind": "suspended", **reason}),
        ("officer", f"{accreditation}/scope-lines", {"lines": [line]}),
        (
            "officer",
            "/arrangements",
            {
                "titles": {"vi": "Thỏa thuận"},
                "kind": "unilateral",
                "parties": [{"economy": "VN"}],
                **period,
            },
        ),
        (
            "officer",
            f"{arrangement}/scope-lines",
            {"lines": [{"result_type": "test_report", "regulation": REGULATION, **period}]},
        ),
        ("officer", f"{arrangement}/listings", {"body": LABORATORY, "standard": "ISO 1", **period}),
        ("business", "/applications", APPLICATION),
        ("business", f"{reviewed}/withdraw", {"reasons": "Thử"}),
        ("reviewer", f"{reviewed}/review", {"recommendation": "grant", "reasons": "Thử"}),
        ("decision-maker", f"{reviewed}/decision", {"decision": "refuse", "reasons": "Thử"}),
        ("laboratory", "/reports", world.report_data(number="TN-200")),
        ("officer", f"{report}/decision", {"outcome": "refuse", "reasons": "Thử"}),
        ("officer", f"{certificate}/suspend", reason),
        ("officer", f"{certificate}/withdraw", reason),
    ]


@pytest.fixture
def sendable(office: Office) -> list[tuple[Program, str, dict[str, Any]]]:
    """Return every command with the program of somebody who may send it."""
    found = commands(office)
    programs = {name: office.program(name) for name in {name for name, _, _ in found}}
    return [(programs[name], path, body) for name, path, body in found]


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_body_breaks_a_command(
    sendable: list[tuple[Program, str, dict[str, Any]]], data: st.DataObject
) -> None:
    program, path, body = data.draw(st.sampled_from(sendable), label="command")
    sent = json.dumps(data.draw(spoiled(body), label="body")).encode()
    answer = program.post(path, sent, Idempotency_Key=secrets.token_hex(8))
    if answer.status_code == 422:
        assert answer.json is not None
        assert answer.json["errors"]


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=60))
def test_no_bytes_break_a_command(standing: Office, data: bytes) -> None:
    answer = standing.program().post("/reports", data)
    assert answer.status_code == 401
    client = standing.contract.app.test_client()
    assert client.get("/api/v1/verify", query_string={"number": data}).status_code in (200, 422)
    assert client.get("/api/v1/search", query_string={"q": data}).status_code in (200, 422)
    assert client.get("/api/v1/journal", query_string={"cursor": data}).status_code in (200, 422)
