"""Checking lists of certificates by the API: open to everybody, exact for each number."""

from typing import Any

from registry.assessment.numbers import make
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services.certificates import withdraw_certificate
from registry.schema_fields import load
from tests.support import false_files
from tests.support.api import Office, fields_named
from tests.support.credentials import pdf_of, token_of

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


def send(office: Office, content: bytes, query: str = "", media: str = "application/pdf") -> Any:
    """Send a file as the body; the answer is checked against the API's document."""
    anyone = office.program()
    response = anyone.contract.app.test_client().post(
        f"/api/v1/certificates/verify-file{query}", data=content, content_type=media
    )
    anyone.contract.check(response)
    return response


def test_a_file_is_answered_with_all_that_was_found(office: Office) -> None:
    certificate = office.world.certificate()
    pdf = pdf_of(office.world, certificate.id)
    said = send(office, pdf).json
    assert (said["answer"], said["kind"], said["number"]) == ("in_force", "pdf", certificate.number)
    assert said["certificate"]["status"] == "in_force"
    assert said["journal"]["code"] == "included"
    assert said["signature"]["trial"] is True
    assert (said["version"], said["newest_version"]) == (1, 1)
    token = token_of(office.world, certificate.id).encode()
    assert send(office, token, media="application/vc+jwt").json["answer"] == "in_force"
    assert send(office, pdf, "?at=2020-01-01").json["answer"] == "not_yet_in_force"
    before = send(office, pdf, "?known=2020-01-01").json
    assert (before["answer"], before["certificate"]) == ("unknown", None)


def test_false_files_keep_to_the_document_too(office: Office) -> None:
    certificate = office.world.certificate()
    pdf = pdf_of(office.world, certificate.id)
    token = token_of(office.world, certificate.id)
    for content, answer in (
        (false_files.flipped(pdf), "altered"),
        (pdf + b"\n", "added_to"),
        (pdf[:-9], "truncated"),
        (false_files.unsigned(pdf), "unsigned"),
        (false_files.forged_token(token, issuer="did:web:evil.example").encode(), "altered"),
        (b"hello", "not_a_certificate"),
    ):
        assert send(office, content).json["answer"] == answer
    assert send(office, b"").status_code == 422
    assert send(office, pdf, media="image/png").status_code == 415
    assert send(office, pdf, "?at=x").status_code == 422
    assert send(office, b" " * (17 * 1024 * 1024)).status_code == 413
    for content in false_files.HOSTILE.values():
        assert send(office, content).status_code == 200
