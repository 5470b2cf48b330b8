"""What proves the journal, as visitors and programs get it."""

import base64
import hashlib
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.container import Registry
from registry.journal.checkpoint import open_checkpoint
from registry.journal.keys import verifiers
from registry.journal.merkle import verify_consistency
from registry.journal.notes import Verifier
from registry.journal.proofs import verify_inclusion
from tests.support.journal import note, published

API = "/api/v1/journal"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def registry(empty_registry: Registry) -> Registry:
    """A register without a list: the journal needs none."""
    note(empty_registry, 20)
    return empty_registry


@pytest.fixture
def signed(registry: Registry) -> str:
    """The checkpoint that the register has published."""
    return published(registry)


def test_checkpoint_and_keys_are_plain_files(client: FlaskClient, signed: str) -> None:
    answer = client.get("/journal/checkpoint")
    assert (answer.mimetype, answer.text) == ("text/plain", signed)
    again = client.get("/journal/checkpoint", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    keys = [Verifier.parse(line) for line in client.get("/journal/keys").text.splitlines()]
    stated = client.get(f"{API}/checkpoint").get_json()
    checkpoint, key = open_checkpoint(signed, keys)
    assert (stated["note"], stated["size"]) == (signed, checkpoint.size)
    assert (stated["origin"], stated["root"]) == (key.name, checkpoint.root.hex())
    listed = client.get(f"{API}/keys").get_json()["items"]
    assert [(item["key"], item["trial"]) for item in listed] == [(str(key), True)]


def test_before_the_first_checkpoint_there_is_nothing_to_give(client: FlaskClient) -> None:
    for path in ("/journal/checkpoint", f"{API}/checkpoint"):
        assert client.get(path).status_code == 404
    for path in ("/journal/1/proof", f"{API}/proofs/inclusion?position=1"):
        assert client.get(path).status_code == 409
    assert client.get(f"{API}/proofs/consistency?from=1").status_code == 422
    assert client.get("/journal/keys").text == ""
    for path in ("/journal", "/journal/1"):
        page = client.get(path, headers=ENGLISH)
        assert (page.status_code, "No checkpoint" in page.text) == (200, True)


def test_an_entry_is_proven_with_what_its_page_shows(client: FlaskClient, signed: str) -> None:
    page = unescape(client.get("/journal/9", headers=ENGLISH).text)
    content = re.search(r'<code id="canonical-text">(.*?)</code>', page, re.DOTALL)
    joined = re.search(r"echo ([0-9a-f]{130}) \| xxd -r -p \| sha256sum", page)
    assert content is not None
    assert joined is not None
    leaf = hashlib.sha256(b"\0" + content[1].encode()).digest()
    row = re.compile(
        r'data-label="Side">(left|right)</td>.*?<code class="hash">([0-9a-f]{64})'
        r'.*?<code class="hash">([0-9a-f]{64})',
        re.DOTALL,
    )
    hashed = leaf
    first = None
    for side, sibling, result in row.findall(page):
        other = bytes.fromhex(sibling)
        text = b"\1" + (other + hashed if side == "left" else hashed + other)
        first = first or text
        hashed = hashlib.sha256(text).digest()
        assert hashed.hex() == result
    assert first is not None
    assert joined[1] == first.hex()
    assert base64.b64encode(hashed).decode() == signed.split("\n")[2]
    assert signed in page


def test_the_proof_of_the_api_is_checked_offline(
    registry: Registry, client: FlaskClient, signed: str
) -> None:
    page = unescape(client.get("/journal/5", headers=ENGLISH).text)
    content = re.search(r'<code id="canonical-text">(.*?)</code>', page, re.DOTALL)
    proof = client.get(f"{API}/proofs/inclusion?position=5").get_json()
    with registry.units.reading() as session:
        keys = verifiers(session)
    assert content is not None
    checkpoint, _ = verify_inclusion(content[1].encode(), proof, proof["checkpoint"], keys)
    assert checkpoint.size == proof["size"]
    file = client.get("/journal/5/proof")
    assert file.headers["Content-Disposition"] == 'attachment; filename="journal-5.tlog-proof"'
    head, _, rest = file.text.partition("\n\n")
    assert rest == signed
    path = [base64.b64decode(line).hex() for line in head.split("\n")[2:]]
    assert path == proof["path"]


def test_a_later_checkpoint_is_shown_to_continue_an_earlier_one(
    registry: Registry, client: FlaskClient, signed: str
) -> None:
    note(registry, 30)
    published(registry)
    newest, oldest = client.get(f"{API}/checkpoints").get_json()["items"]
    assert oldest["note"] == signed
    address = f"{API}/proofs/consistency?from={oldest['size']}"
    found = client.get(address).get_json()
    assert found == client.get(f"{address}&to={newest['size']}").get_json()
    assert (found["from_checkpoint"], found["to_checkpoint"]) == (signed, newest["note"])
    assert verify_consistency(
        found["from"],
        found["to"],
        [bytes.fromhex(hashed) for hashed in found["path"]],
        bytes.fromhex(oldest["root"]),
        bytes.fromhex(newest["root"]),
    )
    page = client.get(f"{API}/checkpoints?limit=1")
    assert [item["size"] for item in page.get_json()["items"]] == [newest["size"]]
    following = page.headers["Link"].split(">")[0].removeprefix("<http://localhost")
    assert [item["size"] for item in client.get(following).get_json()["items"]] == [oldest["size"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("inclusion", "position"),
        ("inclusion?position=0", "position"),
        ("inclusion?position=x", "position"),
        ("inclusion?position=-1", "position"),
        ("inclusion?position=9&size=8", "size"),
        ("inclusion?position=9&size=999999999", "size"),
        ("inclusion?position=9&size=99999999999999999999", "size"),
        ("inclusion?position=9&tree_size=8", "tree_size"),
        ("consistency", "from"),
        ("consistency?from=0", "from"),
        ("consistency?from=9&to=8", "to"),
        ("consistency?from=9&to=999999999", "to"),
        ("consistency?from=999999999", "from"),
    ],
)
def test_what_cannot_be_proven_is_refused_by_name(
    client: FlaskClient, signed: str, query: str, field: str
) -> None:
    answer = client.get(f"{API}/proofs/{query}")
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_there_is_no_proof_beyond_the_end(client: FlaskClient, signed: str) -> None:
    for path in ("/journal/999999/proof", f"{API}/proofs/inclusion?position=999999"):
        assert client.get(path).status_code == 404


def test_the_journal_page_shows_checkpoint_and_keys(app: Flask, signed: str) -> None:
    page = unescape(app.test_client().get("/journal", headers=ENGLISH).text)
    assert signed in page
    assert "made for trial use" in page
