"""What a business does by pages: applies, answers, declares; what everybody reads of it."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.accounts.queries import user_by_email
from registry.assessment.demo import email
from registry.assessment.services import application_drafts
from registry.container import Registry
from tests.support.assessment import World
from tests.support.declarations import declaration_data, declare, declare_on_certificate
from tests.support.visitors import csrf_token, sign_in

ENGLISH = {"Accept-Language": "en"}
EDITION = "qcvn-135:2024-btttt"
NEW = f"/workspace/applications/new?edition={EDITION}"

Desk = Callable[[str | None], "Person"]


class Person:
    """Somebody with a browser of their own, who reads English."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers={**ENGLISH, **headers})

    def send(self, path: str, fields: Mapping[str, Any], page: str) -> TestResponse:
        """Send a form of ``page``."""
        token = csrf_token(self.get(page).text)
        data = {"csrf_token": token, **fields}
        return self.client.post(path, data=data, headers=ENGLISH)


@pytest.fixture
def registry(demonstration: Registry) -> Registry:
    """Return a register with the demonstration in it."""
    return demonstration


@pytest.fixture
def desk(app: Flask, registry: Registry) -> Desk:
    """Sign demonstration people in: ``desk("officer")``; None is anybody."""

    def signed_in(name: str | None) -> Person:
        client = app.test_client()
        if name is not None:
            with registry.units.reading() as database:
                user = user_by_email(database, email(name))
            sign_in(client, registry, user)
        return Person(client)

    return signed_in


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def product(key: str, **changes: Any) -> dict[str, Any]:
    """Return an application as its form sends it."""
    return {
        "draft": key,
        "edition": EDITION,
        "regulation": "QCVN 135:2024/BTTTT",
        "method": "5",
        "product.name.vi": "Camera cổng",
        "product.models": "C-1",
        "product.hs": "8525.89.10",
        **changes,
    }


class TestApplying:
    def test_what_is_known_is_not_asked_again(self, desk: Desk, world: World) -> None:
        earlier = world.apply()
        world.report(application=earlier.number, number="TN-88")
        page = desk("business").get(f"{NEW}&hs=8525.81&q=camera").text
        assert "you need not give it again" in page
        assert 'value="8525.81"' in page
        assert 'value="camera"' in page
        assert earlier.number in page
        assert "TN-88" in page
        again = desk("business").get(f"{NEW}&from={earlier.number}").text
        assert 'value="Camera cổng"' in again

    def test_a_draft_is_kept_gone_on_with_and_sent_once(self, desk: Desk) -> None:
        business = desk("business")
        key = hidden(business.get(NEW).text, "draft")
        kept = business.send(NEW, product(key, save="1", **{"product.models": ""}), NEW)
        assert kept.status_code == 303
        assert "Camera cổng" in business.get("/workspace/applications/mine").text
        assert 'value="Camera cổng"' in business.get(kept.location).text
        first = business.send(NEW, product(key), NEW)
        second = business.send(NEW, product(key), NEW)
        assert first.status_code == second.status_code == 303
        assert first.location == second.location
        assert "Not sent yet" not in business.get("/workspace/applications/mine").text

    def test_what_is_wrong_is_kept_as_well(self, desk: Desk) -> None:
        business = desk("business")
        key = hidden(business.get(NEW).text, "draft")
        answer = business.send(NEW, product(key, method=""), NEW)
        assert answer.status_code == 422
        assert "Camera cổng" in business.get("/workspace/applications/mine").text
        gone = business.send(
            f"/workspace/applications/drafts/{key}/discard", {}, "/workspace/applications/mine"
        )
        assert gone.status_code == 303
        assert business.get(f"/workspace/applications/new?draft={key}").status_code == 404

    def test_one_draft_too_many_is_shown_again_as_typed(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(application_drafts, "MOST_DRAFTS", 1)
        business = desk("business")
        first = hidden(business.get(NEW).text, "draft")
        assert business.send(NEW, product(first, save="1"), NEW).status_code == 303
        second = hidden(business.get(NEW).text, "draft")
        answer = business.send(NEW, product(second, **{"product.name.vi": "Còi báo"}), NEW)
        assert answer.status_code == 422
        assert "At most 1 drafts are kept" in answer.text
        assert 'value="Còi báo"' in answer.text

    def test_somebody_elses_draft_is_not_there(self, desk: Desk) -> None:
        page = desk("business").get("/workspace/applications/new?draft=abcdefghijklmnopqrst")
        assert page.status_code == 404


class TestRequestsForInformation:
    def test_the_office_asks_and_the_applicant_answers_with_a_file(
        self, desk: Desk, world: World
    ) -> None:
        page = f"/workspace/applications/{world.apply().number}"
        officer, business = desk("officer"), desk("business")
        assert officer.send(f"{page}/ask", {"text": ""}, page).status_code == 422
        asked = officer.send(f"{page}/ask", {"text": "Sơ đồ?", "due_on": world.day(3)}, page)
        assert asked.status_code == 303
        seen = business.get(page).text
        assert "Waiting for the applicant since" in seen
        form = re.search(r'action="([^"]+/answer)"', seen)
        assert form
        script = (io.BytesIO(b"<html><script>1</script></html>"), "a.pdf")
        bad = business.send(form[1], {"answer": "Gửi kèm", "files": script}, page)
        assert bad.status_code == 422
        drawing = (io.BytesIO(b"<?xml version='1.0'?><drawing>D</drawing>"), "so-do.xml")
        sent = business.send(form[1], {"answer": "Gửi kèm", "files": drawing}, page)
        assert sent.status_code == 303, sent.text
        seen = officer.get(page).text
        assert "Gửi kèm" in seen
        link = re.search(r'href="([^"]+/files/[0-9a-f]{64})"', seen)
        assert link
        file = officer.get(link[1])
        assert file.data.endswith(b"</drawing>")
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.mimetype == "application/octet-stream"
        assert desk("laboratory").get(link[1]).status_code == 404
        assert officer.get(link[1][:-64] + "0" * 64).status_code == 404

    def test_the_office_closes_what_it_no_longer_needs(self, desk: Desk, world: World) -> None:
        page = f"/workspace/applications/{world.apply().number}"
        officer = desk("officer")
        officer.send(f"{page}/ask", {"text": "Sơ đồ?"}, page)
        form = re.search(r'action="([^"]+/close)"', officer.get(page).text)
        assert form
        assert officer.send(form[1], {}, page).status_code == 303
        assert "without an answer" in desk("business").get(page).text


def declared(world: World, **changes: Any) -> dict[str, Any]:
    """Return a declaration as its form sends it."""
    data = declaration_data(world, **changes)
    return {
        "regulations": data["regulations"][0],
        "product.name.vi": data["product"]["name"]["vi"],
        "product.models": "C-1",
        "product.hs": "8525.89.10",
        "signatory.name": data["signatory"]["name"],
        "signatory.function": data["signatory"]["function"],
        "other_certificate.number": "",
        "other_certificate.body": "",
        "other_certificate.issued_on": "",
        "documents.0.title": "Hồ sơ",
        "documents.0.sha256": "ab" * 32,
        **{
            name: data[name]
            for name in ("basis", "place", "issued_on", "valid_from", "valid_until")
        },
    }


class TestDeclarations:
    def test_a_business_declares_and_an_officer_registers(self, desk: Desk, world: World) -> None:
        business, officer = desk("business"), desk("officer")
        new = "/workspace/declarations/new"
        assert business.send(new, {**declared(world), "place": ""}, new).status_code == 422
        sent = business.send(new, declared(world), new)
        assert sent.status_code == 303, sent.text
        page = sent.location
        number = page.rpartition("/")[2]
        assert number in business.get("/workspace/declarations/mine").text
        assert number in officer.get("/workspace/declarations?state=submitted").text
        assert desk(None).get(f"/declarations/{number}").status_code == 404
        refused = officer.send(f"{page}/decide", {"decision": "refuse"}, page)
        assert refused.status_code == 422
        done = officer.send(f"{page}/decide", {"decision": "register", "reasons": "Đủ"}, page)
        assert done.status_code == 303
        assert "In force" in desk(None).get(f"/declarations/{number}").text
        changed = officer.send(
            f"{page}/suspend",
            {"suspend.effective_on": world.day(0), "suspend.reason": "Hậu kiểm"},
            page,
        )
        assert changed.status_code == 303
        assert "Hậu kiểm" in desk(None).get(f"/declarations/{number}").text

    def test_its_declarer_takes_one_back(self, desk: Desk, world: World) -> None:
        page = f"/workspace/declarations/{declare(world).number}"
        business = desk("business")
        assert business.send(f"{page}/take-back", {}, page).status_code == 303
        assert "Taken back" in business.get(page).text

    def test_everybody_finds_it_reads_it_and_takes_it_along(self, desk: Desk, world: World) -> None:
        declaration = declare_on_certificate(world)
        anyone = desk(None)
        assert declaration.number in anyone.get("/declarations?q=sao+mai").text
        assert "No declaration matches" in anyone.get("/declarations?q=nothing+here").text
        rows = list(csv.DictReader(io.StringIO(anyone.get("/declarations.csv").text[1:])))
        # The newest first; the demonstration has one of its own.
        assert (rows[0]["number"], rows[0]["status"]) == (declaration.number, "in_force")
        assert len(rows) == 2
        spaced = anyone.get(f"/declarations/{declaration.number.lower()}")
        assert spaced.status_code == 302
        receipt = anyone.get(f"/declarations/{declaration.number}.pdf")
        assert receipt.data.startswith(b"%PDF")
        later = anyone.get(f"/declarations/{declaration.number}?at={world.day(400)}")
        assert "Expired" in later.text
        before = anyone.get("/declarations?known=2020-01-01")
        assert "No declaration was registered by then" in before.text


class TestStatistics:
    def test_little_data_is_said_to_be_little(self, desk: Desk) -> None:
        page = desk(None).get("/statistics?records=demonstration").text
        assert "not enough cases yet" in page
        assert "<svg" in page
        assert "Invented records are left out" in desk(None).get("/statistics").text

    def test_each_table_is_a_file(self, desk: Desk) -> None:
        for table in ("months", "stages", "arrangements", "refusals", "applications"):
            answer = desk(None).get(f"/statistics/{table}.csv?records=demonstration")
            assert answer.status_code == 200
            assert len(answer.text.splitlines()) >= (1 if table == "refusals" else 2)

    def test_the_same_answer_is_not_sent_twice(self, desk: Desk, world: World) -> None:
        first = desk(None).get("/statistics")
        tag = {"If-None-Match": first.headers["ETag"]}
        assert desk(None).get("/statistics", **tag).status_code == 304
        world.apply()
        assert desk(None).get("/statistics", **tag).status_code == 200
