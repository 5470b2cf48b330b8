"""Renewal, reduced scope and replacement by API, the whole way to the new number."""

from typing import Any

from tests.support.api import Office, fields_named, problem


def test_new_versions_are_commands_with_versions_of_their_own(office: Office) -> None:
    world = office.world
    number = world.certificate().number
    address = f"/certificates/{number}"
    decider, officer = office.program("decision-maker"), office.program("officer")
    renewal = {"valid_until": world.day(1_900), "reason": "Giám sát đạt"}
    assert "none has been done" in problem(decider.post(f"{address}/renew", renewal), 409)["detail"]
    plan = {"certificate": number, "planned_on": world.day(0), "activity": "visit"}
    planned = officer.made("/surveillance", plan)
    done = {"done_on": world.day(0), "result": "conforming"}
    officer.made(f"/surveillance/{planned['id']}/finish", done)
    problem(officer.post(f"{address}/renew", renewal), 403)
    stale = decider.post(f"{address}/renew", renewal, If_Match='"1"')
    problem(stale, 412)
    renewed = decider.made(f"{address}/renew", renewal)
    assert renewed["certificate_version"] == 2
    assert renewed["valid_until"] == world.day(1_900)
    reduction: dict[str, Any] = {
        "effective_on": world.day(5),
        "models": ["C-9"],
        "reason": "Không đạt",
    }
    assert fields_named(officer.post(f"{address}/reduce-scope", reduction)) == ["models.0"]
    reduction |= {"models": [], "scope": {"vi": "Chỉ dùng trong nhà"}}
    reduced = officer.made(f"{address}/reduce-scope", reduction)
    # It is still to come, so that today's version is the renewed one.
    assert reduced["certificate_version"] == 2
    assert [item["kind"] for item in reduced["versions"]] == ["issued", "renewed", "scope_reduced"]
    anybody = office.program()
    later = anybody.read(f"{address}?at={world.day(5)}")
    assert later["snapshot"]["scope"]["vi"] == "Chỉ dùng trong nhà"
    assert later["certificate_version"] == 3
    assert anybody.get(f"{address}/pdf?version=1").status_code == 200
    problem(anybody.get(f"{address}/pdf?version=9"), 404)


def test_a_replacement_is_opened_reviewed_and_granted(office: Office) -> None:
    world = office.world
    former = world.certificate().number
    officer = office.program("officer")
    opened = officer.made(
        f"/certificates/{former}/replace",
        {
            "ground": "error",
            "reason": "In sai tên sản phẩm",
            "product": {"name": {"vi": "Camera cổng ngoài trời"}, "models": ["C-1"]},
        },
    )
    case = f"/applications/{opened['application']}"
    review = {"recommendation": "grant", "reasons": "Đủ điều kiện"}
    office.program("reviewer").made(f"{case}/review", review)
    granted = office.program("decision-maker").made(f"{case}/decision", {"decision": "grant"})
    number = granted["certificate"]
    anybody = office.program()
    issued = anybody.read(f"/certificates/{number}")
    assert issued["replaces"] == former
    assert issued["product"]["name"]["vi"] == "Camera cổng ngoài trời"
    replaced = anybody.read(f"/verify?number={former}")["certificate"]
    assert (replaced["status"], replaced["replaced_by"]) == ("replaced", number)
    again = officer.post(
        f"/certificates/{former}/replace", {"ground": "other", "reason": "Lần nữa"}
    )
    problem(again, 409)
