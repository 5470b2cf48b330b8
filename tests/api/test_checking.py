"""Checking lists of certificates by the API: open to everybody, exact for each number."""

from registry.assessment.numbers import make
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services.certificates import withdraw_certificate
from registry.schema_fields import load
from tests.support.api import Office, fields_named

NEVER_GIVEN = str(make("VN", 2026, 987654))


def test_a_list_is_answered_number_by_number(office: Office) -> None:
    anyone = office.program()
    certificate = office.world.certificate()
    typed = [NEVER_GIVEN, certificate.number.lower(), "VN-2026-000001-99", "hello"]
    answer = anyone.post("/certificates/verify", {"numbers": typed})
    assert answer.status_code == 200
    assert answer.json is not None
    items = answer.json["items"]
    assert [item["typed"] for item in items] == typed
    assert [item["answer"] for item in items] == [
        "unknown",
        "in_force",
        "mistyped",
        "not_a_number",
    ]
    assert items[1]["number"] == certificate.number
    assert anyone.get(items[1]["href"].removeprefix("/api/v1")).status_code == 200
    assert answer.json["tally"] == dict.fromkeys(
        ["not_a_number", "mistyped", "unknown", "in_force"], 1
    )


def test_the_answer_is_of_the_day_asked(office: Office) -> None:
    certificate = office.world.certificate()
    world = office.world
    data = load(StatusChangeSchema(), {"effective_on": world.day(0), "reason": "Sai hồ sơ"})
    with office.registry.units(world.actor("officer")) as uow:
        withdraw_certificate(uow, certificate.number, data)
    anyone = office.program()
    body = {"numbers": [certificate.number]}
    now, before = (
        anyone.post(f"/certificates/verify{asked}", body).json
        for asked in ("", "?known=2020-01-01")
    )
    assert now is not None
    assert before is not None
    assert (now["items"][0]["answer"], now["items"][0]["reason"]) == ("withdrawn", "Sai hồ sơ")
    assert before["items"][0]["answer"] == "unknown"


def test_lists_that_cannot_be_checked_name_the_field(standing: Office) -> None:
    anyone = standing.program()
    for body, field in (
        ({"numbers": []}, "numbers"),
        ({"numbers": ["x"] * 10_001}, "numbers"),
        ({"numbers": [7]}, "numbers.0"),
        ({}, "numbers"),
    ):
        assert fields_named(anyone.post("/certificates/verify", body)) == [field]
