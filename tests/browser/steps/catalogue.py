"""Editors and approvers at work, and readers who look for the result."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps.forms import Answers, expect_said, fill_in, follow, press

SEARCH_FIELD = re.compile("Number, title or product|Số hiệu, tên gọi hoặc sản phẩm")
PROPOSAL = "Waits for approval by a second person"


def open_desk(page: Page) -> None:
    """Go to the editions in the workflow."""
    page.goto("/workspace")
    follow(page, "Editions")


def draft_edition(page: Page, designation: str, answers: Answers) -> None:
    """Draft an edition; the page then shows the draft."""
    open_desk(page)
    follow(page, "Draft an edition")
    fill_in(page, {"Designation": designation, **answers})
    press(page, "Keep the draft")
    expect_said(page, "The draft is kept.")


def propose(page: Page) -> None:
    """Propose the draft shown for approval."""
    press(page, "Propose for approval")
    expect(page.get_by_text(PROPOSAL)).to_be_visible()


def open_proposal(page: Page, designation: str) -> None:
    """Open what waits for approval from the desk."""
    open_desk(page)
    follow(page, designation)
    expect(page.get_by_text(PROPOSAL)).to_be_visible()


def approve(page: Page) -> None:
    """Approve the proposal shown."""
    press(page, "Approve and publish")
    expect_said(page, "Recorded in the journal.")
    expect(page.get_by_text("Published", exact=True)).to_be_visible()


def search(page: Page, words: str) -> None:
    """Search from the home page by pressing Enter."""
    page.goto("/")
    box = page.get_by_role("main").get_by_label(SEARCH_FIELD)
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/search?**")
