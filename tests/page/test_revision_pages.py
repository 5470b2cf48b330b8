"""Pages for what was published: revise, amend, correct, confirm, end a part."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.container import Registry
from tests.conftest import ActorMaker
from tests.support.catalogue import DESIGNATION, SLUG, facts, published
from tests.support.visitors import csrf_token, visitor

DESK = f"/workspace/editions/{SLUG}"
FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
AREA = re.compile(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>')
SELECTED = re.compile(r'<select[^>]*name="([^"]+)".*?</select>', re.DOTALL)
CHOSEN = re.compile(r'<option value="([^"]*)"[^>]*selected')
CHECKED = re.compile(r'name="domains" value="([^"]*)" checked')


@pytest.fixture
def listed(registry: Registry, acting: ActorMaker) -> Registry:
    """Return a register with a published edition."""
    published(registry, acting("editor"), acting("approver"))
    return registry


def form_of(page: str) -> dict[str, str | list[str]]:
    """Return what a browser would send of the page's form."""
    sent: dict[str, str | list[str]] = {
        name: unescape(value).strip()
        for name, value in (*FIELD.findall(page), *AREA.findall(page))
        if name != "domains"
    }
    for found in SELECTED.finditer(page):
        chosen = CHOSEN.search(found[0])
        sent[found[1]] = chosen[1] if chosen else ""
    return {**sent, "domains": CHECKED.findall(page)}


@pytest.mark.parametrize("relation", ["supersedes", "amends", "corrects"])
def test_what_follows_an_edition_starts_from_it(
    listed: Registry, app: Flask, relation: str
) -> None:
    editor = visitor(app, listed, "editor")
    page = editor.get(f"/workspace/editions/new?{relation}={SLUG}").text
    sent = form_of(page)
    assert (sent["titles.vi"], sent["designation"], sent["issued"]) == (
        "Đèn đường thông minh",
        "",
        "",
    )
    assert (sent["relations.0.type"], sent["relations.0.target"]) == (relation, DESIGNATION)
    sent |= {
        "designation": "TCVN 99001:2027",
        "source": "https://example.org/2027",
        "relations.0.coexistence_until": "2027-06-30",
    }
    made = editor.post("/workspace/editions/new", data=sent)
    assert made.status_code == 302, made.text
    again = form_of(editor.get(f"{made.location}/edit").text)
    assert again["relations.0.coexistence_until"] == "2027-06-30"


def test_a_correction_is_compared_before_it_is_recorded(listed: Registry, app: Flask) -> None:
    editor = visitor(app, listed, "editor")
    sent = form_of(editor.get(f"{DESK}/correct").text)
    unchanged = editor.post(f"{DESK}/correct", data={**sent, "reason": "?"})
    assert unchanged.status_code == 422
    sent["titles.en"] = "Smart street lights"
    assert editor.post(f"{DESK}/correct", data=sent).status_code == 422
    sent["reason"] = "Misprinted"
    compared = editor.post(f"{DESK}/correct", data=sent)
    assert compared.status_code == 200
    assert "Smart street lamps" in compared.text
    assert "Smart street lights" in compared.text
    assert facts(listed, SLUG).record.titles["en"] == "Smart street lamps"
    done = editor.post(f"{DESK}/correct", data={**form_of(compared.text), "confirm": "1"})
    assert done.status_code == 302, done.text
    record = facts(listed, SLUG).record
    assert record.titles == {"vi": "Đèn đường thông minh", "en": "Smart street lights"}
    assert record.domains == ["smart-cities"]


def test_what_is_wrong_in_one_step_is_named_and_stands_in_its_form_only(
    listed: Registry, app: Flask
) -> None:
    approver = visitor(app, listed, "approver")
    sent = {"csrf_token": csrf_token(approver.get(DESK).text), "reason": "Đã có bản mới"}
    page = approver.post(f"{DESK}/withdraw", data=sent, headers={"Accept-Language": "en"}).text
    assert 'href="#field-withdraw-withdrawn_on"' in page
    assert "First day no longer in force: This field is required." in page
    assert page.count("Đã có bản mới") == 1
    assert page.count('class="field-error"') == 1
    identifiers = re.findall(r' id="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))


def test_what_is_wrong_in_a_relation_names_its_field(listed: Registry, app: Flask) -> None:
    editor = visitor(app, listed, "editor")
    sent = form_of(editor.get(f"/workspace/editions/new?supersedes={SLUG}").text)
    sent |= {"designation": "TCVN 99001:2027", "source": "x", "relations.0.degree": "XXX"}
    headers = {"Accept-Language": "en"}
    page = editor.post("/workspace/editions/new", data=sent, headers=headers).text
    assert 'href="#field-relations-0-degree">Degree: Choose one of' in page


def test_an_approver_confirms_and_ends_a_part(
    listed: Registry, app: Flask, client: FlaskClient
) -> None:
    approver = visitor(app, listed, "approver")

    def act(action: str, **typed: str) -> int:
        page = approver.get(DESK).text
        sent = {"csrf_token": csrf_token(page), **typed}
        return approver.post(f"{DESK}/{action}", data=sent).status_code

    assert act("confirm") == 422
    assert act("confirm", reason="Còn phù hợp") == 302
    assert act("end_part", part="2.3", first_day="2026-11-01", reason="x") == 422
    assert act("end_part", part="2.3", first_day="2026-11-18", reason="Thông tư mới") == 302
    page = client.get(f"/editions/{SLUG}?lang=en").text
    assert "No longer applies from" in page
    assert "In force in part" in page
    assert "90.93" in page
