"""Visitors of a running registry: each has a browser context, and so a sign-in, of their own."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
)

from tests.browser.running import Site

# Answers take longer on a busy machine than Playwright's own five seconds allow.
PATIENCE = 15_000  # milliseconds

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

LOCALES = {"en": "en-GB", "vi": "vi-VN"}


class Visitors:
    """Opens pages for people and notes whatever no page of this registry may ever do.

    ``complaints`` holds errors in the console, among them breaches of the content
    security policy, errors in scripts, requests to another host, requests that
    failed and answers from 500 on.
    """

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def anyone(self, language: str = "en", **options: Any) -> Page:
        """Return an empty page of somebody new who reads ``language``."""
        settings: dict[str, Any] = {
            "base_url": self._site.url,
            "locale": LOCALES[language],
            "viewport": DESK,
            "reduced_motion": "reduce",
        }
        context = self._browser.new_context(**(settings | options))
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        self._listen(context)
        return context.new_page()

    def signed_in(self, name: str, **options: Any) -> Page:
        """Return the workspace of a demonstration person who has just signed in, in English."""
        page = self.anyone(**options)
        page.goto("/sign-in")
        self.sign_in(page, name)
        page.wait_for_url("**/workspace")
        return page

    def sign_in(self, page: Page, name: str) -> None:
        """Let a demonstration person fill the sign-in form that ``page`` shows."""
        fill_sign_in(page, self._site.email(name), self._site.passwords[name])

    def close(self) -> None:
        """Close what was opened."""
        while self._contexts:
            self._contexts.pop().close()

    def _listen(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._complain("script", str(error.error)))
        context.on("response", self._check)
        context.on("requestfailed", self._miss)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # The answer's status is judged where its request is known, in _check.
        if message.text.startswith("Failed to load resource: the server responded"):
            return
        self._complain(message.type, f"{message.text} ({message.location.get('url')})")

    def _check(self, response: Response) -> None:
        asked = urlsplit(response.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(self._site.url).netloc:
            self._complain("foreign", response.url)
        # A page may say no; what a page is made of must be there.
        allowed = 500 if response.request.resource_type == "document" else 400
        if response.status >= allowed:
            self._complain(str(response.status), response.url)

    def _miss(self, request: Request) -> None:
        # Who goes on to the next page before the last one is complete breaks off its requests.
        if request.failure != "net::ERR_ABORTED":
            self._complain("failed", f"{request.url} {request.failure}")

    def _complain(self, kind: str, text: str) -> None:
        self.complaints.append(f"{kind}: {text}")


def fill_sign_in(page: Page, email: str, password: str) -> None:
    """Fill and send the sign-in form that ``page`` shows in English."""
    form = page.get_by_role("main")
    form.get_by_label("E-mail address").fill(email)
    form.get_by_label("Password").fill(password)
    form.get_by_role("button", name="Sign in").click()
