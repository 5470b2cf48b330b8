"""The list of editions due for review, and taking back that a part of one ended."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.app import create_app
from registry.catalog.queries.editions import find_slug, parts_ended
from registry.catalog.schemas import PartialEndSchema
from registry.catalog.services.reviews import end_part
from registry.container import Registry
from registry.history import AsOf
from registry.schema_fields import load
from tests.conftest import ActorMaker
from tests.support.catalogue import SLUG, imported, published, row
from tests.support.visitors import csrf_token, visitor

REVIEWS = "/workspace/reviews?lang=en"


def editor_of(registry: Registry) -> FlaskClient:
    """Return an editor at the pages of a register of its own."""
    return visitor(create_app(registry, testing=True), registry, "editor")


def words(page: str) -> str:
    """Return what a reader sees of ``page``, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def ended(registry: Registry) -> list[int]:
    """Return the numbers of the parts that have ended."""
    with registry.units.reading() as session:
        edition = find_slug(session, SLUG)
        return [p.id for p in parts_ended(session, edition.id, AsOf(registry.clock.today()))]


def test_the_list_names_what_is_due_and_says_how_often_and_by_whose_word(
    empty_registry: Registry,
) -> None:
    imported(
        empty_registry,
        [
            row("TCVN 1:2012", issued="2012-05-04"),
            row("TCVN 2:2025", issued="2025-05-04"),
            row("TCVN 3:2010", issued=None),
        ],
    )
    page = words(editor_of(empty_registry).get(REVIEWS).text)
    assert "1 edition is due" in page
    assert "TCVN 1:2012" in page
    assert "4 May 2012 published 4 May 2017" in page
    assert "National standard: every 5 years. The Law on Standards" in page
    assert "the period set by law prevails" in page


def test_other_intervals_may_be_asked_for(empty_registry: Registry) -> None:
    imported(empty_registry, [row("TCVN 2:2025", issued="2025-05-04")])
    editor = editor_of(empty_registry)
    assert "No edition is due" in editor.get(REVIEWS).text
    assert "TCVN 2:2025" in editor.get(f"{REVIEWS}&years=1").text
    # What is no number of years asks for nothing else.
    assert "No edition is due" in editor.get(f"{REVIEWS}&years=-1").text


@pytest.mark.parametrize("role", [None, "business"])
def test_the_list_is_for_those_who_keep_the_editions(
    app: Flask, registry: Registry, role: str | None
) -> None:
    client = visitor(app, registry, role) if role else app.test_client()
    assert client.get(REVIEWS).status_code in (302, 403)


def test_an_end_recorded_wrongly_is_taken_back_with_its_reason(
    app: Flask, registry: Registry, acting: ActorMaker
) -> None:
    published(registry, acting("editor"), acting("approver"))
    part = {"part": "2.3", "first_day": "2026-12-01", "reason": "Thông tư mới"}
    with registry.units(acting("approver")) as uow:
        end_part(uow, SLUG, load(PartialEndSchema(), part))
    (number,) = ended(registry)
    approver = visitor(app, registry, "approver")
    desk = approver.get(f"/workspace/editions/{SLUG}?lang=en").text
    assert "Take back that “2.3” ended" in desk
    action = f"/workspace/editions/{SLUG}/ended-parts/{number}/restore"
    form = desk[desk.index(f'action="{action}"') :]
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version is not None
    sent = {"csrf_token": csrf_token(form), "version": version[1], "reason": ""}
    refused = approver.post(action, data=sent)
    assert refused.status_code == 422
    assert ended(registry) == [number]
    done = approver.post(action, data={**sent, "reason": "Nhập nhầm"}, follow_redirects=True)
    assert done.status_code == 200
    assert ended(registry) == []
    assert "Take back that" not in approver.get(f"/workspace/editions/{SLUG}?lang=en").text
    assert approver.post(action, data={**sent, "reason": "Lại"}).status_code in (404, 409, 422)
