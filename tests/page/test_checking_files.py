"""Checking a file as anybody may: every file gets its answer, and nothing of it is kept."""

import io
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from registry.app import create_app
from registry.clock import FixedClock
from registry.container import Registry
from tests.conftest import START, ZONE, Databases
from tests.support import false_files
from tests.support.assessment import World, load_demonstration
from tests.support.credentials import part, pdf_of, token_of
from tests.support.visitors import csrf_token


class Shelf:
    """A certificate's files, and the register that issued it."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        certificate = World(registry).certificate()
        self.number = certificate.number
        self.pdf = pdf_of(World(registry), certificate.id)
        self.token = token_of(World(registry), certificate.id)

    def send(
        self, content: bytes, name: str = "a.pdf", query: str = "", language: str = "en"
    ) -> TestResponse:
        client: FlaskClient = create_app(self.registry, testing=True).test_client()
        token = csrf_token(client.get("/verify").text)
        return client.post(
            f"/verify/file{query}",
            data={"csrf_token": token, "file": (io.BytesIO(content), name)},
            headers={"Accept-Language": language},
        )


@pytest.fixture(scope="module")
def shelf(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder, clock = tmp_path_factory.mktemp("shelf"), FixedClock(START, ZONE)
    with databases.opened("demonstration", load_demonstration, folder, clock) as registry:
        yield Shelf(registry)


def stored(folder: Path) -> set[str]:
    return {os.path.join(where, name) for where, _, names in os.walk(folder) for name in names}


def test_a_genuine_file_is_answered_and_leads_to_its_number(shelf: Shelf) -> None:
    before = stored(shelf.registry.settings.data_dir)
    page = shelf.send(shelf.pdf)
    assert page.status_code == 200
    for words in (
        "Genuine and in force",
        f'href="/verify/{shelf.number}"',
        "Công ty Camera Sao Mai",
        "proven to be among the first",
        "A trial key",
    ):
        assert words in page.text
    assert "Differs:" not in page.text
    assert stored(shelf.registry.settings.data_dir) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (false_files.flipped, "Altered after it was signed"),
        (false_files.shadowed, "Objects follow that can change what every page shows."),
        (lambda pdf: pdf[:-5], "The file is cut off"),
        (false_files.unsigned, "Not signed"),
    ],
)
def test_a_false_file_is_shown_beside_the_genuine_certificate(
    shelf: Shelf, change: false_files.Change, words: str
) -> None:
    page = shelf.send(change(shelf.pdf))
    assert page.status_code == 200
    assert words in page.text
    assert "What the genuine certificate says" in page.text
    assert f'href="/verify/{shelf.number}"' in page.text
    assert "Genuine and in force</h1>" not in page.text


def test_what_a_forged_credential_says_is_marked(shelf: Shelf) -> None:
    token = false_files.forged_token(shelf.token, validUntil="2099-12-31T23:59:59+07:00")
    page = shelf.send(token.encode(), "forged.jwt")
    assert page.text.count("Differs:") == 1
    assert "31 December 2099" in page.text


def test_of_a_long_list_what_differs_is_told(shelf: Shelf) -> None:
    subject = part(shelf.token, 1)["credentialSubject"]
    products = [{"product": {"modelNumber": f"X-{number}"}} for number in range(20)]
    subject["conformityAssessment"][0]["assessedProduct"] = products
    token = false_files.forged_token(shelf.token, credentialSubject=subject)
    page = shelf.send(token.encode(), "forged.jwt").text
    only, missing = page.split("Only in the file:")[1].split("Missing in the file:")
    assert "X-0" in only
    assert "X-19" in only
    assert "C-1" in missing


@pytest.mark.parametrize("name", ["only a head", "archive", "page", "deep JSON"])
def test_what_is_no_certificate_is_told_with_what_to_do(shelf: Shelf, name: str) -> None:
    page = shelf.send(false_files.HOSTILE[name], "<script>\u202e.pdf")
    assert page.status_code == 200
    assert "This register holds every certificate it has issued" in page.text
    assert "<script>\u202e" not in page.text
    assert "&lt;script&gt;.pdf" in page.text


def test_the_day_asked_and_vietnamese(shelf: Shelf) -> None:
    page = shelf.send(shelf.pdf, query="?at=2020-01-01", language="vi")
    assert "Có thật, chưa đến ngày có hiệu lực" in page.text or "chưa có hiệu lực" in page.text


@pytest.mark.parametrize(
    ("fields", "query", "said"),
    [
        ({}, "", "Choose the file that you want to check."),
        ({"file": (io.BytesIO(b""), "a.pdf")}, "", "Choose the file that you want to check."),
        ({"file": (io.BytesIO(b"x"), "a.pdf")}, "?at=someday", ""),
    ],
)
def test_what_cannot_be_checked_is_said_at_the_field(
    shelf: Shelf, fields: dict[str, Any], query: str, said: str
) -> None:
    client = create_app(shelf.registry, testing=True).test_client()
    token = csrf_token(client.get("/verify").text)
    page = client.post(
        f"/verify/file{query}",
        data={"csrf_token": token, **fields},
        headers={"Accept-Language": "en"},
    )
    assert page.status_code == 422
    assert said in page.text


def test_a_hundred_megabytes_are_refused_unread(shelf: Shelf) -> None:
    """By a real server: only the head of the request is ever sent."""
    import http.client  # noqa: PLC0415

    server = make_server("127.0.0.1", 0, create_app(shelf.registry, testing=True))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
        connection.putrequest("POST", "/api/v1/certificates/verify-file")
        connection.putheader("Content-Type", "application/pdf")
        connection.putheader("Content-Length", str(100 * 1024 * 1024))
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        connection.close()
    finally:
        server.shutdown()
        serving.join()


def test_the_form_and_its_answer_have_addresses_that_can_be_followed(shelf: Shelf) -> None:
    client = create_app(shelf.registry, testing=True).test_client()
    assert client.get("/verify/file").location == "/verify#file"
    page = client.get("/verify", headers={"Accept-Language": "en"}).text
    assert re.search(r'<form[^>]+action="/verify/file"', page)


def test_who_sends_files_without_end_is_told_when_to_come_back(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All within one minute, however long they take.
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    app = create_app(shelf.registry, testing=True)
    client = app.test_client()
    codes = [
        client.post("/api/v1/certificates/verify-file", data=b"x").status_code for _ in range(401)
    ]
    assert (codes[0], codes[-1]) == (200, 429)
    assert codes.count(200) == 400
