"""The journal as people read it: a list, one entry, a file that anybody can check."""

import hashlib
import json

import pytest
from flask.testing import FlaskClient

from registry.actor import system_actor
from registry.container import Registry
from registry.journal.queries import head
from registry.web.paging import encode_cursor
from tests.support.visitors import Text

ENGLISH = {"Accept-Language": "en"}


def end(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def links(page: str) -> list[int]:
    """Return the positions of the entries that a page of the journal lists, in its order."""
    table = page.partition("<tbody")[2].partition("</tbody>")[0]
    found = [part.partition('"')[0] for part in table.split('href="/journal/')[1:]]
    return list(dict.fromkeys(int(text) for text in found if text.isdigit()))


def test_the_newest_entries_come_first_and_the_rest_page_by_page(
    registry: Registry, client: FlaskClient
) -> None:
    first = client.get("/journal", headers=ENGLISH)
    newest = links(first.text)
    assert newest[0] == end(registry)
    assert newest == sorted(newest, reverse=True)
    following = first.text.partition("cursor=")[2].partition('"')[0]
    second = links(client.get(f"/journal?cursor={following}", headers=ENGLISH).text)
    assert second[0] == newest[-1] - 1


def test_entries_are_chosen_by_subject_and_action(registry: Registry, client: FlaskClient) -> None:
    with registry.units(system_actor("test")) as uow:
        uow.record("note.add", "note:1", {"designation": "TCVN 1:2000"})
    page = client.get("/journal?subject=note:1", headers=ENGLISH).text
    assert links(page) == [end(registry)]
    assert "TCVN 1:2000" in page
    assert links(client.get("/journal?action=note.add").text) == [end(registry)]
    assert links(client.get("/journal?subject=nothing").text) == []


@pytest.mark.parametrize("cursor", ["x", encode_cursor("a"), encode_cursor(10**30), "%00"])
def test_a_cursor_that_is_not_ours_is_named(client: FlaskClient, cursor: str) -> None:
    response = client.get(f"/journal?cursor={cursor}", headers=ENGLISH)
    assert response.status_code == 422
    assert '<span class="code">cursor</span>' in response.text


def test_an_entry_shows_the_bytes_that_its_hash_is_taken_over(
    registry: Registry, client: FlaskClient
) -> None:
    with registry.units(system_actor("test")) as uow:
        uow.record("note.add", "note:1", {"text": '<b>Đèn</b> & "x"'}, sealed={"name": "Sao Mai"})
        receipt = uow.receipts[0]
    page = client.get(f"/journal/{receipt.position}", headers=ENGLISH).text
    assert receipt.leaf_hash in page
    assert "Sao Mai" not in page
    assert "<b>Đèn</b>" not in page
    shown = [words for _, words in Text(page).pieces if words.startswith('{"action"')]
    assert len(shown) == 1
    assert hashlib.sha256(b"\x00" + shown[0].encode()).hexdigest() == receipt.leaf_hash


@pytest.mark.parametrize("position", ["0", "999999", "9" * 40, "-1", "x"])
def test_an_entry_that_is_not_there_is_not_found(client: FlaskClient, position: str) -> None:
    assert client.get(f"/journal/{position}").status_code == 404


def test_the_whole_journal_can_be_checked_by_anybody(
    registry: Registry, client: FlaskClient
) -> None:
    with registry.units(system_actor("test")) as uow:
        uow.record("note.add", "note:1", {"shown": 1}, sealed={"name": "Sao Mai"})
    response = client.get("/journal/download.jsonl")
    assert response.mimetype == "application/x-ndjson"
    assert "Sao Mai" not in response.text
    entries = [json.loads(line) for line in response.text.splitlines()]
    assert [entry["position"] for entry in entries] == list(range(1, end(registry) + 1))
    for entry in entries:
        content = {
            name: value
            for name, value in entry.items()
            if name not in ("leaf_hash", "hash_version")
        }
        whole = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(b"\x00" + whole.encode()).hexdigest()
        assert digest == entry["leaf_hash"], entry["position"]
