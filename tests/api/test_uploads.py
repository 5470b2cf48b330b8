"""Files in pieces: declared, resumed, checked, known again, and nobody else's."""

import fcntl
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.assessment.models import Upload
from registry.assessment.services.judging import judge_waiting
from registry.config import MAX_REQUEST_BYTES
from registry.followers.uploads import follow
from tests.support.api import Office, Program, fields_named, problem
from tests.support.files import dcc, digest, pdf, png

PIECE = {"Content_Type": "application/partial-upload"}


def declared(program: Program, content: bytes, **changes: Any) -> TestResponse:
    body = {
        "sha256": digest(content),
        "size": len(content),
        "name": "báo cáo.pdf",
        "media_type": "application/pdf",
    }
    return program.post("/uploads", {**body, **changes})


def opened(program: Program, content: bytes) -> dict[str, Any]:
    answer = declared(program, content)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json or {}
    return found


def append(program: Program, path: str, piece: bytes, offset: int | str) -> TestResponse:
    return program.patch(path, piece, Upload_Offset=str(offset), **PIECE)


def sent(program: Program, content: bytes) -> dict[str, Any]:
    upload = opened(program, content)
    if upload["state"] == "open":
        answer = append(program, upload["href"], content, upload["offset"])
        assert answer.status_code == 200, answer.text
        upload = answer.json or {}
    assert upload["state"] == "complete"
    return upload


def test_a_file_in_three_pieces_after_a_broken_line(office: Office) -> None:
    laboratory = office.program("laboratory")
    content = pdf(b"<< /Note (%s) >>" % (b"x" * 1000))
    upload = opened(laboratory, content)
    assert (upload["offset"], upload["state"]) == (0, "open")
    first = append(laboratory, upload["href"], content[:400], 0)
    assert (first.json or {})["offset"] == 400
    assert first.headers["Upload-Complete"] == "?0"
    # The answer was lost: whoever asks again learns where to go on.
    asked = laboratory.contract.app.test_client().head(upload["href"], headers=laboratory.headers)
    assert asked.headers["Upload-Offset"] == "400"
    assert asked.headers["Upload-Length"] == str(len(content))
    assert asked.headers["Cache-Control"] == "no-store"
    assert asked.data == b""
    wrong = append(laboratory, upload["href"], content[:400], 0)
    assert problem(wrong, 409)
    assert wrong.headers["Upload-Offset"] == "400"
    assert opened(laboratory, content)["href"] == upload["href"]
    append(laboratory, upload["href"], content[400:800], 400)
    last = append(laboratory, upload["href"], content[800:], 800)
    assert (last.json or {})["state"] == "complete"
    assert (last.json or {})["media_type"] == "application/pdf"
    assert last.headers["Upload-Complete"] == "?1"
    problem(append(laboratory, upload["href"], b"more", len(content)), 409)


def test_a_file_that_was_sent_before_is_declared_once(office: Office) -> None:
    laboratory = office.program("laboratory")
    sent(laboratory, png())
    assert opened(laboratory, png())["state"] == "complete"
    # Whoever only knows the hash of somebody else's file has to send it.
    other = office.program("laboratory-kr")
    assert opened(other, png())["state"] == "open"
    report = office.world.report_data(attachments=[digest(png())])
    assert fields_named(other.post("/reports", report, Idempotency_Key="a")) == ["attachments.0"]


def test_a_report_names_its_files_and_the_parties_fetch_them(office: Office) -> None:
    laboratory = office.program("laboratory")
    upload = sent(laboratory, dcc())
    assert upload["certificate"]["identifier"] == "PTB-1"
    report = laboratory.reported(office.world.report_data(attachments=[upload["sha256"]]))
    [attached] = report["attachments"]
    assert attached["media_type"] == "application/xml"
    assert report["content"]["attachments"] == [upload["sha256"]]
    handed = laboratory.get(attached["href"])
    assert handed.data == dcc()
    assert handed.mimetype == "application/octet-stream"
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in handed.headers["Content-Security-Policy"]
    handed.close()
    office.program("officer").get(attached["href"]).close()
    problem(office.program("laboratory-kr").get(attached["href"]), 404)
    problem(office.program("business").get(attached["href"]), 404)
    entry = office.program().read(f"/journal?subject=report:{report['id']}&action=report.attach")
    [said] = entry["items"]
    assert said["data"] == {
        "sha256": upload["sha256"],
        "size": len(dcc()),
        "type": "application/xml",
    }
    assert "báo cáo" not in str(said)


def test_what_is_not_declared_well_is_named(office: Office) -> None:
    laboratory = office.program("laboratory")
    content = png()
    cases: list[tuple[dict[str, Any], str]] = [
        ({"sha256": "x"}, "sha256"),
        ({"sha256": digest(content)[:-1]}, "sha256"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": "12"}, "size"),
        ({"size": True}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": 64 * 1024 * 1024 + 1}, "size"),
        ({"size": 10**30}, "size"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"colour": "red"}, "colour"),
    ]
    for changes, field in cases:
        assert fields_named(declared(laboratory, content, **changes)) == [field], changes


def test_another_content_than_declared_starts_anew(office: Office) -> None:
    laboratory = office.program("laboratory")
    content = png()
    upload = opened(laboratory, content)
    other = bytes(len(content))
    assert fields_named(append(laboratory, upload["href"], other, 0)) == ["sha256"]
    assert laboratory.read(upload["href"])["offset"] == 0
    more = append(laboratory, upload["href"], content + b"x", 0)
    assert fields_named(more) == ["size"]
    assert sent(laboratory, content)["state"] == "complete"


def test_a_file_that_is_refused_stays_refused(office: Office) -> None:
    laboratory = office.program("laboratory")
    for content in (b"MZ\x90\x00", b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"%PDF-1.7\n"):
        upload = opened(laboratory, content)
        assert fields_named(append(laboratory, upload["href"], content, 0)) == ["file"]
        assert laboratory.read(upload["href"])["state"] == "refused"
        assert fields_named(declared(laboratory, content)) == ["file"]
        report = office.world.report_data(attachments=[digest(content)])
        refused = laboratory.post("/reports", report, Idempotency_Key=digest(content))
        assert fields_named(refused) == ["attachments.0"]


def test_pieces_that_are_no_pieces(office: Office) -> None:
    laboratory = office.program("laboratory")
    content = png()
    path = opened(laboratory, content)["href"]
    for offset in ("", "-1", "x", "1.0", "²", "9" * 40):
        assert fields_named(append(laboratory, path, content, offset)) == ["Upload-Offset"]
    problem(append(laboratory, path, content, 7), 409)
    problem(laboratory.patch(path, content, Upload_Offset="0", Content_Type="text/html"), 415)
    problem(append(laboratory, path, bytes(MAX_REQUEST_BYTES + 1), 0), 413)
    problem(append(laboratory, "/uploads/nothing-here", content, 0), 404)
    assert laboratory.read(path)["offset"] == 0


def test_an_upload_is_its_laboratorys_own(office: Office) -> None:
    path = opened(office.program("laboratory"), png())["href"]
    other = office.program("laboratory-kr")
    problem(other.get(path), 404)
    problem(append(other, path, png(), 0), 404)
    problem(office.program("business").get(path), 404)
    problem(office.program("officer").get(path), 403)
    problem(office.program().get(path), 401)


def test_unfinished_and_unused_uploads_expire(office: Office) -> None:
    laboratory = office.program("laboratory")
    unfinished = opened(laboratory, pdf())["href"]
    append(laboratory, unfinished, pdf()[:10], 0)
    unused = sent(laboratory, png())["href"]
    used = sent(laboratory, dcc())
    report = laboratory.reported(office.world.report_data(attachments=[used["sha256"]]))
    follow(office.registry)
    assert laboratory.get(unused).status_code == 200
    office.registry.clock.instant += timedelta(days=8)  # type: ignore[attr-defined]
    laboratory = office.program("laboratory")
    follow(office.registry)
    for path in (unfinished, unused, used["href"]):
        problem(laboratory.get(path), 404)
    settings = office.registry.settings
    assert list(settings.uploads_dir.iterdir()) == []
    kept = [path.name for path in settings.attachments_dir.rglob("*") if path.is_file()]
    assert kept == [used["sha256"]]
    laboratory.get(report["attachments"][0]["href"]).close()
    # Part of a report already: it need not be sent again.
    assert opened(laboratory, dcc())["state"] == "complete"


def test_a_report_whose_file_expired_before_it_was_judged_comes_back(office: Office) -> None:
    laboratory = office.program("laboratory")
    upload = sent(laboratory, png())
    request = laboratory.sent(office.world.report_data(attachments=[upload["sha256"]]))
    office.registry.clock.instant += timedelta(days=8)  # type: ignore[attr-defined]
    follow(office.registry)
    judge_waiting(office.registry.units)
    answer = office.program("laboratory").read(request["href"])
    assert answer["status"] == "returned"
    assert answer["problems"][0]["field"] == "attachments.0"


def test_only_so_many_are_open_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.assessment.intake.uploads.MOST_OPEN", 2)
    laboratory = office.program("laboratory")
    for content in (b"a", b"b"):
        opened(laboratory, content)
    problem(declared(laboratory, b"c"), 409)


def test_two_pieces_at_once(office: Office) -> None:
    laboratory = office.program("laboratory")
    path = opened(laboratory, png())["href"]
    append(laboratory, path, png()[:5], 0)
    with office.registry.units.reading() as session:
        upload = session.scalars(select(Upload)).one()
    part = office.registry.settings.uploads_dir / f"{upload.id}-{upload.sha256}"
    with part.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        problem(append(laboratory, path, png()[5:], 5), 503)
