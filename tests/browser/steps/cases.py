"""Applications, reports, decisions and certificates, each at the desk of its person."""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page

from tests.browser.steps.forms import Answers, expect_said, fill_in, follow, press

REPORT_ITEMS: Answers = {
    "Title (a)": "Báo cáo thử nghiệm",
    "Name and address of the laboratory (b)": "Cần Thơ",
    "Where the activity took place (c)": "Cần Thơ",
    "Customer (e)": "Công ty Camera Sao Mai",
    "Item tested (g)": "Camera CL-7, 2 mẫu",
    "Condition of the item (g)": "nguyên vẹn",
    "The report says that its results relate only to the items tested (l)": True,
    "sampling plan and method": True,
    "additions to, deviations or exclusions from the method": True,
    "clear mark of results from external providers": True,
    "Authorised by (o)": "Trưởng phòng thử nghiệm",
}


def apply_for(page: Page, answers: Answers) -> str:
    """Fill the application form shown and send it; return the application's number."""
    fill_in(page, answers)
    press_send(page, "Send the application")
    expect_said(page, "Your application is received.")
    number = re.search(r"HS-\d{4}(-[0-9A-Z]{5}){2}", page.url)
    assert number
    return number.group()


def open_application(page: Page, desk: str, number: str) -> None:
    """Open an application from ``desk``: "Applications" or "My applications"."""
    page.goto("/workspace")
    follow(page, desk)
    follow(page, number)


def open_report_form(page: Page, application: str) -> None:
    """Begin a report on ``application`` and go to its first step."""
    page.goto("/workspace")
    follow(page, "My reports")
    fill_in(page, {"Application number": application})
    press(page, "Submit a report for it")
    press(page, "Start a report")


def resume_draft(page: Page, report: str) -> None:
    """Open a draft kept on the server, at its first step."""
    page.goto("/workspace")
    follow(page, "My reports")
    follow(page, report)


def submit_report(page: Page, application: str, head: Answers, tests: Sequence[Answers]) -> Locator:
    """Submit a report on ``application``; return the conditions that the page then shows."""
    open_report_form(page, application)
    fill_in(page, {**REPORT_ITEMS, **head})
    press_send(page, "Save and go on")
    for line, answers in enumerate(tests, 1):
        if line > 1:
            press(page, "Add a test")
        fill_in(page, answers, line)
    press_send(page, "Save and go on")
    page.get_by_role("link", name="Go on", exact=True).click()
    press(page, "Submit the report")
    expect_said(page, "The report is received and judged; see each condition below.")
    return page.get_by_role("region", name=re.compile("report is|officer must"))


def press_send(page: Page, button: str) -> None:
    """Press the visible one of a form's two buttons to send it.

    The other is there for the key Enter, out of sight and out of the order of Tab.
    """
    page.get_by_role("button", name=button, exact=True).last.click()


def take_up(page: Page, number: str) -> None:
    """Let the officer accept an application for assessment."""
    open_application(page, "Applications", number)
    press(page, "Take up the application")
    expect_said(page, "The application is taken up; you are its evaluator.")


def review(page: Page, number: str, reasons: str) -> None:
    """Let the reviewer recommend to grant."""
    open_application(page, "Applications", number)
    page.get_by_role("radio", name="Grant").check()
    fill_in(page, {"Reasons": reasons})
    press(page, "Record the review")
    expect_said(page, "Your review is recorded.")


def grant(page: Page, number: str) -> str:
    """Let the decision maker grant; return the certificate's number."""
    open_application(page, "Applications", number)
    page.get_by_role("radio", name="Grant and issue the certificate").check()
    press(page, "Record the decision")
    expect_said(page, "is issued.")
    heading = page.get_by_role("heading", name=re.compile(r"^Certificate VN-"))
    return heading.inner_text().removeprefix("Certificate ")


def suspend(page: Page, number: str, day: str, reason: str) -> None:
    """Let the officer suspend a certificate from ``day`` on."""
    page.goto("/workspace")
    follow(page, "Certificates")
    fill_in(page, {"Certificate number": number})
    press(page, "Open")
    form = page.get_by_role("region", name="Suspend")
    fill_in(form, {"From this day on": day, "Reason": reason})
    press(form, "Suspend")
    expect_said(page, "The change is recorded; checking the number shows it from its day on.")
