"""The officer's desk: bodies, accreditations, arrangements; and the account of a new body."""

from collections.abc import Mapping, Sequence

from playwright.sync_api import Page, expect

from tests.browser.steps.forms import Answers, expect_said, fill_in, follow, press


def register_laboratory(page: Page, names: Mapping[str, str], country: str) -> None:
    """Register a testing laboratory with its organisation; the page then shows the body."""
    page.goto("/workspace")
    follow(page, "Bodies and arrangements")
    follow(page, "Register a body")
    fill_in(
        page,
        {
            "Name in Vietnamese": names["vi"],
            "Name in English": names["en"],
            "Country": country,
            "Testing laboratory": True,
            "Registered from (optional)": "2025-01-01",
        },
    )
    press(page, "Register the body")
    expect_said(page, "The body is registered.")
    expect(page.get_by_role("heading", level=1)).to_have_text(names["en"])


def accredit(page: Page, accreditor: str, number: str) -> None:
    """Record an accreditation to ISO/IEC 17025 of the body shown."""
    follow(page, "Record an accreditation")
    fill_in(
        page,
        {
            "Accreditation body": accreditor,
            "Standard": "ISO/IEC 17025:2017",
            "Accreditation number": number,
            "Valid from": "2025-01-01",
        },
    )
    press(page, "Record the accreditation")
    expect_said(page, "The accreditation is recorded.")


def add_scope(page: Page, number: str, lines: Sequence[Answers]) -> None:
    """Add scope lines to accreditation ``number`` of the body shown."""
    follow(page, f"Add scope lines – {number}")
    for line, answers in enumerate(lines, 1):
        if line > 1:
            press(page, "Add a line")
        fill_in(page, answers, line)
    press(page, "Record the scope lines")
    expect_said(page, "The scope lines are recorded.")


def designate(page: Page, regulation: str, ministry: str, since: str) -> None:
    """Record a ministry's designation of the body shown for testing to ``regulation``."""
    follow(page, "Record a designation")
    fill_in(page, {"Technical regulation": regulation, "Ministry": ministry, "Valid from": since})
    press(page, "Record the designation")
    expect_said(page, "The designation is recorded.")


def record_arrangement(page: Page, titles: Mapping[str, str], country: str) -> None:
    """Record a mutual agreement with ``country`` (ISO 3166-1); the page then shows it."""
    page.goto("/workspace")
    follow(page, "Bodies and arrangements")
    follow(page, "Record an arrangement")
    fill_in(
        page,
        {
            "Title in Vietnamese": titles["vi"],
            "Title in English": titles["en"],
            "Kind": "Mutual recognition agreement between governments",
            "Phase (optional)": "Phase I: acceptance of test reports",
            "Valid from": "2025-01-01",
        },
    )
    press(page, "Add a party")
    fill_in(page, {"Economy": country}, line=2)
    press(page, "Record the arrangement")
    expect_said(page, "The arrangement is recorded.")
    expect(page.get_by_role("heading", level=1)).to_have_text(titles["en"])


def cover(page: Page, regulation: str) -> None:
    """Let the arrangement shown cover test reports to ``regulation``."""
    follow(page, "Add scope lines")
    fill_in(page, {"Technical regulation (optional)": regulation})
    press(page, "Record the scope lines")
    expect_said(page, "The scope lines are recorded.")


def list_body(page: Page, body: str) -> None:
    """List a body under the arrangement shown."""
    follow(page, "List a body")
    fill_in(page, {"Body": body, "Listed from": "2025-01-01"})
    press(page, "List the body")
    expect_said(page, "The body is listed.")
    expect(page.get_by_role("table").get_by_role("link", name=body, exact=True)).to_be_visible()


def open_account(page: Page, email: str, name: str, organisation: str) -> str:
    """Let the administrator open a laboratory's account; return its first password."""
    page.goto("/workspace")
    follow(page, "Accounts")
    follow(page, "Open an account")
    fill_in(
        page,
        {
            "E-mail address": email,
            "Name": name,
            "Organisation (optional)": organisation,
            "Laboratory or other conformity assessment body": True,
        },
    )
    press(page, "Open the account")
    expect(page.get_by_role("heading", name="The account is open")).to_be_visible()
    return page.get_by_role("main").get_by_role("code").inner_text()
