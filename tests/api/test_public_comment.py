"""Public comment by API: open, comment, answer, propose."""

from datetime import timedelta

from registry.clock import FixedClock
from tests.api.test_story import EDITION
from tests.support.api import Office, fields_named, problem

COMMENT = {"clause": "7", "type": "ge", "comment": "Phạm vi quá rộng"}


def test_programs_comment_on_a_draft(office: Office, clock: FixedClock) -> None:
    editor, reader, anyone = office.person("editor"), office.person("officer"), office.program()
    draft = editor.made("/editions", EDITION)
    problem(anyone.get(f"{draft['href']}/comments"), 404)
    opened = editor.made(f"{draft['href']}/open-comment", {"last_day": "2026-12-01"})
    assert (opened["state"], opened["stage"], opened["status"]) == (
        "public-comment",
        "40.20",
        "public-comment",
    )
    address = f"{draft['href']}/comments"
    made = reader.made(address, COMMENT)
    assert (made["number"], made["answer"]) == (1, None)
    problem(reader.post(address, COMMENT), 409)
    problem(anyone.post(address, COMMENT), 401)
    assert fields_named(reader.post(address, {**COMMENT, "type": "xx"})) == ["type"]
    reply = {"outcome": "rejected", "observation": "Giữ nguyên"}
    problem(reader.post(f"{address}/1/answer", reply), 403)
    assert editor.made(f"{address}/1/answer", reply)["answer"]["outcome"] == "rejected"
    shown = anyone.read(f"{address}?at=2026-11-30")
    assert (shown["open"], shown["days_left"], len(shown["items"])) == (True, 2, 1)
    problem(editor.post(f"{draft['href']}/submit"), 409)
    longer = {"last_day": "2026-12-05", "reason": "Đề nghị của bộ"}
    editor.made(f"{draft['href']}/extend-comment", longer)
    clock.instant += timedelta(days=16)
    assert editor.made(f"{draft['href']}/close-comment")["stage"] == "40.60"
    assert editor.made(f"{draft['href']}/submit")["state"] == "proposed"


def test_programs_confirm_and_end_a_part(office: Office) -> None:
    editor, approver = office.person("editor"), office.person("approver")
    draft = editor.made("/editions", EDITION)
    address = draft["href"]
    part = {"part": "2.3", "first_day": "2026-03-01", "reason": "Thông tư mới"}
    problem(approver.post(f"{address}/end-part", part), 409)
    editor.made(f"{address}/submit")
    approver.made(f"{address}/approve")
    assert approver.made(f"{address}/confirm", {"reason": "Còn phù hợp"})["stage"] == "90.93"
    problem(editor.post(f"{address}/end-part", part), 403)
    ended = approver.made(f"{address}/end-part", part)
    assert (ended["status"], ended["status_since"]) == ("in-force-in-part", "2026-03-01")
    assert ended["parts_ended"][0]["part"] == "2.3"
    early = {**part, "first_day": "2025-12-31"}
    assert fields_named(approver.post(f"{address}/end-part", early)) == ["first_day"]
