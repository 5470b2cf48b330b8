"""The programme of work by API: plan, steps, lists, counts."""

from tests.support.api import Office, fields_named, problem

ENTRY = {
    "titles": {"vi": "Robot công nghiệp", "en": "Industrial robots"},
    "domain": "strategic-technologies",
    "ministry": "bkhcn",
    "due": "2026-09",
    "planned_on": "2026-02-01",
}


def test_a_program_keeps_the_programme(office: Office) -> None:
    editor, anyone = office.person("editor"), office.program()
    made = editor.made("/programme", ENTRY)
    editor.made("/programme", {**ENTRY, "due": "2027-09-15"})
    address = made["href"]
    version = f'"{made["version"]}"'
    moved = editor.made(f"{address}/step", {"action": "start"}, If_Match=version)
    assert moved["state"] == "drafting"
    problem(editor.post(f"{address}/step", {"action": "submit"}, If_Match=version), 412)
    assert fields_named(editor.post(f"{address}/step", {"action": "publish"})) == ["edition"]
    problem(editor.post(f"{address}/step", {"action": "resume"}), 409)
    assert anyone.read(address)["late"] is True
    assert anyone.read(f"{address}?at=2026-09-30")["late"] is False
    assert [entry["id"] for entry in anyone.read("/programme?late=true")["items"]] == [made["id"]]
    page = anyone.get("/programme?limit=1")
    assert "rel=" in page.headers["Link"]
    counts = anyone.read("/programme/progress")
    assert counts["total"] == {"planned": 2, "published": 0, "in_work": 2, "late": 1}
    back = editor.made(f"{address}/take-back", {"reason": "Nhầm"})
    assert back["state"] == "planned"
    plan = {name: value for name, value in ENTRY.items() if name != "planned_on"}
    replanned = editor.put(address, {**plan, "due": "2027-01", "reason": "Gia hạn"})
    assert replanned.status_code == 200
    problem(office.person("officer").post("/programme", ENTRY), 403)
    problem(anyone.post("/programme", ENTRY), 401)
