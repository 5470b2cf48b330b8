"""The catalogue's pages: two persons publish by form, and the public sees it when it may."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.clock import FixedClock
from registry.container import Registry
from registry.followers.search import follow
from tests.support.catalogue import DESIGNATION, SLUG
from tests.support.visitors import csrf_token, visitor

NEW = "/workspace/editions/new"
DESK = f"/workspace/editions/{SLUG}"
PUBLIC = f"/editions/{SLUG}"
TYPED = {
    "designation": DESIGNATION,
    "kind": "TCVN",
    "titles.vi": "Đèn đường thông minh",
    "titles.en": "Smart street lamps",
    "publisher": "bkhcn",
    "source": "https://example.org/tcvn-99001",
    "issued": "2026-11-01",
    "effective_from": "2026-11-15",
    "domains": "smart-cities",
    "relations.0.type": "references",
    "relations.0.target": "ISO 9001:2015",
    "relations.0.degree": "",
    "relations.1.type": "",
    "relations.1.target": "",
}


@pytest.fixture
def editor(app: Flask, registry: Registry) -> FlaskClient:
    return visitor(app, registry, "editor")


@pytest.fixture
def approver(app: Flask, registry: Registry) -> FlaskClient:
    return visitor(app, registry, "approver")


def send(client: FlaskClient, path: str, form_page: str, **fields: str | None) -> TestResponse:
    """Fill in the form on ``form_page`` and send it to ``path``."""
    page = client.get(form_page, query_string={"lang": "en"})
    assert page.status_code == 200, page.text
    data = {"csrf_token": csrf_token(page.text), **fields}
    version = re.search(r'name="version" value="(\d+)"', page.text)
    if version and "version" not in fields:
        data["version"] = version[1]
    return client.post(path, data={name: v for name, v in data.items() if v is not None})


def draft(client: FlaskClient, **changes: str | None) -> TestResponse:
    return send(client, NEW, NEW, **{**TYPED, **changes})


def act(client: FlaskClient, action: str, **fields: str) -> TestResponse:
    return send(client, f"{DESK}/{action}", DESK, **fields)


def test_an_entry_is_drafted_approved_and_found(
    registry: Registry, client: FlaskClient, editor: FlaskClient, approver: FlaskClient
) -> None:
    made = draft(editor)
    assert (made.status_code, made.location) == (302, DESK)
    assert DESIGNATION in editor.get("/workspace/editions").text
    assert client.get(PUBLIC).status_code == 404
    assert act(editor, "submit").status_code == 302
    assert "second person" in editor.get(DESK).text or "Waits for approval" in editor.get(DESK).text
    assert act(approver, "approve").status_code == 302
    page = client.get(f"{PUBLIC}?lang=en")
    assert page.status_code == 200
    for words in (DESIGNATION, "Smart street lamps", "Đèn đường thông minh", "ISO 9001:2015"):
        assert words in page.text
    follow(registry)
    assert f'href="{PUBLIC}' in client.get("/search?q=den+duong+thong+minh").text
    assert DESIGNATION in client.get("/domains/smart-cities").text
    assert DESIGNATION in client.get("/open-data/national.jsonl").text


def test_nobody_outside_sees_a_draft(
    registry: Registry, client: FlaskClient, editor: FlaskClient
) -> None:
    draft(editor)
    act(editor, "submit")
    follow(registry)
    for path in (PUBLIC, f"/documents/{SLUG}", "/documents/tcvn-99001", f"/api/v1/editions/{SLUG}"):
        assert client.get(path).status_code == 404, path
    for path in (
        "/search?q=tcvn+99001",
        "/domains/smart-cities",
        "/open-data/national.jsonl",
        "/open-data/national.csv",
        "/api/v1/editions?limit=200&national=true",
        "/api/v1/search?q=99001",
    ):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Smart street lamps" not in response.text, path
        assert f'"{DESIGNATION}"' not in response.text, path
    assert editor.get(PUBLIC).status_code == 200


def test_what_was_typed_is_kept_and_what_is_wrong_is_named(editor: FlaskClient) -> None:
    response = draft(
        editor,
        **{
            "effective_from": "tomorrow",
            "titles.en": "Lamps & <more>",
            "relations.1.type": "adopts",
            "relations.1.target": "ISO 37120:2018",
        },
    )
    assert response.status_code == 422
    assert 'value="tomorrow"' in response.text
    assert "Lamps &amp; &lt;more&gt;" in response.text
    assert 'value="ISO 37120:2018"' in response.text
    assert 'href="#field-effective_from"' in response.text
    assert 'href="#field-relations-1-degree"' in response.text
    assert 'id="field-effective_from-error"' in response.text


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("designation", "", "designation"),
        ("designation", "QCVN 135: 2024/BTTTT", "designation"),
        ("designation", "\0", "designation"),
        ("kind", "", "kind"),
        ("kind", "ISO", "kind"),
        ("titles.vi", "x" * 100_000, "titles-vi"),
        ("titles.vi", "\u202e", "titles-vi"),
        ("publisher", "nobody", "publisher"),
        ("effective_until", "2026-01-01", "effective_until"),
        ("effective_from", "2026-10-31", "effective_from"),
        ("issued", "20", "issued"),
        ("url", "javascript:alert(1)", "url"),
        ("source", " ", "source"),
        ("relations.0.target", "?", "relations-0-target"),
        ("relations.0.target", DESIGNATION, "relations-0-target"),
    ],
)
def test_each_refusal_leads_to_its_field(
    editor: FlaskClient, name: str, value: str, field: str
) -> None:
    response = draft(editor, **{name: value})
    assert response.status_code == 422
    assert f'href="#field-{field}"' in response.text


@pytest.mark.parametrize(
    "changes",
    [
        {"relations.x.type": "adopts"},
        {"relations.": "adopts"},
        {"relations": "adopts"},
        {"relations.99999999999.type": "amends", "relations.y": "z"},
        {"relations.3abc.type": "amends"},
        {"titles": "Tên"},
        {"titles.vi.deeper": "Tên"},
        {"a." * 3_000: "b"},
        {"domains": "weaving"},
        {"titles.vi": "Đèn 💡", "titles.en": "مصابيح", "domains": ""},
        {"version": "9" * 40},
        {"version": "123456789012345678abc"},
    ],
    ids=range(12),
)
def test_odd_forms_are_no_error_of_ours(editor: FlaskClient, changes: dict[str, str]) -> None:
    assert draft(editor, **changes).status_code in (302, 422)


def test_a_draft_is_changed_and_the_page_says_when_it_was_changed_meanwhile(
    registry: Registry, editor: FlaskClient
) -> None:
    draft(editor)
    form = f"{DESK}/edit"
    page = editor.get(form).text
    assert 'value="ISO 9001:2015"' in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    changed = send(editor, form, form, **{**TYPED, "titles.en": "Lamps"})
    assert changed.status_code == 302
    assert "Lamps" in editor.get(form).text
    stale = send(editor, form, form, **{**TYPED, "titles.en": "Lights", "version": version[1]})
    assert stale.status_code == 422
    assert "Lights" in stale.text
    assert 'id="error-summary"' in stale.text


def test_steps_that_are_not_possible_are_told_on_the_page(
    editor: FlaskClient, approver: FlaskClient
) -> None:
    draft(editor)
    early = act(approver, "approve")
    assert early.status_code == 422
    assert 'id="error-summary"' in early.text
    act(editor, "submit")
    without_reason = act(approver, "return_", reason=" ")
    assert without_reason.status_code == 422
    assert 'href="#field-return_-reason"' in without_reason.text
    assert act(approver, "return_", reason="Thiếu phạm vi").status_code == 302
    assert act(editor, "approve").status_code == 422


def test_whoever_drafted_is_told_that_a_second_person_approves(
    app: Flask, registry: Registry
) -> None:
    both = visitor(app, registry, "editor", "approver")
    draft(both)
    act(both, "submit")
    assert act(both, "approve").status_code == 422


def test_a_withdrawn_edition_says_so_and_its_past_is_still_answered(
    app: Flask, registry: Registry, editor: FlaskClient, approver: FlaskClient, clock: FixedClock
) -> None:
    client = app.test_client()
    draft(editor)
    act(editor, "submit")
    act(approver, "approve")
    # Sessions last twelve hours: the next day somebody signs in anew.
    clock.instant += timedelta(days=1)
    tomorrow = visitor(app, registry, "approver", "reviewer")
    early = act(tomorrow, "withdraw", withdrawn_on="2026-11-14", reason="Nhầm")
    assert early.status_code == 422
    assert 'href="#field-withdraw-withdrawn_on"' in early.text
    assert (
        act(tomorrow, "withdraw", withdrawn_on="2026-11-21", reason="Thay thế").status_code == 302
    )

    def badge(query: str) -> str:
        page = client.get(f"{PUBLIC}?lang=en&{query}").text
        return page.partition('class="entry-status"')[2].partition("</div>")[0]

    assert "Withdrawn" in badge("")
    assert "Withdrawn" not in badge("at=2026-11-20")
    assert "Withdrawn" not in badge("at=2026-12-01&known=2026-11-20")
    assert client.get(f"{PUBLIC}?known=2026-11-19").status_code == 404


class TestEntryPage:
    def test_it_answers_for_a_day(self, client: FlaskClient) -> None:
        path = "/editions/qcvn-135:2024-btttt?lang=en"
        assert "Not yet in force" in client.get(f"{path}&at=2025-01-10").text
        assert "Not yet in force" not in client.get(f"{path}&at=2025-02-15").text

    def test_it_leads_to_the_other_end_of_each_relation(self, client: FlaskClient) -> None:
        adopting = client.get("/editions/tcvn-iso-iec-27002:2020?lang=en").text
        adopted = re.search(r'href="(/editions/iso-iec-27002[:~0-9-]*2013)"', adopting)
        assert adopted
        page = client.get(adopted[1]).text
        assert "/editions/tcvn-iso-iec-27002:2020" in page
        assert re.search(r"/editions/iso-iec-27002[:~0-9-]*2022", page)

    def test_a_document_is_shown_by_the_edition_that_counts(self, client: FlaskClient) -> None:
        page = client.get("/documents/qcvn-135-btttt")
        assert page.status_code == 200
        assert "QCVN 135:2024/BTTTT" in page.text

    def test_applying_is_offered_for_regulations_only(self, client: FlaskClient) -> None:
        apply = "/workspace/applications/new"
        assert apply in client.get("/editions/qcvn-135:2024-btttt").text
        assert apply not in client.get("/editions/tcvn-iso-iec-27002:2020").text
