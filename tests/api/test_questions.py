"""Lists page by page, and answers about other days."""

from datetime import timedelta
from typing import Any

import pytest

from registry.assessment.demo import LABORATORY, REGULATION
from registry.clock import FixedClock
from tests.support.api import Office, Program, problem


def pages(program: Program, path: str) -> list[list[dict[str, Any]]]:
    """Return every page of a list, following the Link header."""
    found = []
    address: str | None = path
    while address is not None:
        response = program.get(address)
        assert response.status_code == 200, response.text
        assert response.json is not None
        found.append(response.json["items"])
        link = response.headers.get("Link")
        if link is not None:
            assert link.endswith('>; rel="next"')
        address = link[1 : link.index(">")].removeprefix("http://localhost") if link else None
    return found


@pytest.mark.parametrize(
    ("path", "key", "size"),
    [
        ("/bodies", "slug", 3),
        ("/arrangements", "slug", 1),
        ("/editions?kind=QCVN", "slug", 40),
        ("/editions?national=true&domain=smart-cities", "slug", 3),
        ("/journal?action=body.register", "position", 2),
    ],
)
def test_pages_hold_everything_once(standing: Office, path: str, key: str, size: int) -> None:
    anyone = standing.program()
    joint = "&" if "?" in path else "?"
    whole = [item[key] for page in pages(anyone, f"{path}{joint}limit=200") for item in page]
    small = pages(anyone, f"{path}{joint}limit={size}")
    assert len(whole) > size
    assert [item[key] for page in small for item in page] == whole
    assert all(len(page) == size for page in small[:-1])


@pytest.mark.parametrize("path", ["/applications", "/reports", "/certificates"])
def test_lists_of_officers_are_paged_alike(office: Office, path: str) -> None:
    for _ in range(2):
        office.world.certificate()
    numbers = [
        item["number"]
        for page in pages(office.program("officer"), f"{path}?limit=1")
        for item in page
    ]
    assert len(numbers) == len(set(numbers)) == 3


def regulation_slug(program: Program) -> str:
    """Return the slug of the regulation that the demonstration is about."""
    return next(
        str(item["slug"])
        for page in pages(program, "/editions?kind=QCVN&limit=200")
        for item in page
        if item["designation"] == REGULATION
    )


def test_regulation_with_its_relations_in_any_year(standing: Office) -> None:
    anyone = standing.program()
    slug = regulation_slug(anyone)
    edition = anyone.read(f"/editions/{slug}")
    assert edition["kind"] == "QCVN"
    assert anyone.read(f"/editions/{slug}?at=2020-01-01")["status"] != edition["status"]
    problem(anyone.get(f"/editions/{slug}?known=2001-01-01"), 404)
    assert anyone.read("/editions?known=2001-01-01")["items"] == []
    document = anyone.read(f"/documents/{slug}")
    assert slug in [item["slug"] for item in document["editions"]]


def test_accreditation_suspended_later_held_before(office: Office, clock: FixedClock) -> None:
    officer, anyone = office.program("officer"), office.program()
    accreditation = anyone.read(f"/bodies/{LABORATORY}/accreditations")["items"][0]
    assert accreditation["status"] == "in_force"
    before = office.world.today.isoformat()
    clock.instant += timedelta(days=5)
    day = office.world.today.isoformat()
    event = {"kind": "suspended", "effective_on": day, "reason": "Đánh giá giám sát."}
    tag = f'"{accreditation["version"]}"'
    suspended = officer.made(f"{accreditation['href']}/events", event, If_Match=tag)
    assert (suspended["status"], suspended["status_since"]) == ("suspended", day)
    problem(officer.post(f"{accreditation['href']}/events", event, If_Match=tag), 412)
    assert anyone.read(f"{accreditation['href']}?at={before}")["status"] == "in_force"
    # As the register stood before, nobody knew of the suspension yet.
    assert anyone.read(f"{accreditation['href']}?at={day}&known={before}")["status"] == "in_force"
    able = anyone.read(f"/competent-bodies?method={REGULATION}")
    assert LABORATORY not in [item["body"] for item in able["items"]]


def test_officer_decides_otherwise_with_reasons_only(office: Office) -> None:
    report = office.program("laboratory").reported(office.world.report_data())
    officer = office.program("officer")
    problem(officer.post(f"{report['href']}/decision", {"outcome": "refuse"}), 422)
    refusal = {"outcome": "refuse", "reasons": "Mẫu không đúng loại."}
    refused = officer.made(f"{report['href']}/decision", refusal)
    assert refused["state"] == "refused"
    assert refused["decision"]["outcome"] == "accept"
    problem(officer.post(f"{report['href']}/decision", refusal), 409)


def test_statement_that_contradicts_its_numbers_is_told_at_once(office: Office) -> None:
    wrong = office.world.result(value="100.50", statement="pass")
    laboratory = office.program("laboratory")
    answer = laboratory.sent(office.world.report_data(results=[wrong]), "/reports?wait=1")
    assert [item["recomputed"] for item in answer["contradictions"]] == ["fail"]
    # Numbers stay as they were reported, to the last digit.
    report = laboratory.read(answer["report"]["href"])
    assert report["content"]["results"][0]["value"] == "100.50"


def test_number_keeps_its_digits_as_json_number_too(office: Office) -> None:
    result = office.world.result(value="@")
    body = office.world.report_data(results=[result])
    raw = office.contract.app.json.dumps(body).replace('"@"', "312.50").encode()
    answer = office.program("laboratory").reported(raw)
    assert answer["content"]["results"][0]["value"] == "312.50"


def test_regulation_applies_to_products(office: Office) -> None:
    editor, anyone = office.program("editor"), office.program()
    slug = regulation_slug(anyone)
    obligation = {"product": {"vi": "Camera"}, "hs_codes": ["8525.89"], "method": "5"}
    made = editor.made(f"/editions/{slug}/obligations", obligation)
    found = [item for page in pages(anyone, "/obligations?hs=852589") for item in page]
    assert made["id"] in [item["id"] for item in found]
    assert anyone.read("/obligations?hs=0101")["items"] == []
    assert made["id"] in [item["id"] for item in anyone.read(f"/editions/{slug}")["obligations"]]


def test_published_record_is_corrected_and_withdrawn_in_writing(office: Office) -> None:
    editor, approver = office.program("editor"), office.program("approver")
    edition = {
        "designation": "TCVN 99005:2026",
        "kind": "TCVN",
        "titles": {"vi": "Tiêu chuẩn thử"},
        "publisher": "bkhcn",
        "source": "Quyết định thử nghiệm",
    }
    href = editor.made("/editions", edition)["href"]
    editor.made(f"{href}/submit")
    sent_back = approver.made(f"{href}/return", {"reason": "Thiếu ngày hiệu lực."})
    assert sent_back["state"] == "draft"
    revised = editor.put(href, {**edition, "effective_from": "2026-02-01"})
    assert revised.status_code == 200
    editor.made(f"{href}/submit")
    approver.made(f"{href}/approve")
    corrected = editor.made(
        f"{href}/correct", {"reason": "Sai chính tả.", "changes": {"titles": {"vi": "Đúng"}}}
    )
    assert corrected["titles"] == {"vi": "Đúng"}
    withdrawal = {"withdrawn_on": "2026-03-01", "reason": "Thay thế."}
    assert approver.made(f"{href}/withdraw", withdrawal)["status"] == "withdrawn"


def test_vocabulary_and_domains(standing: Office) -> None:
    anyone = standing.program()
    assert len(anyone.read("/domains")["items"]) == 6
    methods = anyone.read("/vocabularies/certification-method")["items"]
    assert methods
    assert all(term["labels"]["vi"] for term in methods)
    problem(anyone.get("/vocabularies/nothing"), 404)
