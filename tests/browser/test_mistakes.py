"""What happens when somebody makes a mistake: said plainly, nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import complaints
from tests.browser.running import Site
from tests.browser.steps import cases, catalogue
from tests.browser.steps.forms import fill_in, press
from tests.browser.visitors import Visitors, fill_sign_in

pytestmark = pytest.mark.browser

DRAFT = {
    "Kind": "National standard",
    "Title in Vietnamese": "Chuỗi khối – Thuật ngữ",
    "Issuing body": "Ministry of Science and Technology",
    "Source": "https://example.org/draft",
}


def expect_focus(page: Page, label: str) -> None:
    expect(page.get_by_label(label, exact=True)).to_be_focused()


def test_wrong_sign_in_does_not_tell_what_was_wrong(visitors: Visitors, site: Site) -> None:
    page = visitors.anyone()
    page.goto("/sign-in")
    said = []
    for email in (site.email("editor"), "nobody@demo.example"):
        fill_sign_in(page, email, "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
        said.append(page.get_by_role("alert").inner_text())
        expect(page.get_by_label("E-mail address")).to_have_value(email)
        expect(page.get_by_label("Password")).to_have_value("")
    assert said[0] == said[1]
    assert complaints(page, "en") == []


def test_form_errors_name_the_field_and_lead_to_it(visitors: Visitors) -> None:
    page = visitors.signed_in("business")
    page.goto("/workspace/applications/new")
    fill_in(
        page,
        {
            "Technical regulation": "QCVN 999:2024/XYZ",
            "Assessment method": "Method 1: type testing",
            "Name of the product in English": "Door bell 🔔 جرس",
            "Models (optional)": "A-1\nA-2",
        },
    )
    cases.press_send(page, "Send the application")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    summary.get_by_role("link", name="Technical regulation").click()
    field = page.get_by_label("Technical regulation", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(summary_words(page))
    expect(field).to_have_value("QCVN 999:2024/XYZ")
    expect(page.get_by_label("Name of the product in English")).to_have_value("Door bell 🔔 جرس")
    expect(page.get_by_label("Models")).to_have_value("A-1\nA-2")
    assert complaints(page, "en") == []


def summary_words(page: Page) -> str:
    """Return how the field is described: its hint and its error."""
    words: str = page.get_by_label("Technical regulation", exact=True).evaluate(
        """field => field.getAttribute("aria-describedby").split(" ")
            .map(id => document.getElementById(id).textContent.trim().replace(/\\s+/g, " "))
            .join(" ")"""
    )
    return words


def test_editors_form_keeps_what_was_typed(visitors: Visitors) -> None:
    page = visitors.signed_in("editor")
    page.goto("/workspace/editions/new")
    fill_in(
        page,
        DRAFT
        | {
            "Designation": "  ",
            "Issued (optional)": "31/13/2025",
            "Blockchain": True,
            "Scope in English (optional)": "Words used.",
        },
    )
    press(page, "Keep the draft")
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link", name="Issued").click()
    expect_focus(page, "Issued (optional)")
    expect(page.get_by_label("Issued")).to_have_value("31/13/2025")
    expect(page.get_by_label("Title in Vietnamese")).to_have_value(DRAFT["Title in Vietnamese"])
    expect(page.get_by_label("Scope in English")).to_have_value("Words used.")
    expect(page.get_by_label("Blockchain")).to_be_checked()
    assert complaints(page, "en") == []


def test_second_of_two_approvals_is_told_so(visitors: Visitors) -> None:
    editor = visitors.signed_in("editor")
    designation = "TCVN 14998:2026"
    catalogue.draft_edition(editor, designation, DRAFT)
    catalogue.propose(editor)
    first = visitors.signed_in("approver")
    second = visitors.signed_in("approver")
    for approver in (first, second):
        catalogue.open_proposal(approver, designation)
    catalogue.approve(first)
    press(second, "Approve and publish")
    alert = second.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(second.get_by_text("Published", exact=True)).to_be_visible()
    expect(second.get_by_role("button", name="Approve and publish")).to_have_count(0)


def test_draft_changed_meanwhile_is_not_overwritten(visitors: Visitors) -> None:
    editor = visitors.signed_in("editor")
    catalogue.draft_edition(editor, "TCVN 14997:2026", DRAFT)
    address = editor.url + "/edit"
    other = editor.context.new_page()
    for page in (editor, other):
        page.goto(address)
    fill_in(editor, {"Note (optional)": "first"})
    press(editor, "Keep the draft")
    fill_in(other, {"Note (optional)": "second"})
    press(other, "Keep the draft")
    expect(other.get_by_role("alert")).to_contain_text("changed")
    expect(other.get_by_label("Note")).to_have_value("second")
    other.goto(address)
    expect(other.get_by_label("Note")).to_have_value("first")


def test_session_ends_with_sign_out_in_every_window(visitors: Visitors) -> None:
    page = visitors.signed_in("editor")
    other = page.context.new_page()
    other.goto("/workspace/editions")
    press(page, "Sign out")
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


def test_form_without_its_token_is_refused_kindly(visitors: Visitors) -> None:
    page = visitors.anyone()
    page.goto("/sign-in")
    page.context.clear_cookies()
    with page.expect_response("**/sign-in") as answer:
        fill_sign_in(page, "editor@demo.example", "whatever")
    assert answer.value.status == 400
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Go to the home page")).to_be_visible()
    assert complaints(page, "en") == []


def test_wrong_role_is_told_whom_to_ask(visitors: Visitors) -> None:
    page = visitors.signed_in("business")
    answer = page.goto("/workspace/editions")
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("Sign in with an account that may do this")
    assert complaints(page, "en") == []


def test_address_that_leads_nowhere_offers_a_search(visitors: Visitors) -> None:
    page = visitors.anyone("vi")
    answer = page.goto("/editions/khong-co-that")
    assert answer
    assert answer.status == 404
    box = page.get_by_role("main").get_by_role("searchbox")
    box.fill("27002")
    box.press("Enter")
    expect(
        page.get_by_role("main").get_by_role("link", name="TCVN ISO/IEC 27002:2020")
    ).to_be_visible()
