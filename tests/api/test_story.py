"""One case from a draft to a suspended certificate, by API only, each with their own token."""

from datetime import timedelta
from typing import Any

from registry.accounts.queries import organisation_by_slug
from registry.assessment.demo import ACCREDITOR, FOREIGN_ACCREDITOR, REGULATION
from registry.clock import FixedClock
from registry.container import Registry
from registry.followers.search import follow
from tests.support.api import Program, ProgramMaker
from tests.support.assessment import World

EDITION = {
    "designation": "TCVN 99001:2026",
    "kind": "TCVN",
    "titles": {"vi": "Camera giám sát – Yêu cầu thử nghiệm", "en": "Surveillance cameras – Tests"},
    "publisher": "bkhcn",
    "effective_from": "2026-01-01",
    "domains": ["smart-cities"],
    "source": "Quyết định thử nghiệm",
}


def organisation(registry: Registry, slug: str) -> int:
    with registry.units.reading() as session:
        return organisation_by_slug(session, slug).id


def register_laboratory(officer: Program, name: str, country: str, accreditor: str) -> str:
    """Register a laboratory with an accreditation for the regulation; return its slug."""
    made = officer.made(
        "/organisations", {"names": {"vi": name}, "country": country, "address": "1 Đường Thử"}
    )
    body = officer.made("/bodies", {"organisation": made["slug"], "kinds": ["testing_laboratory"]})
    accreditation = officer.made(
        f"/bodies/{body['slug']}/accreditations",
        {
            "accreditor": accreditor,
            "standard": "ISO/IEC 17025:2017",
            "number": f"LAB {country} 9",
            "valid_from": "2025-06-01",
        },
    )
    line = {
        "activity": "testing",
        "product": "Camera giám sát",
        "method": REGULATION,
        "valid_from": "2025-06-01",
    }
    scoped = officer.made(f"{accreditation['href']}/scope-lines", {"lines": [line]})
    assert [line["method"] for line in scoped["scope_lines"]] == [REGULATION]
    return str(body["slug"])


def test_from_draft_to_suspended_certificate(
    registry: Registry, clock: FixedClock, world: World, person: ProgramMaker
) -> None:
    editor, approver = person("editor"), person("approver")
    officer, reviewer, decider = person("officer"), person("reviewer"), person("decision_maker")
    anyone = Program(editor.contract)

    draft = editor.made("/editions", EDITION)
    assert anyone.get(draft["href"]).status_code == 404
    proposed = editor.made(f"{draft['href']}/submit", If_Match=f'"{draft["version"]}"')
    assert editor.post(f"{draft['href']}/approve").status_code == 403
    approver.made(f"{draft['href']}/approve", If_Match=f'"{proposed["version"]}"')
    assert anyone.read(draft["href"])["status"] == "in-force"
    follow(registry)
    found = anyone.read("/search?q=camera giam sat")
    assert EDITION["designation"] in [item["designation"] for item in found["items"]]

    laboratory = register_laboratory(officer, "Phòng thử nghiệm Cẩm Thạch", "VN", ACCREDITOR)
    foreign = register_laboratory(officer, "Dongbaek Laboratory", "KR", FOREIGN_ACCREDITOR)
    officer.made(
        f"/bodies/{laboratory}/designations",
        {
            "regulation": REGULATION,
            "activity": "testing",
            "ministry": "bkhcn",
            "valid_from": "2025-06-01",
        },
    )
    arrangement = officer.made(
        "/arrangements",
        {
            "titles": {"vi": "Thỏa thuận thử", "en": "Trial arrangement"},
            "kind": "mutual_government",
            "phase": "I",
            "parties": [{"economy": "VN"}, {"economy": "KR"}],
            "valid_from": "2025-06-01",
        },
    )
    line = {"regulation": REGULATION, "result_type": "test_report"}
    officer.made(f"{arrangement['href']}/scope-lines", {"lines": [line]})
    listed = officer.made(
        f"{arrangement['href']}/listings", {"body": foreign, "valid_from": "2025-06-01"}
    )
    assert [item["body"] for item in listed["listed_bodies"]] == [foreign]
    competent = anyone.read(f"/competent-bodies?method={REGULATION}")
    assert {laboratory, foreign} <= {item["body"] for item in competent["items"]}

    company = officer.made("/organisations", {"names": {"vi": "Công ty Cây Đa"}, "country": "VN"})
    business = person("business", organisation(registry, company["slug"]))
    application = business.made(
        "/applications",
        {
            "regulation": "qcvn 135: 2024/btttt",
            "product": {"name": {"vi": "Camera giám sát"}},
            "method": "5",
        },
    )
    address = application["href"]

    domestic_tester = person("laboratory", organisation(registry, laboratory))
    foreign_tester = person("laboratory", organisation(registry, foreign))
    report = world.report_data(application=application["number"], number="CT-1")
    submitted = domestic_tester.made("/reports", report, Idempotency_Key="report-1")
    assert submitted["acceptance"]["outcome"] == "accept", submitted["acceptance"]
    assert submitted["receipt"]["content_hash"] == submitted["digest"]
    assert submitted["receipt"]["subject"] == f"report:{submitted['id']}"
    assert {c["verdict"] for c in submitted["acceptance"]["conditions"]} <= {
        "met",
        "not_applicable",
    }
    recognised = foreign_tester.made("/reports", {**report, "number": "DB-1"})
    assert recognised["state"] == "accepted"
    untested = person("laboratory", organisation(registry, ACCREDITOR))
    refused = untested.made("/reports", {**report, "number": "X-1"})
    assert refused["state"] != "accepted"
    assert any(c["verdict"] == "not_met" for c in refused["acceptance"]["conditions"])
    early = domestic_tester.read(f"{submitted['href']}/acceptance?at=2025-01-15")
    assert early["outcome"] != "accept"

    taken = officer.made(f"{address}/take-up", If_Match=f'"{application["version"]}"')
    assert taken["state"] == "evaluation"
    reviewed = reviewer.made(
        f"{address}/review", {"recommendation": "grant", "reasons": "Đủ điều kiện."}
    )
    assert reviewed["recommendation"] == "grant"
    assert business.read(address)["recommendation"] is None
    granted = decider.made(f"{address}/decision", {"decision": "grant"}, Idempotency_Key="grant")
    assert granted["state"] == "granted"

    number = granted["certificate"]
    certificate = anyone.read(f"/certificates/{number}")
    assert certificate["status"] == "in_force"
    assert certificate["holder"] == "Công ty Cây Đa"
    pdf = anyone.get(certificate["pdf"])
    assert pdf.data.startswith(b"%PDF-")
    assert business.read(address)["certificate"] == number

    clock.instant += timedelta(days=10)
    today = world.today.isoformat()
    suspended = officer.made(
        f"/certificates/{number}/suspend",
        {"effective_on": today, "reason": "Sản phẩm trên thị trường khác mẫu."},
    )
    assert suspended["status"] == "suspended"
    assert checked(anyone, number, today) == ("suspended", today)
    assert checked(anyone, number, world.day(-1))[0] == "in_force"

    actions = [entry["action"] for entry in whole_journal(anyone)]
    for action in (
        "edition.draft",
        "edition.approve",
        "body.register",
        "accreditation.record",
        "arrangement.list-body",
        "application.submit",
        "report.submit",
        "application.review",
        "certificate.reserve-number",
        "certificate.issue",
        "certificate.suspend",
    ):
        assert action in actions


def checked(program: Program, number: str, at: str) -> tuple[str, str | None]:
    """Return the status that checking a number gives for a day, and since when."""
    answer = program.read(f"/verify?number={number.lower()}&at={at}")
    assert answer["finding"] == "found"
    return answer["certificate"]["status"], answer["certificate"]["status_since"]


def whole_journal(program: Program) -> list[dict[str, Any]]:
    """Return every journal entry, page by page."""
    entries: list[dict[str, Any]] = []
    address: str | None = "/journal?limit=200"
    while address is not None:
        response = program.get(address)
        assert response.json is not None
        entries += response.json["items"]
        link = response.headers.get("Link")
        address = link[1 : link.index(">")].removeprefix("http://localhost") if link else None
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))
    return entries
