"""The programme's pages, files and feed, and an editor's two clicks."""

import csv
import io
import re

import pytest
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient

from registry.actor import Actor
from registry.container import Registry
from tests.conftest import ActorMaker
from tests.support.programme import advanced, planned
from tests.support.visitors import csrf_token, visitor

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def editor(acting: ActorMaker) -> Actor:
    return acting("editor")


def text(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200, response.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_an_empty_programme_says_so_and_still_tells_the_deadline(client: FlaskClient) -> None:
    page = text(client, "/programme")
    assert "No planned entry has been recorded" in page
    assert "30 November 2025" in page
    assert "does not know how many are planned" in text(client, "/")


def test_readers_see_what_is_planned_and_what_is_late(
    registry: Registry, client: FlaskClient, editor: Actor
) -> None:
    number = planned(registry, editor)
    planned(registry, editor, due="2027-02", titles={"en": "=Robots"}, ministry=None)
    advanced(registry, editor, number, "start", on="2026-03-01")
    assert "0 published, 2 in work, 1 late." in text(client, "/programme")
    assert "0 published, 2 in work, 0 late." in text(client, "/programme?at=2026-10-31")
    assert "No planned entry" in text(client, "/programme?at=2026-01-01")
    assert "2 more are planned" in text(client, "/")
    assert "Smart street lamps" in text(client, "/domains/smart-cities")
    assert "late" in text(client, f"/programme/{number}")
    assert client.get("/programme/999").status_code == 404
    assert client.get(f"/programme/{number}?at=2026-01-01").status_code == 404


def test_the_file_holds_every_entry_and_no_formula(
    registry: Registry, client: FlaskClient, editor: Actor
) -> None:
    planned(registry, editor, titles={"vi": "=1+1"})
    response = client.get("/programme.csv")
    assert response.mimetype == "text/csv"
    header, row = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))
    entry = dict(zip(header, row, strict=True))
    assert (entry["title_vi"], entry["due"], entry["late"]) == ("'=1+1", "2026-10", "yes")


def test_the_feed_tells_each_step(registry: Registry, client: FlaskClient, editor: Actor) -> None:
    number = planned(registry, editor, titles={"en": "Lamps & <robots>"})
    advanced(registry, editor, number, "start")
    response = client.get("/programme.atom?lang=en")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Lamps & <robots>: Being drafted", "Lamps & <robots>: Planned"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 2
    assert feed.findtext(f"{ATOM}updated")


def test_an_editor_plans_and_records_progress(registry: Registry, app: Flask) -> None:
    client = visitor(app, registry, "editor")
    form = client.get("/workspace/programme/new")
    typed = {"csrf_token": csrf_token(form.text), "titles.vi": "Đèn", "domain": "smart-cities"}
    refused = client.post("/workspace/programme/new", data=typed)
    assert refused.status_code == 422
    assert "Đèn" in refused.text
    made = client.post("/workspace/programme/new", data={**typed, "due": "2027-01"})
    assert made.status_code == 302
    page = client.get(made.location).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    step = {"csrf_token": csrf_token(page), "version": version[1], "action": "start"}
    entry = made.location.rpartition("/")[2]
    done = client.post(f"/workspace/programme/{entry}/step", data=step)
    assert done.status_code == 302
    assert "Being drafted" in text(client, made.location)
    again = client.post(f"/workspace/programme/{entry}/step", data=step)
    assert again.status_code == 422
