"""Reports written step by step: what was typed is kept, whatever it is."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from registry.assessment.models import Report, ReportDraft
from registry.container import Registry
from tests.support.assessment import World
from tests.support.files import png
from tests.support.visitors import csrf_token, sign_in

ENGLISH = {"Accept-Language": "en"}


class Laboratory:
    """A person of a demonstration laboratory at a browser."""

    def __init__(self, app: Flask, world: World, name: str = "laboratory") -> None:
        from registry.accounts.queries import user_by_email  # noqa: PLC0415
        from registry.assessment.demo import email  # noqa: PLC0415

        self.client: FlaskClient = app.test_client()
        with world.registry.units.reading() as session:
            user = user_by_email(session, email(name))
        sign_in(self.client, world.registry, user)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=ENGLISH)

    def send(self, path: str, fields: dict[str, Any], page: str | None = None) -> TestResponse:
        token = csrf_token(self.get(page or path).text)
        return self.client.post(path, data={"csrf_token": token, **fields}, headers=ENGLISH)

    def start(self, number: str) -> str:
        """Begin a draft and return the address of its first step without its name."""
        sent = self.send(f"/workspace/applications/{number}/reports/new", {})
        assert sent.status_code == 303, sent.text
        return sent.location.removesuffix("/report")


@pytest.fixture
def world(showcase: Registry) -> World:
    return World(showcase)


@pytest.fixture
def laboratory(showcase_app: Flask, world: World) -> Laboratory:
    return Laboratory(showcase_app, world)


def head(world: World, **changes: Any) -> dict[str, Any]:
    data = world.report_data()
    fields = {
        name: value
        for name, value in data.items()
        if name not in ("results", "item", "regulation", "relates_only_to_items")
    }
    return {
        **fields,
        **{f"item.{name}": value for name, value in data["item"].items()},
        "relates_only_to_items": "1",
        "result_type": "test_report",
        **changes,
    }


def line(world: World, row: int = 0, **changes: Any) -> dict[str, Any]:
    return {f"results.{row}.{name}": value for name, value in world.result(**changes).items()}


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, page
    return found[1]


def reports(world: World) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def test_a_report_goes_through_its_four_steps(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    before = reports(world)
    first = laboratory.send(f"{at}/report", head(world))
    assert first.location == f"{at}/results"
    second = laboratory.send(f"{at}/results", line(world))
    assert second.location == f"{at}/attachments"
    check = laboratory.get(f"{at}/check").text
    assert "Submitted today, it would be accepted" in check
    assert check.count('class="condition ') >= 8
    assert reports(world) == before
    sent = laboratory.send(f"{at}/submit", {"version": version_on(check)}, page=f"{at}/check")
    assert sent.status_code == 303
    assert "The report is accepted" in laboratory.get(sent.location).text
    assert reports(world) == before + 1


def test_a_second_click_finds_the_report_of_the_first(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    laboratory.send(f"{at}/report", head(world))
    laboratory.send(f"{at}/results", line(world))
    page = laboratory.get(f"{at}/check").text
    fields = {"csrf_token": csrf_token(page), "version": version_on(page)}
    first = laboratory.client.post(f"{at}/submit", data=fields)
    before = reports(world)
    again = laboratory.client.post(f"{at}/submit", data=fields)
    assert first.location == again.location
    assert reports(world) == before
    assert laboratory.get(f"{at}/report").location == first.location
    refused = laboratory.client.post(f"{at}/report", data={**fields, "number": "late"})
    assert refused.status_code == 409


def test_what_is_wrong_is_kept_and_named(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    assert "field-error" not in laboratory.get(f"{at}/report").text
    laboratory.send(f"{at}/report", head(world, issued_on="yesterday"))
    page = laboratory.get(f"{at}/report").text
    assert 'value="yesterday"' in page
    assert "Write the date as year-month-day" in page
    laboratory.send(f"{at}/results", line(world, 0) | line(world, 3, value="9,9"))
    page = laboratory.get(f"{at}/results").text
    assert 'value="9,9"' in page
    assert "Test 2, Measured value" in page
    check = laboratory.get(f"{at}/check").text
    assert "Submit the report" not in check
    assert f"{at}/results#field-results-1-value" in check


def test_a_line_more_keeps_what_was_typed(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    more = laboratory.send(f"{at}/results", {**line(world, value="312.00"), "more": "1"})
    page = laboratory.get(more.location.partition("#")[0]).text
    assert 'name="results.0.value" aria' in page or 'value="312.00"' in page
    method = re.search(r'name="results.1.method"[^>]*value="([^"]*)"', page)
    assert method is not None
    assert method[1] == world.result()["method"]
    fewer = laboratory.send(f"{at}/results", {**line(world, value="312.00"), "remove": "0"})
    assert "312.00" not in laboratory.get(fewer.location).text


def test_of_two_windows_neither_loses_a_word(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    version = version_on(laboratory.get(f"{at}/report").text)
    laboratory.send(f"{at}/report", head(world, title="From the desk", version=version))
    late = laboratory.send(f"{at}/report", head(world, title="From the phone", version=version))
    assert late.status_code == 412
    assert "From the desk" in late.text
    assert 'value="From the phone"' in late.text
    assert "From the desk" in laboratory.get(f"{at}/report").text
    again = laboratory.send(
        f"{at}/report",
        head(world, title="From the phone", version=version_on(late.text)),
    )
    assert again.status_code == 303
    assert "From the phone" in laboratory.get(f"{at}/report").text


def test_drafts_are_listed_with_their_age_and_deleted(
    laboratory: Laboratory, world: World, showcase: Registry, showcase_app: Flask
) -> None:
    number = world.apply().number
    at = laboratory.start(number)
    laboratory.send(f"{at}/report", {"number": "TN-LATER"})
    showcase.clock.instant += timedelta(days=3)  # type: ignore[attr-defined]
    elsewhere = Laboratory(showcase_app, world)
    listed = elsewhere.get("/workspace/reports").text
    assert "TN-LATER" in listed
    assert "3 days ago" in listed
    assert "TN-LATER" in elsewhere.get(f"/workspace/applications/{number}/reports/new").text
    assert elsewhere.send(f"{at}/delete", {}, page=f"{at}/report").status_code == 303
    assert "TN-LATER" not in elsewhere.get("/workspace/reports").text
    assert elsewhere.get(f"{at}/report").status_code == 404


def test_a_draft_is_its_laboratorys_own(
    laboratory: Laboratory, world: World, showcase_app: Flask
) -> None:
    at = laboratory.start(world.apply().number)
    other = Laboratory(showcase_app, world, "laboratory-kr")
    assert other.get(f"{at}/report").status_code == 404
    for path in ("report", "results", "attachments", "submit", "delete"):
        sent = other.send(f"{at}/{path}", {"number": "x"}, page="/workspace/reports")
        assert sent.status_code == 404, path


@pytest.mark.parametrize(
    "fields",
    [
        {"results.x.value": "1", "results.999999999.value": "2"},
        {"results.²": "1", "results.1.value": "2"},
        {"results.0": "1", "results.1.value.x.y": "2"},
        {"results": "x", "results.0.value": "1"},
        {"results.0.value": "\x00"},
        {"item": "x", "not_applicable.0.x": "h", "number": "x"},
        {"item.description.x": "x", "number.x": "1", "relates_only_to_items": "maybe"},
    ],
)
def test_invented_field_names_do_no_harm(
    laboratory: Laboratory, world: World, fields: dict[str, str]
) -> None:
    at = laboratory.start(world.apply().number)
    for step in ("report", "results"):
        assert laboratory.send(f"{at}/{step}", fields).status_code == 303
        for shown in ("report", "results", "attachments", "check"):
            assert laboratory.get(f"{at}/{shown}").status_code == 200
        assert laboratory.get("/workspace/reports").status_code == 200
        assert laboratory.send(f"{at}/submit", {}, page=f"{at}/report").status_code == 422


def test_a_report_without_an_application(laboratory: Laboratory, world: World) -> None:
    sent = laboratory.send("/workspace/reports/drafts", {}, page="/workspace/reports")
    at = sent.location.removesuffix("/report")
    laboratory.send(f"{at}/report", head(world, regulation="qcvn 135: 2024/btttt"))
    laboratory.send(f"{at}/results", line(world))
    assert "Submitted today, it would be accepted" in laboratory.get(f"{at}/check").text


def test_a_contradiction_shows_before_anything_is_recorded(
    laboratory: Laboratory, world: World
) -> None:
    at = laboratory.start(world.apply().number)
    laboratory.send(f"{at}/report", head(world))
    laboratory.send(f"{at}/results", line(world, value="300.5"))
    check = laboratory.get(f"{at}/check").text
    assert "1 statement contradicts its own numbers" in check
    assert "it would be refused" in check


def test_a_file_is_attached_shown_and_handed_to_the_parties_only(
    laboratory: Laboratory, world: World, showcase_app: Flask
) -> None:
    number = world.apply().number
    at = laboratory.start(number)
    laboratory.send(f"{at}/report", head(world))
    laboratory.send(f"{at}/results", line(world))
    wrong = laboratory.send(f"{at}/attachments", {"file": (io.BytesIO(b"MZ"), "x.exe")})
    assert wrong.status_code == 422
    assert "This is not a PDF, XML, PNG or JPEG file" in wrong.text
    none = laboratory.send(f"{at}/attachments", {})
    assert "Choose a file first." in none.text
    for _ in range(2):
        sent = laboratory.send(
            f"{at}/attachments", {"file": (io.BytesIO(png()), "C:\\ảnh <b>.png")}
        )
        assert sent.status_code == 303
    page = laboratory.get(f"{at}/attachments").text
    assert page.count("ảnh &lt;b&gt;.png") == 2  # Named once, and on the button that drops it.
    done = laboratory.send(f"{at}/submit", {}, page=f"{at}/check")
    report = laboratory.get(done.location).text
    path = re.search(r'href="(/workspace/reports/\d+/attachments/[0-9a-f]{64})"', report)
    assert path is not None
    handed = laboratory.get(path[1])
    assert handed.data == png()
    assert handed.headers["Content-Disposition"].startswith("attachment")
    assert handed.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in handed.headers["Content-Security-Policy"]
    handed.close()
    applicant = Laboratory(showcase_app, world, "business").get(path[1])
    assert applicant.status_code == 200
    applicant.close()
    assert Laboratory(showcase_app, world, "laboratory-kr").get(path[1]).status_code == 404
    with world.registry.units.reading() as session:
        assert session.scalars(select(ReportDraft)).one().content == {"number": "TN-1"}


def test_a_file_is_dropped_again(laboratory: Laboratory, world: World) -> None:
    at = laboratory.start(world.apply().number)
    laboratory.send(f"{at}/attachments", {"file": (io.BytesIO(png()), "a.png")})
    page = laboratory.get(f"{at}/attachments").text
    found = re.search(r'name="remove" value="([0-9a-f]{64})"', page)
    assert found is not None
    laboratory.send(f"{at}/attachments", {"remove": found[1]})
    assert "No file yet" in laboratory.get(f"{at}/attachments").text


class TestFiles:
    def upload(self, laboratory: Laboratory, content: bytes, name: str = "f.csv") -> TestResponse:
        return laboratory.send("/workspace/reports/files", {"file": (io.BytesIO(content), name)})

    def rows(self, world: World, *values: str) -> bytes:
        heading = "number;regulation;issued_on;results.characteristic;results.value;results.unit"
        lines = [
            f"S-{place};QCVN 135:2024/BTTTT;{world.day(-7)};Khóa;{value};s"
            for place, value in enumerate(values)
        ]
        return "\n".join([heading, *lines]).encode()

    def test_every_bad_cell_is_shown_and_the_good_reports_go(
        self, laboratory: Laboratory, world: World
    ) -> None:
        before = reports(world)
        at = self.upload(laboratory, self.rows(world, "312,5", "1,234")).location
        page = laboratory.get(at).text
        assert "Is the comma a decimal mark?" in page
        assert "Measured value (m)" in page
        assert "ready to be submitted" in page
        refused = laboratory.send(at, {"choice": "all"})
        assert refused.status_code == 422
        assert reports(world) == before
        sent = laboratory.send(at, {"choice": "good"})
        assert "submitted" in laboratory.get(sent.location).text
        assert reports(world) == before + 1
        again = laboratory.send(at, {"choice": "good"})
        assert again.status_code == 303
        assert reports(world) == before + 1
        draft = re.search(r"/workspace/reports/drafts/\d+/check", laboratory.get(at).text)
        assert draft is not None
        assert "1,234" in laboratory.get(draft.group()).text

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a;b\n1;2"])
    def test_what_is_no_template_is_said(self, laboratory: Laboratory, content: bytes) -> None:
        answer = self.upload(laboratory, content)
        assert answer.status_code == 422
        assert "field-error" in answer.text

    def test_a_file_is_its_laboratorys_own(
        self, laboratory: Laboratory, world: World, showcase_app: Flask
    ) -> None:
        at = self.upload(laboratory, self.rows(world, "1")).location
        other = Laboratory(showcase_app, world, "laboratory-kr")
        assert other.get(at).status_code == 404
        sent = other.send(at, {"choice": "good"}, page="/workspace/reports")
        assert sent.status_code == 404

    def test_the_template_knows_what_the_register_knows(
        self, laboratory: Laboratory, world: World
    ) -> None:
        number = world.apply().number
        for form in ("csv", "xlsx"):
            path = f"/workspace/reports/template.{form}"
            answer = laboratory.get(f"{path}?application={number}")
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
            sent = self.upload(laboratory, answer.data, f"t.{form}")
            page = laboratory.get(sent.location).text
            assert "without a number yet" in page
            assert laboratory.get(f"{path}?application=HS-1").status_code == 404
        assert number in laboratory.get(f"{path[:-4]}csv?application={number}").text
