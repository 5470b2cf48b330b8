"""What an officer ends or puts right by pages, and the documents that parties fetch."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.queries import user_by_email
from registry.app import create_app
from registry.assessment.demo import email
from registry.assessment.models import Accreditation, Body, Task, TaskRecord
from registry.assessment.queries.arrangements import ArrangementFacts, arrangement_facts
from registry.assessment.queries.bodies import AccreditationFacts, accreditations_of
from registry.clock import FixedClock
from registry.container import Registry
from registry.history import AsOf, known
from tests.support.assessment import World
from tests.support.visitors import csrf_token, sign_in

BODY = "demo-laboratory"
ADMIN = f"/workspace/bodies/{BODY}"


@pytest.fixture
def world(showcase: Registry) -> World:
    """Return the demonstration's people on the register of these tests."""
    return World(showcase)


@pytest.fixture
def app(showcase: Registry) -> Flask:
    """Return the application on ``showcase``."""
    return create_app(showcase, testing=True)


def person(app: Flask, world: World, name: str) -> FlaskClient:
    client = app.test_client()
    with world.registry.units.reading() as session:
        user = user_by_email(session, email(name))
    sign_in(client, world.registry, user)
    return client


def accreditation(world: World) -> AccreditationFacts:
    with world.registry.units.reading() as session:
        body_id = session.scalars(
            select(Accreditation.body_id)
            .join(Body, Body.id == Accreditation.body_id)
            .where(Body.slug == BODY)
        ).one()
        (found,) = accreditations_of(session, body_id, AsOf(world.today))
    return found


def send(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    """Send the form at ``path`` as its page gave it, with ``fields``."""
    page = client.get(f"{path}?lang=en").text
    version = re.search(r'name="version" value="(\d+)"', page)
    form = {"csrf_token": csrf_token(page), **fields}
    if version:
        form["version"] = version[1]
    response = client.post(f"{path}?lang=en", data=form)
    return response.status_code, response.text


class TestEndOfRegistration:
    def test_preview_then_end_then_everybody_reads_it(
        self, app: Flask, world: World, clock: FixedClock
    ) -> None:
        certificate = world.certificate()
        clock.instant += timedelta(days=1)
        officer, path = person(app, world, "officer"), f"{ADMIN}/withdraw"
        fields = {"effective_on": world.day(-20), "reason": "Tự xin chấm dứt"}
        status, preview = send(officer, path, **fields)
        assert status == 200
        assert "Nothing is recorded yet" in preview
        assert certificate.number in preview
        public = f"/bodies/{BODY}?lang=en"
        anyone = app.test_client()
        assert "No longer registered" not in anyone.get(public).text

        status, _ = send(officer, path, **fields, confirmed="1")
        assert status == 303
        page = anyone.get(public).text
        assert "No longer registered" in page
        assert "Tự xin chấm dứt" in page
        before = anyone.get(f"{public}&at={world.day(-30)}").text
        assert "Registered until" in before
        yesterday = anyone.get(f"{public}&known={world.day(-1)}")
        assert yesterday.status_code == 200
        assert "Tự xin chấm dứt" not in yesterday.text
        with world.registry.units.reading() as session:
            states = session.scalars(select(TaskRecord.state).where(known(TaskRecord))).all()
        assert "open" in states

    def test_a_reason_is_asked_for_and_a_second_end_refused(self, app: Flask, world: World) -> None:
        officer, path = person(app, world, "officer"), f"{ADMIN}/withdraw"
        assert send(officer, path, effective_on=world.day(0))[0] == 422
        ended = {"effective_on": world.day(0), "reason": "x", "confirmed": "1"}
        assert send(officer, path, **ended)[0] == 303
        status, page = send(officer, path, **ended)
        assert status == 422
        assert "ends before this day already" in page

    def test_an_end_recorded_in_error_is_taken_back(
        self, app: Flask, world: World, clock: FixedClock
    ) -> None:
        world.certificate()
        clock.instant += timedelta(days=1)
        officer, path = person(app, world, "officer"), f"{ADMIN}/correct"
        ended = {"effective_on": world.day(-20), "reason": "x", "confirmed": "1"}
        assert send(officer, f"{ADMIN}/withdraw", **ended)[0] == 303
        assert "open" in self.states(world)
        form = officer.get(f"{path}?lang=en").text
        assert f'value="{world.day(-21)}"' in form
        fields = {"kinds": "testing_laboratory", "valid_from": "2025-01-01", "valid_until": ""}
        assert send(officer, path, **fields)[0] == 422
        assert send(officer, path, **fields, reason="Nhầm tổ chức")[0] == 303
        public = app.test_client().get(f"/bodies/{BODY}?lang=en").text
        assert "No longer registered" not in public
        assert "Registered until" not in public
        assert self.states(world) == {"closed"}
        status, page = send(officer, path, **fields, reason="Nữa")
        assert status == 422
        assert "The register says this already" in page

    def test_another_last_day_opens_the_tasks_of_that_day(self, app: Flask, world: World) -> None:
        world.certificate()
        officer, path = person(app, world, "officer"), f"{ADMIN}/correct"
        fields = {"kinds": "testing_laboratory", "valid_from": "2025-01-01", "reason": "Ngày đúng"}
        assert send(officer, path, **fields, valid_until=world.day(-20))[0] == 303
        assert self.states(world) == {"open"}
        assert "Ngày đúng" in app.test_client().get(f"/bodies/{BODY}?lang=en").text
        assert send(officer, path, **fields, valid_until=world.day(300))[0] == 303
        assert "closed" in self.states(world)

    def test_an_accreditation_body_that_accredits_remains_one(
        self, app: Flask, world: World
    ) -> None:
        officer = person(app, world, "officer")
        path = "/workspace/bodies/demo-accreditor/correct"
        status, page = send(officer, path, kinds="testing_laboratory", reason="Nhầm loại")
        assert status == 422
        assert "Accreditations by this body are recorded" in page
        assert "Nhầm loại" in page

    def states(self, world: World) -> set[str]:
        with world.registry.units.reading() as session:
            return set(session.scalars(select(TaskRecord.state).where(known(TaskRecord))))


class TestCorrection:
    def test_a_mistyped_number_is_corrected_and_the_past_stays(
        self, app: Flask, world: World, clock: FixedClock
    ) -> None:
        clock.instant += timedelta(days=1)
        facts, officer = accreditation(world), person(app, world, "officer")
        path = f"{ADMIN}/accreditations/{facts.record.accreditation_id}/correct"
        page = officer.get(f"{path}?lang=en").text
        assert f'value="{facts.record.number}"' in page
        fields = {
            "accreditor": facts.accreditor.body.slug,
            "standard": facts.record.standard,
            "number": "DEMO-LAB 007",
            "valid_from": facts.record.valid_from.isoformat(),
            "valid_until": "",
            "source": "",
        }
        assert send(officer, path, **fields)[0] == 422
        assert send(officer, path, **fields, reason="Gõ nhầm số")[0] == 303
        public = app.test_client().get(f"/bodies/{BODY}")
        assert "DEMO-LAB 007" in public.text
        past = app.test_client().get(f"/bodies/{BODY}?known={world.day(-1)}")
        assert facts.record.number in past.text
        assert "DEMO-LAB 007" not in past.text

    def test_a_stale_form_is_refused(self, app: Flask, world: World) -> None:
        facts, officer = accreditation(world), person(app, world, "officer")
        path = f"{ADMIN}/accreditations/{facts.record.accreditation_id}/correct"
        token = csrf_token(officer.get(path).text)
        form = {
            "csrf_token": token,
            "version": "1",
            "accreditor": facts.accreditor.body.slug,
            "standard": facts.record.standard,
            "number": "X 1",
            "valid_from": facts.record.valid_from.isoformat(),
            "reason": "x",
        }
        assert officer.post(path, data=form).status_code == 412


class TestRetraction:
    def test_the_last_event_is_taken_back_and_its_tasks_closed(
        self, app: Flask, world: World
    ) -> None:
        world.certificate()
        facts, officer = accreditation(world), person(app, world, "officer")
        one = f"{ADMIN}/accreditations/{facts.record.accreditation_id}"
        assert officer.get(f"{one}/events/retract").status_code == 404
        event = {"kind": "suspended", "effective_on": world.day(-20), "reason": "Nhầm"}
        assert send(officer, f"{one}/events/new", **event, confirmed="1")[0] == 303
        assert "/events/retract" in officer.get(ADMIN).text
        assert accreditation(world).status.key == "suspended"
        assert send(officer, f"{one}/events/retract")[0] == 422
        assert send(officer, f"{one}/events/retract", reason="Nhầm tổ chức")[0] == 303
        assert accreditation(world).status.key == facts.status.key
        with world.registry.units.reading() as session:
            states = session.scalars(select(TaskRecord.state).where(known(TaskRecord))).all()
        assert set(states) == {"closed"}


class TestDocuments:
    def test_the_statement_is_for_its_parties_and_drawn_once(
        self, app: Flask, world: World
    ) -> None:
        made = world.report()
        path = f"/workspace/reports/{made.report.id}.pdf"
        laboratory = person(app, world, "laboratory")
        assert path in laboratory.get(f"/workspace/reports/{made.report.id}").text
        answer = laboratory.get(path)
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-1.7")
        again = laboratory.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert person(app, world, "laboratory-kr").get(path).status_code == 404
        assert app.test_client().get(path).status_code == 302

    def test_the_refusal_is_linked_from_the_application(self, app: Flask, world: World) -> None:
        application = world.reviewed()
        business = person(app, world, "business")
        path = f"/workspace/applications/{application.number}/refusal.pdf"
        assert business.get(path).status_code == 404
        world.decide(application.number, decision="refuse", reasons="Mẫu không đúng kiểu.")
        assert path in business.get(f"/workspace/applications/{application.number}").text
        assert business.get(path).data.startswith(b"%PDF-1.7")
        assert person(app, world, "laboratory").get(path).status_code == 404


class TestArrangements:
    SLUG = "demonstration-mutual-recognition-arrangement-viet-nam-repub"
    PATH = f"/workspace/arrangements/{SLUG}/correct"

    def fields(self, client: FlaskClient) -> dict[str, str]:
        """Return what the form shows, as it would be sent back."""
        page = client.get(f"{self.PATH}?lang=en").text
        main = page[page.index("<main") :]
        shown = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', main)
        chosen = re.findall(
            r'<select[^>]* name="([^"]+)"(?:(?!</select>).)*?value="([^"]*)" selected', main, re.S
        )
        sent = {name: html.unescape(value) for name, value in [*shown, *chosen]}
        return {
            name: value for name, value in sent.items() if name not in ("csrf_token", "version")
        }

    def listed_tasks(self, world: World) -> set[tuple[str, str]]:
        with world.registry.units.reading() as session:
            rows = session.execute(
                select(Task.cause_kind, TaskRecord.state)
                .join(TaskRecord, TaskRecord.task_id == Task.id)
                .where(known(TaskRecord))
            )
            return {(kind, state) for kind, state in rows}

    def test_an_arrangement_ends_and_its_end_is_taken_back(
        self, app: Flask, world: World, clock: FixedClock
    ) -> None:
        world.report("laboratory-kr", number="KR-1")
        clock.instant += timedelta(days=1)
        officer = person(app, world, "officer")
        fields = self.fields(officer)
        assert {fields["parties.0.economy"], fields["parties.1.economy"]} == {"VN", "KR"}
        assert send(officer, self.PATH, **fields)[0] == 422
        unchanged = send(officer, self.PATH, **fields, reason="Không đổi gì")
        assert unchanged[0] == 422
        assert "The register says this already" in unchanged[1]
        assert "Không đổi gì" in unchanged[1]
        ended = {**fields, "valid_until": world.day(-30), "reason": "Chấm dứt theo Điều 12"}
        assert send(officer, self.PATH, **ended)[0] == 303
        assert self.listed_tasks(world) == {("arrangement-ended", "open")}
        facts = self.facts(world, AsOf(world.today))
        assert not facts.in_force
        again = {**fields, "reason": "Nhầm thỏa thuận"}
        assert send(officer, self.PATH, **again)[0] == 303
        assert self.listed_tasks(world) == {("arrangement-ended", "closed")}
        assert self.facts(world, AsOf(world.today)).in_force

    def facts(self, world: World, as_of: AsOf) -> ArrangementFacts:
        with world.registry.units.reading() as session:
            return arrangement_facts(session, self.SLUG, as_of)
