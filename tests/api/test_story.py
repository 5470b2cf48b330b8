"""One case from a draft to a suspended certificate, by API only, each with their own token."""

from datetime import timedelta
from typing import Any

from registry.accounts.queries import organisation_by_slug
from registry.assessment.demo import ACCREDITOR, FOREIGN_ACCREDITOR, REGULATION
from registry.assessment.services.judging import judge_waiting
from registry.clock import FixedClock
from registry.container import Registry
from registry.followers.search import follow
from tests.support.api import Office, Program, problem

EDITION = {
    "designation": "TCVN 99001:2026",
    "kind": "TCVN",
    "titles": {"vi": "Camera giám sát – Yêu cầu thử nghiệm", "en": "Surveillance cameras – Tests"},
    "publisher": "bkhcn",
    "effective_from": "2026-01-01",
    "domains": ["smart-cities"],
    "source": "Quyết định thử nghiệm",
}

APPLICATION = {
    "regulation": "qcvn 135: 2024/btttt",
    "product": {"name": {"vi": "Camera giám sát"}},
    "method": "5",
}

SINCE = "2025-06-01"

# What the journal must tell of the story.
STEPS = {
    "edition.draft",
    "edition.approve",
    "body.register",
    "accreditation.record",
    "arrangement.list-body",
    "application.submit",
    "report.submit",
    "report.judge",
    "application.review",
    "certificate.reserve-number",
    "certificate.issue",
    "certificate.suspend",
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
            "valid_from": SINCE,
        },
    )
    line = {
        "activity": "testing",
        "product": "Camera giám sát",
        "method": REGULATION,
        "valid_from": SINCE,
    }
    scoped = officer.made(f"{accreditation['href']}/scope-lines", {"lines": [line]})
    assert [line["method"] for line in scoped["scope_lines"]] == [REGULATION]
    return str(body["slug"])


def publish(editor: Program, approver: Program, anyone: Program) -> str:
    """Draft an edition, let a second person approve it, and return its address."""
    draft = editor.made("/editions", EDITION)
    assert anyone.get(draft["href"]).status_code == 404
    proposed = editor.made(f"{draft['href']}/submit", If_Match=f'"{draft["version"]}"')
    problem(editor.post(f"{draft['href']}/approve"), 403)
    approver.made(f"{draft['href']}/approve", If_Match=f'"{proposed["version"]}"')
    return str(draft["href"])


def arrange(officer: Program, foreign: str) -> None:
    """Record an arrangement for the regulation's test reports that lists a foreign laboratory."""
    arrangement = officer.made(
        "/arrangements",
        {
            "titles": {"vi": "Thỏa thuận thử", "en": "Trial arrangement"},
            "kind": "mutual_government",
            "phase": "I",
            "parties": [{"economy": "VN"}, {"economy": "KR"}],
            "valid_from": SINCE,
        },
    )
    line = {"regulation": REGULATION, "result_type": "test_report"}
    officer.made(f"{arrangement['href']}/scope-lines", {"lines": [line]})
    listed = officer.made(f"{arrangement['href']}/listings", {"body": foreign, "valid_from": SINCE})
    assert [item["body"] for item in listed["listed_bodies"]] == [foreign]


def test_from_draft_to_suspended_certificate(office: Office, clock: FixedClock) -> None:
    world, registry, person = office.world, office.registry, office.person
    officer = person("officer")
    anyone = office.program()

    address = publish(person("editor"), person("approver"), anyone)
    assert anyone.read(address)["status"] == "in-force"
    follow(registry)
    found = anyone.read("/search?q=camera giam sat")
    assert EDITION["designation"] in [item["designation"] for item in found["items"]]

    home = register_laboratory(officer, "Phòng thử nghiệm Cẩm Thạch", "VN", ACCREDITOR)
    officer.made(
        f"/bodies/{home}/designations",
        {
            "regulation": REGULATION,
            "activity": "testing",
            "ministry": "bkhcn",
            "valid_from": SINCE,
        },
    )
    foreign = register_laboratory(officer, "Dongbaek Laboratory", "KR", FOREIGN_ACCREDITOR)
    arrange(officer, foreign)
    competent = anyone.read(f"/competent-bodies?method={REGULATION}")
    assert {home, foreign} <= {item["body"] for item in competent["items"]}

    company = officer.made("/organisations", {"names": {"vi": "Công ty Cây Đa"}, "country": "VN"})
    business = person("business", organisation(registry, company["slug"]))
    application = business.made("/applications", APPLICATION)
    report = world.report_data(application=application["number"], number="CT-1")
    submit_reports(office, report, home=home, foreign=foreign)

    number = grant(application, officer, person("reviewer"), person("decision_maker"), business)
    certificate = anyone.read(f"/certificates/{number}")
    assert certificate["status"] == "in_force"
    assert certificate["holder"] == "Công ty Cây Đa"
    assert anyone.get(certificate["pdf"]).data.startswith(b"%PDF-")

    clock.instant += timedelta(days=10)
    today = world.today.isoformat()
    suspended = officer.made(
        f"/certificates/{number}/suspend",
        {"effective_on": today, "reason": "Sản phẩm trên thị trường khác mẫu."},
    )
    assert suspended["status"] == "suspended"
    assert checked(anyone, number, today) == ("suspended", today)
    assert checked(anyone, number, world.day(-1))[0] == "in_force"

    assert {entry["action"] for entry in whole_journal(anyone)} >= STEPS


def submit_reports(office: Office, report: dict[str, Any], *, home: str, foreign: str) -> None:
    """Let three bodies report: designated at home, listed abroad, and one without a scope."""
    tester = office.person("laboratory", organisation(office.registry, home))
    request = tester.sent(report)
    assert (request["status"], request["report"]) == ("initial", None)
    judge_waiting(office.registry.units)
    judged = tester.read(request["href"])
    assert (judged["status"], judged["outcome"]) == ("accepted", "accept"), judged
    assert judged["receipt"] == request["receipt"]
    verdicts = {condition["verdict"] for condition in judged["conditions"]}
    assert verdicts <= {"met", "not_applicable"}
    submitted = tester.read(judged["report"]["href"])
    assert submitted["digest"] == request["receipt"]["content_hash"]
    before = tester.read(f"{submitted['href']}/acceptance?at=2025-01-15")
    assert before["outcome"] != "accept"

    tester = office.person("laboratory", organisation(office.registry, foreign))
    assert tester.reported({**report, "number": "DB-1"})["state"] == "accepted"

    tester = office.person("laboratory", organisation(office.registry, ACCREDITOR))
    refused = tester.reported({**report, "number": "X-1"})
    assert refused["state"] != "accepted"
    assert any(c["verdict"] == "not_met" for c in refused["decision"]["conditions"])


def grant(
    application: dict[str, Any],
    officer: Program,
    reviewer: Program,
    decider: Program,
    business: Program,
) -> str:
    """Bring an application through evaluation, review and decision; return the certificate."""
    address = application["href"]
    taken = officer.made(f"{address}/take-up", If_Match=f'"{application["version"]}"')
    assert taken["state"] == "evaluation"
    review = {"recommendation": "grant", "reasons": "Đủ điều kiện."}
    assert reviewer.made(f"{address}/review", review)["recommendation"] == "grant"
    assert business.read(address)["recommendation"] is None
    problem(reviewer.post(f"{address}/decision", {"decision": "grant"}), 403)
    granted = decider.made(f"{address}/decision", {"decision": "grant"})
    assert granted["state"] == "granted"
    assert business.read(address)["certificate"] == granted["certificate"]
    return str(granted["certificate"])


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
