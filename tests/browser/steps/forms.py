"""Filling forms as a person does: by the label beside each field."""

import time
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitors import PATIENCE

Answers = Mapping[str, str | bool]


def fill_in(form: Page | Locator, answers: Answers, line: int = 1) -> None:
    """Answer each question of a form by its whole label.

    A box is ticked by True, a choice made by its words. Of labels that stand in
    several lines, the one of line number ``line`` is meant.
    """
    for label, answer in answers.items():
        control = form.get_by_label(label, exact=True).nth(line - 1)
        if isinstance(answer, bool):
            control.set_checked(answer)
        elif control.evaluate("element => element.localName") == "select":
            control.select_option(label=answer)
        else:
            control.fill(answer)


def press(page: Page | Locator, button: str) -> None:
    """Press the button that reads ``button``."""
    page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page | Locator, link: str) -> None:
    """Follow the link that reads ``link``."""
    page.get_by_role("link", name=link, exact=True).click()


def expect_said(page: Page, words: str) -> None:
    """Check that the page confirms what was just done."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def reload_until(page: Page, awaited: Locator) -> None:
    """Ask for the page again until ``awaited`` is in it: followers need a moment."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not awaited.is_visible():
        assert time.monotonic() < deadline, f"{page.url} never showed {awaited}"
        page.wait_for_timeout(200)
        page.reload()
