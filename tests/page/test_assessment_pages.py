"""The pages of the assessment side: what anyone may check, and each person's desk."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from registry.accounts.models import User
from registry.accounts.queries import organisation_by_slug, user_by_email
from registry.accounts.schemas import CreateUser
from registry.accounts.services.users import create_user
from registry.accounts.sessions import start_session
from registry.actor import system_actor
from registry.assessment.demo import (
    ACCREDITOR,
    AUTHORITY,
    LABORATORY,
    REGULATION,
    email,
)
from registry.assessment.models import Application, Body
from registry.assessment.queries.certificates import certificates
from registry.assessment.queries.references import organisation_named
from registry.assessment.schemas import ReportSchema, StatusChangeSchema
from registry.assessment.services.applications import withdraw_application
from registry.assessment.services.certificates import suspend_certificate
from registry.assessment.services.judging import judge_waiting
from registry.assessment.services.report_requests import check_report, receive_report
from registry.clock import FixedClock
from registry.container import Registry
from registry.errors import Invalid
from registry.history import AsOf
from registry.schema_fields import load
from tests.support.assessment import World

ENGLISH = {"Accept-Language": "en"}
EDITION = "qcvn-135:2024-btttt"

Desk = Callable[[str], "Person"]


class Person:
    """Somebody with a browser of their own, who reads English."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers={**ENGLISH, **headers})

    def send(self, path: str, fields: Mapping[str, Any], page: str | None = None) -> TestResponse:
        """Send the form of ``page`` (by default the one at ``path``) with ``fields`` in it."""
        form = self.get(page or path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token, form
        # What a form is kept under goes with it, as it would from a browser.
        draft = re.findall(r'name="(draft)" value="([^"]+)"', form)
        data = MultiDict({"csrf_token": token[1], **dict(draft), **fields})
        return self.client.post(path, data=data, headers=ENGLISH)


@pytest.fixture
def registry(demonstration: Registry) -> Registry:
    """Return a register with the demonstration in it."""
    return demonstration


@pytest.fixture
def anyone(app: Flask) -> Person:
    """Return somebody who is not signed in."""
    return Person(app.test_client())


@pytest.fixture
def desk(app: Flask, registry: Registry) -> Desk:
    """Sign demonstration people in: ``desk("officer")``."""

    def signed_in(name: str) -> Person:
        with registry.units.reading() as database:
            user = user_by_email(database, email(name))
        return _signed_in(app, user)

    return signed_in


@pytest.fixture
def stranger(app: Flask, registry: Registry) -> Person:
    """Return the person of another business."""
    with registry.units(system_actor("test")) as uow:
        data = {
            "email": "other@example.vn",
            "name": "Khác",
            "password": "ba con trâu đen ăn cỏ",
            "roles": ["business"],
            "organisation_id": organisation_by_slug(uow.session, AUTHORITY).id,
        }
        user = create_user(uow, load(CreateUser(), data))
    return _signed_in(app, user)


def _signed_in(app: Flask, user: User) -> Person:
    client = app.test_client()
    with app.test_request_context():
        start_session(user)
        signed = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(signed)
    return Person(client)


def one_result(world: World, row: int = 0, **changes: Any) -> dict[str, Any]:
    """Return one test of a report as its form sends it."""
    return {f"results.{row}.{name}": value for name, value in world.result(**changes).items()}


def report_form(world: World, **changes: Any) -> dict[str, Any]:
    """Return a complete report with one sound test as its form sends it."""
    data = world.report_data()
    plain = {
        name: value
        for name, value in data.items()
        if name not in ("results", "item", "regulation", "relates_only_to_items")
    }
    return {
        **plain,
        **{f"item.{name}": value for name, value in data["item"].items()},
        **one_result(world),
        "relates_only_to_items": "1",
        "result_type": "test_report",
        **changes,
    }


def submitted(laboratory: Person, path: str, form: dict[str, Any]) -> TestResponse:
    """Write a report begun at ``path`` step by step, and submit it."""
    at = laboratory.send(path, {}).location.removesuffix("/report")
    for step in ("report", "results"):
        assert laboratory.send(f"{at}/{step}", form).status_code == 303
    sent = laboratory.send(f"{at}/submit", {}, page=f"{at}/check")
    assert sent.status_code == 303, sent.text
    return sent


def issued(world: World) -> str:
    """Return the number of the demonstration's certificate."""
    with world.registry.units.reading() as database:
        return certificates(database, AsOf(world.today))[0].certificate.number


def version_on(page: str) -> str:
    """Return the version that a page's forms carry."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, page
    return found[1]


class TestCheckingANumber:
    def test_a_certificate_in_force_shows_what_it_says(self, anyone: Person, world: World) -> None:
        answer = anyone.get(f"/verify/{issued(world)}")
        assert answer.status_code == 200
        assert "Genuine and in force" in answer.text
        assert "Sao Mai surveillance camera" in answer.text
        assert "no legal effect" in answer.text

    def test_suspended_from_its_day_on_and_valid_the_day_before(
        self, anyone: Person, world: World, clock: FixedClock
    ) -> None:
        number = issued(world)
        clock.instant += timedelta(days=10)
        with world.registry.units(world.actor("officer")) as uow:
            data = {"effective_on": world.day(0), "reason": "Mẫu khác"}
            suspend_certificate(uow, number, load(StatusChangeSchema(), data))
        today = anyone.get(f"/verify/{number}")
        assert today.status_code == 200
        assert "Genuine, but suspended" in today.text
        assert "Mẫu khác" in today.text
        before = anyone.get(f"/verify/{number}?at={world.day(-1)}")
        assert "Genuine and in force" in before.text
        as_known = anyone.get(f"/verify/{number}?known={world.day(-1)}")
        assert "Genuine and in force" in as_known.text

    @pytest.mark.parametrize(
        ("at", "words"),
        [("2020-01-01", "Genuine, not yet in force"), ("2035-01-01", "Genuine, but expired")],
    )
    def test_on_other_days(self, anyone: Person, world: World, at: str, words: str) -> None:
        assert words in anyone.get(f"/verify/{issued(world)}?at={at}").text

    def test_any_spelling_leads_to_the_printed_one(self, anyone: Person, world: World) -> None:
        number = issued(world)
        typed = number.lower().replace("-", " ")
        answer = anyone.client.get("/verify", query_string={"number": typed})
        assert answer.location == f"/verify/{number}"
        spelt = anyone.get(f"/verify/{typed}?at=2027-01-01")
        assert spelt.location == f"/verify/{number}?at=2027-01-01"

    def test_a_mistyped_number_is_told_with_the_one_probably_meant(
        self, anyone: Person, world: World
    ) -> None:
        number = issued(world)
        answer = anyone.get(f"/verify/{number.replace('-0000', '-OOOO')}")
        assert answer.status_code == 422
        assert "This number is mistyped" in answer.text
        assert f"/verify/{number}" in answer.text

    def test_a_number_never_given(self, anyone: Person) -> None:
        found = re.search(r"example: ([A-Z0-9-]+)", anyone.get("/verify").text)
        assert found
        answer = anyone.get(f"/verify/{found[1]}")
        assert answer.status_code == 404
        assert "Not in this register" in answer.text

    @pytest.mark.parametrize("typed", ["", "xyz", "../../etc", "🙂" * 50])
    def test_what_is_no_number_is_asked_for_again(self, anyone: Person, typed: str) -> None:
        answer = anyone.client.get("/verify", query_string={"number": typed}, headers=ENGLISH)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text

    def test_a_malformed_date_is_named(self, anyone: Person, world: World) -> None:
        assert anyone.get(f"/verify/{issued(world)}?at=yesterday").status_code == 422

    def test_the_file_is_made_when_first_asked_for_and_stays_the_same(
        self, anyone: Person, world: World
    ) -> None:
        path = f"/certificates/{issued(world)}.pdf"
        first = anyone.get(path)
        assert first.status_code == 200
        assert first.mimetype == "application/pdf"
        assert first.data.startswith(b"%PDF-")
        assert first.headers["Content-Disposition"].startswith("inline")
        assert anyone.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert anyone.get("/certificates/VN-2026-1.pdf").status_code == 404


class TestPublicLists:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=bach viet", True),
            ("q=camera giam sat", True),
            ("q=DEMO-LAB 001", True),
            ("q=nothing of the kind", False),
            ("country=KR", False),
            ("country=VN&kind=testing_laboratory", True),
        ],
    )
    def test_bodies_are_found_by_words_kind_and_country(
        self, anyone: Person, query: str, *, found: bool
    ) -> None:
        page = anyone.get(f"/bodies?{query}")
        assert page.status_code == 200
        assert (f'href="/bodies/{LABORATORY}"' in page.text) is found

    def test_a_body_on_a_day(self, anyone: Person) -> None:
        today = anyone.get(f"/bodies/{LABORATORY}")
        assert "demo-badge" in today.text
        assert REGULATION in today.text
        assert "whatever the method determines" in today.text
        earlier = anyone.get(f"/bodies/{LABORATORY}?at=2025-01-10")
        assert "No scope line held" in earlier.text

    def test_what_is_not_there(self, anyone: Person) -> None:
        for path in ("/bodies/none", "/arrangements/none", "/bodies?cursor=x"):
            assert anyone.get(path).status_code in (404, 422), path

    def test_arrangements_and_what_they_cover(self, anyone: Person) -> None:
        page = anyone.get("/arrangements").text
        links = re.findall(r'href="(/arrangements/[^"?]+)"', page)
        assert len(links) == 2
        shown = [anyone.get(link).text for link in links]
        assert any("both ways" in text and "Hanbit" in text for text in shown)
        assert all("demo-badge" in text for text in shown)

    def test_certificates_as_known_before_the_first(self, anyone: Person, world: World) -> None:
        assert issued(world) in anyone.get("/certificates").text
        assert "No certificate was issued" in anyone.get("/certificates?known=2020-01-01").text


class TestApplying:
    def test_the_regulation_opened_from_is_filled_in(self, desk: Desk) -> None:
        page = desk("business").get(f"/workspace/applications/new?edition={EDITION}")
        assert f'value="{REGULATION}"' in page.text

    def test_bad_input_is_named_and_kept(self, desk: Desk) -> None:
        path = "/workspace/applications/new"
        answer = desk("business").send(
            path,
            {
                "regulation": "QCVN 999:2030/XYZ",
                "method": "1",
                "product.name.vi": "Camera <b>",
                "product.hs": "8525.8, 8525.89.10",
            },
        )
        assert answer.status_code == 422
        assert "“8525.8”: An HS code has" in answer.text
        assert "Camera &lt;b&gt;" in answer.text
        assert "8525.8, 8525.89.10" in answer.text

    def test_an_application_is_seen_by_its_applicant_and_by_those_who_handle_it_only(
        self, desk: Desk, stranger: Person, anyone: Person
    ) -> None:
        business = desk("business")
        sent = business.send(
            f"/workspace/applications/new?edition={EDITION}",
            {
                "regulation": REGULATION,
                "method": "5",
                "product.name.vi": "Camera cổng",
                "product.models": "C-1\nC-2",
                "product.hs": "8525.89.10",
                "note": "Bí mật",
            },
        )
        assert sent.status_code == 303
        page = business.get(sent.location)
        assert "C-2" in page.text
        assert "8525.89.10" in page.text
        assert "demo-badge" in page.text
        assert desk("officer").get(sent.location).status_code == 200
        for outsider in (stranger, desk("laboratory"), desk("editor")):
            assert outsider.get(sent.location).status_code == 404
        assert "/sign-in" in anyone.get(sent.location).location
        listed = stranger.get("/workspace/applications/mine").text
        assert "has not applied yet" in listed

    def test_the_applicant_withdraws_and_nobody_else_can(
        self, desk: Desk, stranger: Person, world: World
    ) -> None:
        number = world.apply().number
        path = f"/workspace/applications/{number}"
        foreign = stranger.send(f"{path}/withdraw", {}, page="/workspace/applications/mine")
        assert foreign.status_code == 404
        business = desk("business")
        version = version_on(business.get(path).text)
        assert business.send(f"{path}/withdraw", {"version": version}, page=path).status_code == 303
        assert "Withdrawn by the applicant" in business.get(path).text


class TestReporting:
    def path(self, application: Application) -> str:
        return f"/workspace/applications/{application.number}/reports/new"

    def test_a_laboratory_sees_product_and_regulation_and_nothing_more(
        self, desk: Desk, world: World
    ) -> None:
        application = world.apply()
        laboratory = desk("laboratory")
        asked = laboratory.get(f"/workspace/reports?application={application.number.lower()}")
        assert asked.location == self.path(application)
        form = laboratory.get(asked.location).text
        assert "Camera cổng" in form
        assert REGULATION in form
        for secret in ("Sao Mai", "C-1", "Bí mật", "8525"):
            assert secret not in form

    @pytest.mark.parametrize("number", ["HS-2026-999999", "", "/../x", "HS-2026-000001"])
    def test_a_number_that_takes_no_results(self, desk: Desk, number: str) -> None:
        # HS-2026-000001 is the demonstration's, which is granted already.
        laboratory = desk("laboratory")
        answer = laboratory.client.get(
            "/workspace/reports", query_string={"application": number}, headers=ENGLISH
        )
        assert answer.status_code == 422
        assert "No application of this number" in answer.text

    def test_an_accepted_report_shows_every_condition_and_its_receipt(
        self, desk: Desk, stranger: Person, world: World
    ) -> None:
        application = world.apply()
        laboratory = desk("laboratory")
        sent = submitted(laboratory, self.path(application), report_form(world))
        page = laboratory.get(sent.location).text
        assert "The report is accepted" in page
        assert page.count('class="condition ') == 8
        assert "SHA-256 of the content" in page
        assert "demo-badge" in page
        assert desk("business").get(sent.location).status_code == 200
        for outsider in (stranger, desk("laboratory-kr"), desk("editor")):
            assert outsider.get(sent.location).status_code == 404
        assert sent.location in laboratory.get("/workspace/reports").text
        own = desk("business").get(f"/workspace/applications/{application.number}").text
        assert own.count('class="condition ') == 8

    def test_a_statement_against_its_own_numbers_is_flagged(self, desk: Desk, world: World) -> None:
        form = report_form(world) | one_result(world, value="300.5")
        laboratory = desk("laboratory")
        sent = submitted(laboratory, self.path(world.apply()), form)
        page = laboratory.get(sent.location).text
        assert "1 statement contradicts its own numbers" in page
        assert "Its numbers say:" in page
        assert "The report is refused" in page
        vietnamese = laboratory.client.get(f"{sent.location}?lang=vi").text
        assert "300,5" in vietnamese

    def test_the_same_report_on_another_day(self, desk: Desk, world: World) -> None:
        report = world.report().report
        path = f"/workspace/reports/{report.id}"
        asked = desk("laboratory").get(f"{path}?at=2024-01-01").text
        assert "By the rules on 1 January 2024" in asked
        assert "the report is refused" in asked


class TestHandling:
    def test_three_people_bring_an_application_to_its_certificate(
        self, desk: Desk, world: World
    ) -> None:
        application = world.apply()
        world.report(application=application.number)
        path = f"/workspace/applications/{application.number}"
        for name, step, fields in (
            ("officer", "take-up", {}),
            ("reviewer", "review", {"recommendation": "grant", "reasons": "Đủ điều kiện"}),
            ("decision-maker", "decide", {"decision": "grant"}),
        ):
            person = desk(name)
            version = version_on(person.get(path).text)
            done = person.send(f"{path}/{step}", {**fields, "version": version}, page=path)
            assert done.status_code == 303, done.text
            assert "Your next step" not in person.get(path).text
        page = desk("business").get(path).text
        number = re.search(r"Certificate (VN-[0-9-]+)", page)
        assert number
        assert "Đủ điều kiện" not in page
        assert "Granted" in page
        assert f"/certificates/{number[1]}.pdf" in page

    def test_a_refusal_needs_reasons_which_the_applicant_reads(
        self, desk: Desk, world: World
    ) -> None:
        path = f"/workspace/applications/{world.reviewed().number}"
        maker = desk("decision-maker")
        version = version_on(maker.get(path).text)
        fields = {"decision": "refuse", "version": version}
        bare = maker.send(f"{path}/decide", fields, page=path)
        assert bare.status_code == 422
        assert "A refusal needs its reasons" in bare.text
        reasons = {**fields, "reasons": "Không đạt yêu cầu"}
        assert maker.send(f"{path}/decide", reasons, page=path).status_code == 303
        assert "Không đạt yêu cầu" in desk("business").get(path).text

    def test_a_decision_on_an_older_version_is_refused_and_kept(
        self, desk: Desk, world: World
    ) -> None:
        path = f"/workspace/applications/{world.reviewed().number}"
        fields = {"decision": "refuse", "reasons": "Giữ lại", "version": "1"}
        stale = desk("decision-maker").send(f"{path}/decide", fields, page=path)
        assert stale.status_code == 412
        assert "Giữ lại" in stale.text

    def test_nobody_acts_twice_and_the_page_says_so(self, desk: Desk, world: World) -> None:
        application = world.apply()
        path = f"/workspace/applications/{application.number}"
        with world.registry.units(system_actor("test")) as uow:
            both = create_user(
                uow,
                load(
                    CreateUser(),
                    {
                        "email": "both@example.vn",
                        "name": "Hai vai",
                        "password": "ba con trâu đen ăn cỏ",
                        "roles": ["officer", "reviewer"],
                    },
                ),
            )
        person = _signed_in(desk("officer").client.application, both)
        assert person.send(f"{path}/take-up", {}, page=path).status_code == 303
        page = person.get(path).text
        assert "somebody else must take the next step" in page
        assert "Record the review" not in page
        forced = person.send(
            f"{path}/review", {"recommendation": "grant", "reasons": "x"}, page=path
        )
        assert forced.status_code == 403

    def test_a_step_taken_twice_is_told(self, desk: Desk, world: World) -> None:
        path = f"/workspace/applications/{world.apply().number}"
        officer = desk("officer")
        assert officer.send(f"{path}/take-up", {}, page=path).status_code == 303
        assert officer.send(f"{path}/take-up", {}, page=path).status_code == 409

    def test_the_wrong_role_is_turned_away(self, desk: Desk, world: World) -> None:
        path = f"/workspace/applications/{world.apply().number}"
        answer = desk("business").send(f"{path}/take-up", {}, page=path)
        assert answer.status_code == 403

    def test_an_officer_decides_otherwise_in_writing_only(self, desk: Desk, world: World) -> None:
        submission = world.report(results=[world.result(value="300.5")])
        assert submission.state == "refused"
        path = f"/workspace/reports/{submission.report.id}"
        officer = desk("officer")
        version = version_on(officer.get(path).text)
        fields = {"outcome": "accept", "version": version}
        bare = officer.send(f"{path}/decide", fields, page=path)
        assert bare.status_code == 422
        assert "Give the reasons for this decision" in bare.text
        written = {**fields, "reasons": "Phép thử lặp lại đạt"}
        assert officer.send(f"{path}/decide", written, page=path).status_code == 303
        page = desk("laboratory").get(path).text
        assert "The report is accepted" in page
        assert "Phép thử lặp lại đạt" in page
        assert "By the rules alone: The report is refused" in page

    def test_applications_are_listed_by_state(self, desk: Desk, world: World) -> None:
        number = world.apply().number
        reviewer = desk("reviewer")
        assert number in reviewer.get("/workspace/applications?state=submitted").text
        assert number not in reviewer.get("/workspace/applications?state=granted").text


class TestCertificatesDesk:
    def test_suspended_reinstated_withdrawn(self, desk: Desk, anyone: Person, world: World) -> None:
        number = issued(world)
        officer = desk("officer")
        found = officer.get(f"/workspace/certificates?number={number.lower()}")
        path = found.location
        assert path == f"/workspace/certificates/{number}"
        for action, words in (
            ("suspend", "Genuine, but suspended"),
            ("reinstate", "Genuine and in force"),
            ("withdraw", "Genuine, but withdrawn"),
        ):
            fields = {
                f"{action}.effective_on": world.day(0),
                f"{action}.reason": "Kết quả giám sát",
                "version": version_on(officer.get(path).text),
            }
            assert officer.send(f"{path}/{action}", fields, page=path).status_code == 303
            assert words in anyone.get(f"/verify/{number}").text
        assert "Nothing more can befall" in officer.get(path).text

    def test_the_reason_is_needed_and_the_day_cannot_lie_before_the_issue(
        self, desk: Desk, world: World
    ) -> None:
        path = f"/workspace/certificates/{issued(world)}"
        officer = desk("officer")
        bare = officer.send(f"{path}/suspend", {"suspend.effective_on": world.day(0)}, page=path)
        assert bare.status_code == 422
        assert 'href="#field-suspend-reason"' in bare.text
        early = officer.send(
            f"{path}/suspend",
            {"suspend.effective_on": "2020-01-01", "suspend.reason": "Giữ lại"},
            page=path,
        )
        assert early.status_code == 422
        assert "Giữ lại" in early.text

    def test_unknown_numbers(self, desk: Desk) -> None:
        officer = desk("officer")
        assert officer.get("/workspace/certificates?number=x").status_code == 422
        assert officer.get("/workspace/certificates/VN-2026-1").status_code == 404


NEW_BODY = {
    "new.names.en": "Danube Test House",
    "new.country": "AT",
    "kinds": "testing_laboratory",
}


class TestRegisteringBodies:
    def test_with_a_new_organisation_and_all_that_follows(
        self, desk: Desk, anyone: Person, world: World
    ) -> None:
        officer = desk("officer")
        path = officer.send("/workspace/bodies/new", NEW_BODY).location
        assert path == "/workspace/bodies/danube-test-house"
        accreditation = {
            "accreditor": ACCREDITOR,
            "standard": "ISO/IEC 17025:2017",
            "number": "AT-1",
            "valid_from": world.day(-100),
        }
        assert officer.send(f"{path}/accreditations/new", accreditation).status_code == 303
        page = officer.get(path).text
        scope = re.search(r'href="(/workspace/bodies/[^"]+/scope/new)"', page)
        event = re.search(r'href="(/workspace/bodies/[^"]+/events/new)"', page)
        assert scope
        assert event
        lines = {
            "lines.0.activity": "testing",
            "lines.0.product": "Camera",
            "lines.0.method": REGULATION,
            "lines.0.valid_from": world.day(-100),
        }
        assert officer.send(scope[1], lines).status_code == 303
        suspension = {"kind": "suspended", "effective_on": world.day(0)}
        refused = officer.send(event[1], suspension)
        assert refused.status_code == 422
        assert "Give the reason in writing" in refused.text
        reason = {**suspension, "reason": "Đánh giá lại"}
        reason["version"] = version_on(officer.get(event[1]).text)
        preview = officer.send(event[1], reason)
        assert preview.status_code == 200
        assert "Suspended" not in anyone.get("/bodies/danube-test-house").text
        assert officer.send(event[1], {**reason, "confirmed": "1"}).status_code == 303
        designation = {
            "regulation": REGULATION,
            "activity": "testing",
            "ministry": "bkhcn",
            "valid_from": world.day(-10),
        }
        assert officer.send(f"{path}/designations/new", designation).status_code == 303
        public = anyone.get("/bodies/danube-test-house").text
        for words in ("AT-1", "Suspended", "Đánh giá lại", REGULATION):
            assert words in public

    def test_nothing_is_kept_of_a_body_that_is_refused(self, desk: Desk, world: World) -> None:
        answer = desk("officer").send(
            "/workspace/bodies/new", {**NEW_BODY, "kinds": "space_station"}
        )
        assert answer.status_code == 422
        assert "Danube Test House" in answer.text
        with world.registry.units.reading() as database, pytest.raises(Invalid):
            organisation_named(database, "danube-test-house", "organisation")

    def test_all_that_is_wrong_is_named_at_once(self, desk: Desk) -> None:
        officer = desk("officer")
        blank = officer.send("/workspace/bodies/new", {})
        assert blank.status_code == 422
        assert 'href="#field-organisation"' in blank.text
        assert 'href="#field-kinds"' in blank.text
        site = officer.send("/workspace/bodies/new", {**NEW_BODY, "new.website": "nonsense"})
        assert 'href="#field-new-website"' in site.text

    def test_forms_about_what_is_not_there(self, desk: Desk) -> None:
        officer = desk("officer")
        for path in (
            "/workspace/bodies/none",
            "/workspace/bodies/none/accreditations/new",
            f"/workspace/bodies/{LABORATORY}/accreditations/999/events/new",
            "/workspace/arrangements/none/listings/new",
        ):
            assert officer.get(path).status_code == 404, path


class TestRecordingArrangements:
    def test_with_parties_scope_and_a_listed_body(
        self, desk: Desk, anyone: Person, world: World
    ) -> None:
        officer = desk("officer")
        fields = {
            "titles.en": "Arrangement with Austria",
            "kind": "mutual_government",
            "phase": "I",
            "valid_from": world.day(-100),
            "parties.0.economy": "VN",
            "parties.1.economy": "AT",
            "demonstration": "1",
        }
        both = officer.send("/workspace/arrangements/new", {**fields, "parties.1.body": LABORATORY})
        assert both.status_code == 422
        assert "Name either an economy or a body" in both.text
        path = officer.send("/workspace/arrangements/new", fields).location
        assert path == "/workspace/arrangements/arrangement-with-austria"
        line = {
            "lines.0.result_type": "test_report",
            "lines.0.direction": "inward",
            "lines.0.regulation": REGULATION,
            "lines.0.hs_codes": "8525.8, 8525.89.10",
        }
        wrong = officer.send(f"{path}/scope/new", line)
        assert wrong.status_code == 422
        assert "Line 1, HS codes: “8525.8”" in wrong.text
        right = {**line, "lines.0.hs_codes": "8525.89.10"}
        assert officer.send(f"{path}/scope/new", right).status_code == 303
        listing = {"body": LABORATORY, "valid_from": world.day(-50)}
        assert officer.send(f"{path}/listings/new", listing).status_code == 303
        again = officer.send(f"{path}/listings/new", listing)
        assert again.status_code == 422
        public = anyone.get("/arrangements/arrangement-with-austria").text
        for words in ("Austria", "8525.89.10", "results from abroad are accepted here"):
            assert words in public
        # That a record is a demonstration is not for a form to say.
        assert "demo-badge" not in public


def test_no_body_is_registered_by_anybody_else(desk: Desk, world: World) -> None:
    answer = desk("business").send("/workspace/bodies/new", NEW_BODY, page="/workspace")
    assert answer.status_code == 403
    with world.registry.units.reading() as database:
        assert database.query(Body).filter_by(slug="danube-test-house").count() == 0


def test_reports_of_others_are_not_decided_by_a_laboratory(desk: Desk, world: World) -> None:
    report = world.report().report
    answer = desk("laboratory").send(
        f"/workspace/reports/{report.id}/decide", {"outcome": "refuse"}, page="/workspace"
    )
    assert answer.status_code == 403


def test_an_unknown_report(desk: Desk) -> None:
    assert desk("officer").get("/workspace/reports/999").status_code == 404


def test_a_laboratory_sees_what_it_sent_and_why_it_was_returned(desk: Desk, world: World) -> None:
    application = world.apply()
    with world.registry.units(world.actor("laboratory")) as uow:
        for changes in ({"number": "TN-SENT"}, {"application": application.number}):
            data = load(ReportSchema(), world.report_data(**changes))
            receive_report(uow, check_report(uow.session, uow.actor, uow.today, data))
    laboratory = desk("laboratory")
    page = laboratory.get("/workspace/reports").text
    assert page.count("Waits to be judged") == 2
    with world.registry.units(world.actor("business")) as uow:
        withdraw_application(uow, application.number, {"reasons": "Nhầm"})
    judge_waiting(world.registry.units)
    page = laboratory.get("/workspace/reports").text
    assert "Waits to be judged" not in page
    assert "Returned: mend it and send it again" in page
    assert "This application no longer takes results." in page
