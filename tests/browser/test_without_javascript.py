"""Everything works where no script runs: an old phone, a strict office, a reader mode."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import cases, catalogue
from tests.browser.steps.forms import fill_in, follow, press
from tests.browser.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser

PLAIN: dict[str, Any] = {"java_script_enabled": False}
REGULATION = "QCVN 135:2024/BTTTT"
PRODUCT = {
    "Assessment method": "Method 1: type testing",
    "Name of the product in Vietnamese": "Camera hành trình",
}


def result_count(page: Page) -> int:
    heading = page.get_by_role("main").get_by_role("status").get_by_role("heading")
    expect(heading).to_be_visible()
    digits = re.search(r"[\d.,]+", heading.inner_text())
    assert digits
    return int(re.sub(r"\D", "", digits.group()))


def test_search_is_narrowed_and_widened_by_facets(visitors: Visitors) -> None:
    page = visitors.anyone(**PLAIN)
    catalogue.search(page, "an toàn")
    everything = result_count(page)
    kinds = page.get_by_role("region", name="Kind")
    kinds.get_by_role("link", name="National technical regulation").click()
    narrowed = result_count(page)
    assert 0 < narrowed < everything
    kinds.get_by_role("link", name="National standard").click()
    assert narrowed < result_count(page) <= everything
    follow(page, "Remove all")
    assert result_count(page) == everything
    page.get_by_role("textbox", name="Status on").fill("2020-01-01")
    press(page, "Search")
    expect(page.get_by_role("status")).to_contain_text("1 January 2020")


def test_language_is_switched_and_remembered(visitors: Visitors) -> None:
    page = visitors.anyone("vi", **PLAIN)
    page.goto("/search?q=camera")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("searchbox")).to_have_value("camera")
    follow(page, REGULATION)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(REGULATION)
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def test_menu_opens_on_a_phone(visitors: Visitors) -> None:
    page = visitors.anyone(viewport=PHONE, **PLAIN)
    page.goto("/")
    link = page.get_by_role("link", name="Check a certificate")
    expect(link).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check a certificate")


def test_certificate_is_checked_by_a_number_typed_carelessly(visitors: Visitors) -> None:
    page = visitors.anyone(**PLAIN)
    page.goto("/certificates")
    number = page.get_by_role("main").get_by_role("table").get_by_role("link").last.inner_text()
    page.goto("/verify")
    fill_in(page, {"Certificate number": f" {number.lower().replace('-', ' ')} "})
    press(page, "Check this number")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Genuine")
    wrong_digit = str((int(number[-1]) + 1) % 10)
    page.goto("/verify")
    fill_in(page, {"Certificate number": number[:-1] + wrong_digit})
    press(page, "Check this number")
    expect(page.get_by_role("heading", level=1)).to_have_text("This number is mistyped")


def test_business_signs_in_on_the_way_to_its_application(visitors: Visitors) -> None:
    page = visitors.anyone(**PLAIN)
    catalogue.search(page, REGULATION)
    follow(page, REGULATION)
    follow(page, "Apply for assessment")
    visitors.sign_in(page, "business")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply for assessment")
    expect(page.get_by_label("Technical regulation")).to_have_value(REGULATION)
    cases.apply_for(page, PRODUCT)
    press(page, "Sign out")
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")


def test_lines_are_added_and_removed_without_losing_what_was_typed(visitors: Visitors) -> None:
    business = visitors.signed_in("business", **PLAIN)
    business.goto("/workspace/applications/new")
    number = cases.apply_for(business, {"Technical regulation": REGULATION, **PRODUCT})
    page = visitors.signed_in("laboratory", **PLAIN)
    cases.open_report_form(page, number)
    fill_in(page, {"Report number (d)": "BV-77"})
    cases.press_send(page, "Save and go on")
    fill_in(page, {"Characteristic": "Thời gian khóa", "Method": REGULATION})
    press(page, "Add a test")
    expect(page.get_by_label("Characteristic")).to_have_count(2)
    expect(page.get_by_label("Method", exact=True).last).to_have_value(REGULATION)
    fill_in(page, {"Characteristic": "Độ dài mật khẩu"}, line=2)
    press(page, "Remove – Test 1")
    expect(page.get_by_label("Characteristic")).to_have_count(1)
    expect(page.get_by_label("Characteristic")).to_have_value("Độ dài mật khẩu")
    cases.press_send(page, "Save and go back")
    expect(page.get_by_label("Report number (d)")).to_have_value("BV-77")


def test_wrong_form_names_what_to_mend_without_a_script(visitors: Visitors) -> None:
    page = visitors.signed_in("business", **PLAIN)
    page.goto("/workspace/applications/new")
    fill_in(page, {"Technical regulation": REGULATION, "HS codes (optional)": "12345"})
    cases.press_send(page, "Send the application")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("HS codes: “12345”: An HS code has 2, 4, 6 or 8 digits")
    expect(page.get_by_label("HS codes")).to_have_value("12345")
