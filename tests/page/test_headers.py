"""Security headers on every answer, and cookies that stay where they belong."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from registry.app import create_app
from registry.container import Registry
from tests.support.visitors import visitor

PATHS = (
    *("/", "/search?q=camera", "/nix", "/workspace", "/api/docs"),
    *("/api/v1/domains", "/api/v1/nix", "/open-data/national.csv", "/journal/download.jsonl"),
    "/static/css/tokens.css",
)


def policy(header: str) -> dict[str, list[str]]:
    """Return the directives of a Content-Security-Policy."""
    directives = (directive.split() for directive in header.split(";") if directive.strip())
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_a_strict_policy(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        found = policy(response.headers["Content-Security-Policy"])
        assert found["default-src"] == ["'self'"]
        assert found["object-src"] == ["'none'"]
        assert found["base-uri"] == ["'none'"]
        assert found["frame-ancestors"] == ["'none'"]
        assert found["form-action"] == ["'self'"]
        sources = {source for listed in found.values() for source in listed}
        assert sources <= {"'self'", "'none'", "data:"}
        assert "data:" not in found["script-src"] + found["style-src"] + found["default-src"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"]
        assert "Strict-Transport-Security" not in response.headers


def test_a_site_on_https_says_so_and_keeps_its_cookies_there(registry: Registry) -> None:
    settings = replace(registry.settings, base_url="https://x.example", secure_cookies=True)
    app = create_app(replace(registry, settings=settings), testing=True)
    response = app.test_client().get("/?lang=en")
    assert "max-age" in response.headers["Strict-Transport-Security"]
    assert "Secure" in response.headers["Set-Cookie"]


def test_pages_differ_by_language_and_visitor(client: FlaskClient) -> None:
    vary = {name.strip() for name in client.get("/").headers["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= vary


def test_a_visitor_who_only_reads_gets_no_session(client: FlaskClient) -> None:
    for path in ("/", "/search?q=camera", "/journal"):
        assert "Set-Cookie" not in client.get(path).headers, path


def test_static_files_do_not_ask_who_reads(registry: Registry) -> None:
    client = visitor(create_app(registry, testing=True), registry, "editor")
    with client.get("/static/css/tokens.css") as response:
        assert response.status_code == 200
        assert "max-age" in response.headers["Cache-Control"]
