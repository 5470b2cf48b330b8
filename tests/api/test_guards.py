"""Who sees and may do what: a business its own applications, a laboratory its own reports."""

from registry.accounts.permissions import permissions_of
from registry.accounts.queries import organisation_by_slug
from registry.assessment.demo import BUSINESS, FOREIGN_LABORATORY
from tests.support.api import Office, Program, fields_named, problem
from tests.support.assessment import APPLICATION


def colleague(office: Office, role: str, slug: str) -> Program:
    """Return a program for somebody new in an organisation."""
    with office.registry.units.reading() as session:
        organisation_id = organisation_by_slug(session, slug).id
    return office.person(role, organisation_id)


def numbers(program: Program, path: str) -> list[str]:
    return [item["number"] for item in program.read(path)["items"]]


def test_business_sees_its_own_applications_only(office: Office) -> None:
    own = office.program("business").made("/applications", APPLICATION)
    other = colleague(office, "business", FOREIGN_LABORATORY)
    assert numbers(other, "/applications") == []
    for program, status in ((other, 404), (office.program(), 401), (office.program("editor"), 404)):
        problem(program.get(own["href"]), status)
    problem(other.post(f"{own['href']}/withdraw", {}), 404)
    for name in ("business", "officer", "reviewer", "decision-maker"):
        assert own["number"] in numbers(office.program(name), "/applications?limit=200")
    assert own["number"] in numbers(colleague(office, "business", BUSINESS), "/applications")
    withdrawn = office.program("business").made(f"{own['href']}/withdraw", {"reasons": "Nhầm."})
    assert withdrawn["state"] == "withdrawn"
    assert withdrawn["reasons"] == "Nhầm."


def test_laboratory_sees_its_own_reports_only(office: Office) -> None:
    application = office.program("business").made("/applications", APPLICATION)
    report = office.world.report_data(application=application["number"], number="TN-9")
    own = office.program("laboratory").reported(report)
    other = office.program("laboratory-kr")
    assert numbers(other, "/reports") == []
    for path in (own["href"], f"{own['href']}/acceptance"):
        problem(other.get(path), 404)
        problem(office.program().get(path), 401)
        assert office.program("business").get(path).status_code == 200
        assert office.program("officer").get(path).status_code == 200
    assert "TN-9" in numbers(office.program("laboratory"), "/reports?state=accepted")
    assert numbers(office.program("laboratory"), "/reports?state=refused") == []


def test_account_says_what_a_token_may_do(office: Office) -> None:
    whole = office.program("officer").read("/account")
    assert whole["roles"] == ["officer"]
    assert "certificate:change-status" in whole["permissions"]
    assert not {"token:manage-own", "account:manage"} & set(whole["permissions"])
    narrow = office.program("officer", "reports:read").read("/account")
    assert set(narrow["permissions"]) < permissions_of(frozenset({"officer"}))
    assert "certificate:change-status" not in narrow["permissions"]


def test_contacts_are_for_officers(office: Office) -> None:
    officer = office.program("officer")
    known = {
        "names": {"vi": "Công ty Lá Cọ"},
        "country": "VN",
        "contact_email": "an@example.org",
    }
    made = officer.made("/organisations", known)
    assert made["contact_email"] == "an@example.org"
    assert "contact_email" not in office.program().read(made["href"])
    entry = office.program().read(f"/journal/{made['receipt']['position']}")
    assert "an@example.org" not in str(entry)

    moved = officer.put(made["href"], {**known, "address": "Huế"}, If_Match=f'"{made["version"]}"')
    assert moved.json is not None
    assert moved.json["address"] == "Huế"
    problem(officer.put(made["href"], known, If_Match=f'"{made["version"]}"'), 412)
    assert fields_named(officer.put(made["href"], {**known, "slug": "khac"})) == ["slug"]


def test_drafts_are_for_those_who_publish(office: Office) -> None:
    edition = {
        "designation": "TCVN 99004:2026",
        "kind": "TCVN",
        "titles": {"vi": "Bản nháp"},
        "publisher": "bkhcn",
        "source": "Quyết định thử nghiệm",
    }
    draft = office.program("editor").made("/editions", edition)
    assert office.program("approver").read(draft["href"])["state"] == "draft"
    for name in (None, "officer", "business"):
        problem(office.program(name).get(draft["href"]), 404)
    problem(office.program("editor", "catalogue:approve").post(f"{draft['href']}/submit"), 403)


def test_private_answers_stay_out_of_shared_caches(office: Office) -> None:
    answer = office.program("officer").get("/applications")
    assert "private" in answer.headers["Cache-Control"]
    assert "Authorization" in answer.headers["Vary"]
