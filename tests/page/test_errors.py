"""Errors as pages and as problem documents: in the reader's language, naming what to mend."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.app import create_app
from registry.clock import FixedClock
from registry.config import MAX_REQUEST_BYTES
from registry.container import Registry, open_registry
from registry.errors import Busy, Conflict, Denied, Invalid, NotFound, RegistryError, Stale
from registry.messages import Message
from registry.web.errors import PROBLEMS, STATUS, classify
from registry.web.headers import _POLICY
from tests.support.visitors import Text, csrf_token

LANGUAGE_OF_404 = {"vi": "Không tìm thấy", "en": "Page not found"}
ENGLISH = {"Accept-Language": "en"}
TOO_MUCH = b"x" * (MAX_REQUEST_BYTES + 1)


def failing(registry: Registry, error: Exception) -> FlaskClient:
    """Return a client of an application with a page and a resource that raise ``error``."""
    app = create_app(registry)
    app.logger.disabled = True

    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail)
    app.add_url_rule("/api/v1/fails", "api_fails", fail)
    return app.test_client()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/nix", "/editions/nix", "/domains/nix", "/journal/999999"])
def test_an_unknown_address_is_not_found_in_the_readers_language(
    client: FlaskClient, path: str, language: str
) -> None:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 404
    assert f'<html lang="{language}">' in response.text
    assert response.headers["Content-Security-Policy"] == _POLICY
    if language == "vi":
        assert "The requested URL" not in response.text
        assert not any(
            "not found" in words.lower() for words in Text(response.text).in_language("vi")
        )


@pytest.mark.parametrize(("error_type", "status", "kind"), STATUS)
def test_each_typed_error_has_its_answer(
    registry: Registry, error_type: type[RegistryError], status: int, kind: str
) -> None:
    error = (
        error_type({"a.0": [Message("At most {count} possible.", count=3)]})
        if error_type is Invalid
        else error_type("Please sign in first.")
    )
    assert classify(error)[:2] == (status, kind)
    client = failing(registry, error)
    page = client.get("/fails", headers=ENGLISH)
    problem = client.get("/api/v1/fails", headers=ENGLISH)
    assert page.status_code == (302 if status == 401 else status)
    assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    body: Any = problem.json
    assert body["status"] == status
    assert body["title"] == PROBLEMS[kind]
    assert body["instance"] == "/api/v1/fails"
    assert client.get(body["type"]).status_code == 200
    assert ("WWW-Authenticate" in problem.headers) is (status == 401)
    assert ("Retry-After" in problem.headers) is (status == 503)
    if error_type is Invalid:
        assert body["errors"] == [
            {"field": "a.0", "pointer": "/a/0", "detail": "At most 3 possible."}
        ]
        assert "At most 3 possible." in page.text
    else:
        assert body["detail"] == "Please sign in first."


@pytest.mark.parametrize(
    "error",
    [NotFound("x"), Denied("x"), Stale("x"), Conflict("x"), Busy("x"), Invalid.one("f", "x")],
)
def test_messages_of_unknown_words_are_shown_as_they_are(
    registry: Registry, error: RegistryError
) -> None:
    response = failing(registry, error).get("/fails")
    assert response.status_code >= 400
    assert '<html lang="vi">' in response.text


def test_a_fault_of_ours_tells_nothing_of_itself(registry: Registry) -> None:
    client = failing(registry, RuntimeError("the secret is 17"))
    for path in ("/fails", "/api/v1/fails"):
        response = client.get(path)
        assert response.status_code == 500
        assert "secret" not in response.text
        assert "Traceback" not in response.text
        assert "Content-Security-Policy" in response.headers


def test_a_database_that_cannot_be_read_is_one_plain_page(
    databases: Any, clock: FixedClock, tmp_path: Path
) -> None:
    settings = databases.blank(tmp_path)
    registry = open_registry(settings, clock)
    app = create_app(registry)
    app.logger.disabled = True
    page, problem = (app.test_client().get(path) for path in ("/", "/api/v1/domains"))
    registry.engine.dispose()
    databases.drop(settings.database_url)
    assert (page.status_code, problem.status_code) == (500, 500)
    assert "<h1>" in page.text
    assert problem.mimetype == "application/problem+json"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_request_too_large_is_refused(client: FlaskClient, language: str) -> None:
    headers = {"Accept-Language": language}
    page = client.post(
        "/sign-in", data=TOO_MUCH, content_type="application/x-www-form-urlencoded", headers=headers
    )
    assert page.status_code == 413
    assert f'<html lang="{language}">' in page.text
    assert "16 MB" in page.text
    problem = client.post(
        "/api/v1/editions", data=TOO_MUCH, content_type="application/json", headers=headers
    )
    assert problem.status_code in (401, 413)
    assert problem.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/about", 405),
        ("GET", "/sign-out", 405),
        ("GET", "/nix", 404),
        ("POST", "/sign-in", 400),
    ],
)
def test_what_http_refuses_is_said_in_vietnamese_too(
    app: Flask, method: str, path: str, status: int
) -> None:
    response = app.test_client().open(path, method=method)
    assert response.status_code == status
    said = " ".join(Text(response.text).in_language("vi"))
    for english in ("The ", "CSRF", "is not", "Method", "request"):
        assert english not in said, said


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", "/api/v1/editions", 405), ("GET", "/api/v1/nix", 404)],
)
def test_problems_of_http_link_to_what_explains_them(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    body: Any = response.json
    assert body["type"] == "about:blank" or client.get(body["type"]).status_code == 200
    if status == 405:
        assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("kind", PROBLEMS)
def test_every_kind_of_problem_is_explained(client: FlaskClient, kind: str) -> None:
    assert client.get(f"/problems/{kind}").status_code == 200


def test_an_expired_form_says_so(client: FlaskClient) -> None:
    token = csrf_token(client.get("/sign-in").text)
    client.delete_cookie("session")
    response = client.post("/sign-in", data={"csrf_token": token, "email": "a@b.vn"})
    assert response.status_code == 400
