"""The officers' desk, surveillance, notices and webhooks as their readers see them."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from registry.accounts.queries import user_by_email
from registry.app import create_app
from registry.assessment.demo import email
from registry.assessment.models import Accreditation, Body, Certificate, Task, TaskRecord
from registry.container import Registry
from registry.history import known
from registry.notices.models import WebhookEndpoint
from registry.notices.services.following import follow_notices
from tests.support.assessment import World
from tests.support.visitors import csrf_token, sign_in


@pytest.fixture
def world(showcase: Registry) -> World:
    """Return the demonstration's people on the register of these tests."""
    return World(showcase)


@pytest.fixture
def app(showcase: Registry) -> Flask:
    """Return the application on ``showcase``."""
    return create_app(showcase, testing=True)


def person(app: Flask, world: World, name: str) -> FlaskClient:
    """Return a client signed in as the demonstration person ``name``."""
    client = app.test_client()
    with world.registry.units.reading() as session:
        user = user_by_email(session, email(name))
    sign_in(client, world.registry, user)
    return client


def laboratory_accreditation(world: World) -> int:
    with world.registry.units.reading() as session:
        return session.scalars(
            select(Accreditation.id)
            .join(Body, Body.id == Accreditation.body_id)
            .where(Body.slug == "demo-laboratory")
        ).one()


def states(world: World) -> list[str]:
    with world.registry.units.reading() as session:
        return list(session.scalars(select(TaskRecord.state).where(known(TaskRecord))))


class TestSuspension:
    def send(self, client: FlaskClient, path: str, **more: str) -> str:
        token = csrf_token(client.get(f"{path}?lang=en").text)
        version = re.search(r'name="version" value="(\d+)"', client.get(path).text)
        assert version
        form = {"csrf_token": token, "version": version[1], "reason": "Không đạt", **more}
        response = client.post(f"{path}?lang=en", data=form)
        assert response.status_code in (200, 303), response.text
        return response.text

    def test_what_depends_is_shown_before_anything_is_recorded(
        self, app: Flask, world: World
    ) -> None:
        certificate = world.certificate()
        number = laboratory_accreditation(world)
        path = f"/workspace/bodies/demo-laboratory/accreditations/{number}/events/new"
        officer = person(app, world, "officer")
        event = {"kind": "suspended", "effective_on": world.day(-20)}
        preview = self.send(officer, path, **event)
        assert "Nothing is recorded yet" in preview
        assert certificate.number in preview
        assert states(world) == []
        self.send(officer, path, **event, confirmed="1")
        opened = states(world)
        assert opened
        assert set(opened) == {"open"}
        assert preview.count('<th scope="row">') == len(opened)

    def test_an_event_that_takes_nothing_away_needs_no_preview(
        self, app: Flask, world: World
    ) -> None:
        number = laboratory_accreditation(world)
        path = f"/workspace/bodies/demo-laboratory/accreditations/{number}/events/new"
        answer = self.send(
            person(app, world, "officer"), path, kind="extended", effective_on=world.day(0)
        )
        assert "Nothing is recorded yet" not in answer


class TestDesk:
    @pytest.fixture
    def tasks(self, app: Flask, world: World) -> list[str]:
        """Suspend the laboratory; return the rows of its tasks as the page sends them."""
        world.certificate()
        number = laboratory_accreditation(world)
        path = f"/workspace/bodies/demo-laboratory/accreditations/{number}/events/new"
        TestSuspension().send(
            person(app, world, "officer"),
            path,
            kind="suspended",
            effective_on=world.day(-20),
            confirmed="1",
        )
        page = person(app, world, "officer").get("/workspace/desk?kind=task").text
        return re.findall(r'name="rows" value="(task:\d+@\d+)"', page)

    def act(self, client: FlaskClient, rows: list[str], **more: str) -> str:
        token = csrf_token(client.get("/workspace/desk").text)
        form = {"csrf_token": token, "rows": rows, **more}
        return client.post("/workspace/desk?lang=en", data=form).text

    def test_rows_say_why_they_are_urgent(self, app: Flask, world: World, tasks: list[str]) -> None:
        assert tasks
        page = person(app, world, "officer").get("/workspace/desk?lang=en").text
        assert "Rests on what is suspended, withdrawn or over" in page
        assert "With nobody" in page

    def test_an_action_is_rehearsed_then_confirmed_and_again_changes_nothing(
        self, app: Flask, world: World, tasks: list[str]
    ) -> None:
        officer = person(app, world, "officer")
        rehearsed = self.act(officer, tasks, action="finish", reason="Đã xem")
        assert rehearsed.count("<span>Works</span>") == len(tasks)
        assert set(states(world)) == {"open"}
        done = self.act(officer, tasks, action="finish", reason="Đã xem", confirmed="1")
        assert done.count("<span>Done</span>") == len(tasks)
        again = self.act(officer, tasks, action="finish", reason="Đã xem", confirmed="1")
        assert again.count("Done already") == len(tasks)
        assert states(world).count("done") == len(tasks)

    def test_each_row_has_its_own_result(self, app: Flask, world: World, tasks: list[str]) -> None:
        rows = [tasks[0], "task:999999@1", "certificate:1@1", f"{tasks[1].split('@')[0]}@1"]
        answer = self.act(
            person(app, world, "officer"), rows, action="finish", reason="x", confirmed="1"
        )
        assert answer.count("<span>Done</span>") == 1
        assert answer.count("Not possible") == 3
        assert "There is no such task." in answer
        assert "Somebody changed this before you" in answer

    def test_ending_a_task_needs_a_reason(self, app: Flask, world: World, tasks: list[str]) -> None:
        answer = self.act(person(app, world, "officer"), tasks, action="finish")
        assert "Give the reason in writing." in answer

    def test_what_was_typed_and_chosen_is_still_there_to_be_mended(
        self, app: Flask, world: World, tasks: list[str]
    ) -> None:
        officer = person(app, world, "officer")
        page = self.act(officer, tasks[:1], action="nothing", reason="Đã xem hồ sơ")
        assert "Choose one of" in page
        assert ">Đã xem hồ sơ</textarea>" in page
        assert page.count(f'value="{tasks[0]}" checked') == 1
        assert page.count(" checked aria-label") == 1

    def test_who_evaluated_sees_why_they_cannot_go_on(self, app: Flask, world: World) -> None:
        application = world.reviewed()
        decider = person(app, world, "decision-maker").get("/workspace/desk?lang=en").text
        assert application.number in decider
        reviewer = person(app, world, "reviewer").get("/workspace/desk?lang=en").text
        assert application.number not in reviewer

    def test_applications_are_taken_up_together(self, app: Flask, world: World) -> None:
        numbers = {world.apply().number for _ in range(2)}
        officer = person(app, world, "officer")
        page = officer.get("/workspace/desk?kind=application").text
        rows = re.findall(r'name="rows" value="(application:\d+@\d+)"', page)
        answer = self.act(officer, rows, action="take-up", confirmed="1")
        assert answer.count("<span>Done</span>") == 2
        assert all(number not in officer.get("/workspace/desk").text for number in numbers)


class TestSurveillance:
    def test_it_is_planned_and_its_result_recorded(self, app: Flask, world: World) -> None:
        certificate = world.certificate()
        officer = person(app, world, "officer")
        token = csrf_token(officer.get("/workspace/surveillance/new").text)
        plan = {
            "csrf_token": token,
            "certificate": certificate.number,
            "planned_on": world.day(5),
            "activity": "visit",
        }
        assert officer.post("/workspace/surveillance/new", data=plan).status_code == 303
        assert officer.post("/workspace/surveillance/new", data=plan).status_code == 422
        listed = officer.get("/workspace/surveillance?lang=en").text
        assert certificate.number in listed
        assert "Visit on site" in listed
        assert certificate.number in officer.get("/workspace/desk?kind=surveillance").text
        number = re.search(r"/workspace/surveillance/(\d+)", listed)
        assert number
        path = f"/workspace/surveillance/{number[1]}"
        version = re.search(r'name="version" value="(\d+)"', officer.get(path).text)
        assert version
        result = {"csrf_token": token, "version": version[1], "finish.done_on": world.day(0)}
        refused = officer.post(
            f"{path}/finish?lang=en", data={**result, "finish.note": "Không có sai lệch"}
        )
        assert refused.status_code == 422
        assert refused.text.count("Không có sai lệch") == 1
        assert 'href="#field-finish-result"' in refused.text
        result["finish.result"] = "conforming"
        assert officer.post(f"{path}/finish", data=result).status_code == 303
        assert "Conforming" in officer.get("/workspace/surveillance?lang=en").text

    def test_a_calendar_program_reads_the_plan_at_an_unguessable_address(
        self, app: Flask, world: World
    ) -> None:
        certificate = world.certificate()
        officer = person(app, world, "officer")
        token = csrf_token(officer.get("/workspace/surveillance/new").text)
        plan = {
            "csrf_token": token,
            "certificate": certificate.number,
            "planned_on": world.day(5),
            "activity": "visit",
        }
        officer.post("/workspace/surveillance/new", data=plan)
        addresses = []
        for _ in range(2):
            made = officer.post("/workspace/surveillance/calendar", data={"csrf_token": token})
            found = re.search(r"(/calendar/[\w-]{43}\.ics)", made.text)
            assert found
            addresses.append(found[1])
        anybody = app.test_client()
        assert anybody.get(addresses[0]).status_code == 404
        answer = anybody.get(addresses[1])
        assert answer.mimetype == "text/calendar"
        calendar = Calendar.from_ical(answer.text)
        events = {str(event["uid"]).partition("-")[0]: event for event in calendar.walk("VEVENT")}
        assert events["surveillance"].decoded("dtstart") == date.fromisoformat(world.day(5))
        assert certificate.number in str(events["surveillance"]["summary"])
        assert anybody.get("/calendar/nothing.ics").status_code == 404


def test_what_ends_soon_as_page_and_csv(app: Flask, world: World) -> None:
    certificate = world.certificate()
    officer = person(app, world, "officer")
    assert certificate.number not in officer.get("/workspace/expiry?days=30").text
    days = (certificate.valid_until - world.today).days
    assert certificate.number in officer.get(f"/workspace/expiry?days={days}").text
    table = officer.get(f"/workspace/expiry.csv?days={days}&kind=certificate")
    assert table.mimetype == "text/csv"
    line = f"certificate,{certificate.number}"
    assert line in table.text
    assert certificate.valid_until.isoformat() in table.text
    assert officer.get("/workspace/expiry?days=99999").status_code == 422


class TestNotices:
    def test_a_holder_reads_and_marks_what_concerns_them(self, app: Flask, world: World) -> None:
        certificate = world.certificate()
        follow_notices(world.registry.units, "https://registry.example")
        business = person(app, world, "business")
        page = business.get("/workspace/notices?lang=en").text
        assert "Certificate issued" in page
        assert certificate.number in page
        assert 'class="nav-count"' in page
        newest = re.search(r'name="until" value="(\d+)"', page)
        assert newest
        form = {"csrf_token": csrf_token(page), "until": newest[1]}
        assert business.post("/workspace/notices/read", data=form).status_code == 303
        after = business.get("/workspace/notices?lang=en").text
        assert 'class="nav-count"' not in after
        assert certificate.number in after
        assert certificate.number not in business.get("/workspace/notices?unread=1").text

    def test_in_vietnamese_the_words_are_those_of_the_vocabulary(
        self, app: Flask, world: World
    ) -> None:
        world.certificate()
        follow_notices(world.registry.units, "https://registry.example")
        assert (
            "Cấp giấy chứng nhận"
            in person(app, world, "business").get("/workspace/notices?lang=vi").text
        )


class TestWebhooks:
    def register(self, client: FlaskClient, url: str = "https://hooks.example.org/in") -> str:
        token = csrf_token(client.get("/workspace/webhooks/new").text)
        form = {"csrf_token": token, "url": url, "event_types": "certificate.*"}
        return client.post("/workspace/webhooks/new?lang=en", data=form).text

    def test_the_secret_is_shown_once(self, app: Flask, world: World) -> None:
        business = person(app, world, "business")
        made = self.register(business)
        secret = re.search(r"whsec_[A-Za-z0-9+/=]{32}", made)
        assert secret
        assert "whsec_" not in business.get("/workspace/webhooks").text
        with world.registry.units.reading() as session:
            number = session.scalars(select(WebhookEndpoint.id)).one()
        page = business.get(f"/workspace/webhooks/{number}").text
        assert "whsec_" not in page
        assert "hooks.example.org" in page

    def test_an_address_inside_is_refused(self, app: Flask, world: World) -> None:
        answer = self.register(person(app, world, "business"), "https://127.0.0.1/")
        assert "This address is not on the public internet." in answer

    def test_keeping_an_endpoint(self, app: Flask, world: World) -> None:
        business = person(app, world, "business")
        self.register(business)
        with world.registry.units.reading() as session:
            number = session.scalars(select(WebhookEndpoint.id)).one()
        path = f"/workspace/webhooks/{number}"
        form = {"csrf_token": csrf_token(business.get(path).text)}
        assert business.post(f"{path}/test", data=form).status_code == 303
        page = business.get(f"{path}?lang=en").text
        assert "webhook.test" in page or "Waiting" in page
        assert business.post(f"{path}/pause", data=form).status_code == 303
        assert business.post(f"{path}/pause", data=form).status_code == 409
        assert business.post(f"{path}/resume", data=form).status_code == 303
        assert "whsec_" in business.post(f"{path}/rotate", data=form).text
        changed = {**form, "url": "https://other.example.org/", "event_types": "*"}
        assert business.post(f"{path}/change", data=changed).status_code == 303
        assert "other.example.org" in business.get(path).text
        delivery = re.search(rf"{path}/deliveries/(\d+)/again", page)
        assert delivery
        again = f"{path}/deliveries/{delivery[1]}/again"
        assert business.post(again, data=form).status_code == 303
        other = person(app, world, "laboratory")
        assert other.get(path).status_code == 404
        assert business.post(f"{path}/remove", data=form).status_code == 303
        assert business.get(path).status_code == 404


def test_a_task_names_what_caused_it(app: Flask, world: World) -> None:
    world.certificate()
    number = laboratory_accreditation(world)
    path = f"/workspace/bodies/demo-laboratory/accreditations/{number}/events/new"
    TestSuspension().send(
        person(app, world, "officer"),
        path,
        kind="suspended",
        effective_on=world.day(-20),
        confirmed="1",
    )
    with world.registry.units.reading() as session:
        assert set(session.scalars(select(Task.cause))) == {f"accreditation:{number}"}
        assert session.scalars(select(Certificate.number)).first()
    page = person(app, world, "officer").get("/workspace/desk").text
    assert "DEMO-LAB 001" in page
    assert "đình chỉ" in page
    # The holder of what rests on it is told why it is looked at again.
    follow_notices(world.registry.units, "https://registry.example")
    told = person(app, world, "business").get("/workspace/notices?lang=en").text
    assert "DEMO-LAB 001: suspended" in told
