"""The docs page: everything on it without JavaScript, and Swagger UI under the site's own CSP."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests.support.api import Contract
from tests.support.chromium import launch


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Return the address of a server of the application under test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_lists_every_operation_without_a_script(contract: Contract, language: str) -> None:
    page = contract.app.test_client().get(f"/api/docs?lang={language}").text
    for path, operations in contract.document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                assert f"{method.upper()} {path}</code>" in page
                assert f'id="{operation["operationId"]}"' in page
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page


def test_only_the_files_of_the_page_are_served(contract: Contract) -> None:
    client = contract.app.test_client()
    with client.get("/api/docs/files/swagger-ui.css") as answer:
        assert answer.status_code == 200
    for name in ("LICENSE", "oauth2-redirect.html", "../VERSION", "..%2f..%2fapp.py"):
        assert client.get(f"/api/docs/files/{name}").status_code == 404


@pytest.mark.browser
def test_operations_can_be_tried_under_the_content_security_policy(address: str) -> None:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        page = launch(playwright).new_page(locale="en")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:"))
                else complaints.append(request.url)
            ),
        )
        page.goto(f"{address}/api/docs?lang=en")
        explorer = page.locator("#api-document")
        explorer.locator("#operations-tag-Domains").click()
        explorer.get_by_role("button", name="get /api/v1/domains").first.click()
        explorer.get_by_role("button", name="Try it out").click()
        explorer.get_by_role("button", name="Execute").click()
        answered = explorer.locator(".live-responses-table .response-col_status").last
        expect(answered).to_contain_text("200")
        page.context.browser.close()  # type: ignore[union-attr]
    assert complaints == []
