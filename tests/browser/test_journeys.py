"""A draft left and resumed, a suspension looked at first, a declaration that anyone finds."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.checks import complaints
from tests.browser.running import Site
from tests.browser.steps import cases
from tests.browser.steps.forms import expect_said, fill_in, follow, press
from tests.browser.visitors import Visitors
from tests.support.files import pdf

pytestmark = pytest.mark.browser

REGULATION = "QCVN 135:2024/BTTTT"
PRODUCT = {"Assessment method": "Method 1: type testing"}


def test_a_draft_is_left_resumed_given_a_file_and_submitted(
    visitors: Visitors, site: Site, tmp_path: Path
) -> None:
    business = visitors.signed_in("business")
    business.goto("/workspace/applications/new")
    name = {"Name of the product in Vietnamese": "Camera sân vườn"}
    number = cases.apply_for(business, {"Technical regulation": REGULATION, **PRODUCT, **name})

    laboratory = visitors.signed_in("laboratory")
    cases.open_report_form(laboratory, number)
    head = {"Report number (d)": "BV-901", "Date of issue (j)": site.today().isoformat()}
    fill_in(laboratory, {**cases.REPORT_ITEMS, **head})
    cases.press_send(laboratory, "Save and go on")

    elsewhere = visitors.signed_in("laboratory")
    cases.resume_draft(elsewhere, "BV-901")
    expect(elsewhere.get_by_label("Title (a)")).to_have_value("Báo cáo thử nghiệm")
    assert complaints(elsewhere, "en") == []
    cases.press_send(elsewhere, "Save and go on")
    test = {"Characteristic": "Thời gian khóa", "Method": REGULATION}
    fill_in(elsewhere, {**test, "Statement of conformity": "pass"})
    assert complaints(elsewhere, "en") == []
    cases.press_send(elsewhere, "Save and go on")
    file = tmp_path / "bao-cao.pdf"
    file.write_bytes(pdf())
    elsewhere.get_by_label("File", exact=True).set_input_files(file)
    press(elsewhere, "Add the file")
    expect(elsewhere.get_by_role("table")).to_contain_text("bao-cao.pdf")
    assert complaints(elsewhere, "en") == []
    elsewhere.get_by_role("link", name="Go on", exact=True).click()
    expect(elsewhere.get_by_role("button", name="Submit the report")).to_be_visible()
    assert complaints(elsewhere, "en") == []
    press(elsewhere, "Submit the report")
    expect_said(elsewhere, "The report is received and judged; see each condition below.")
    statement = elsewhere.get_by_role("link", name="Statement on this report (PDF)")
    address = statement.get_attribute("href")
    assert address
    assert elsewhere.request.get(address).headers["content-type"] == "application/pdf"


def test_a_declaration_with_a_file_is_registered_and_found_by_anyone(
    visitors: Visitors, site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "ho-so.pdf"
    file.write_bytes(pdf())
    business = visitors.signed_in("business")
    business.goto("/workspace/declarations/new")
    answers = {
        "Name of the product in Vietnamese": "Camera chuồng gà",
        "Regulations and standards": REGULATION,
        "Basis": "Own assessment",
        "Name of the signatory": "Nguyễn Văn An",
        "Function": "Giám đốc",
        "Place": "Hà Nội",
    }
    basis = business.get_by_label("Basis", exact=True)
    answers["Basis"] = basis.locator('option[value="self-assessment"]').inner_text()
    fill_in(business, answers)
    business.locator('input[name="documents.0.file"]').set_input_files(file)
    cases.press_send(business, "Send the declaration")
    expect_said(business, "Your declaration is received.")
    expect(business.get_by_role("link", name="ho-so.pdf")).to_be_visible()
    number = re.search(r"[^/]+$", business.url)
    assert number

    officer = visitors.signed_in("officer")
    officer.goto("/workspace/desk")
    officer.get_by_role("main").get_by_role("link", name=re.compile(number.group())).click()
    officer.get_by_role("radio", name="Register").check()
    fill_in(officer, {"Reasons": "Đã xem hồ sơ"})
    press(officer, "Record the decision")
    expect_said(officer, "Your decision is recorded.")

    anyone = visitors.anyone()
    anyone.goto("/declarations?q=chuong+ga")
    follow(anyone.get_by_role("main"), number.group())
    expect(anyone.get_by_role("main")).to_contain_text("ho-so.pdf")
    expect(anyone.get_by_role("link", name="ho-so.pdf")).to_have_count(0)


def test_a_suspension_is_looked_at_before_it_is_recorded(visitors: Visitors, site: Site) -> None:
    officer = visitors.signed_in("officer")
    officer.goto("/workspace/bodies/demo-laboratory")
    officer.get_by_role("link", name=re.compile("^Record an event")).first.click()
    officer.get_by_role("radio", name="Suspended").check()
    reason = {"Reason": "Thử nghiệm thành thạo không đạt"}
    fill_in(officer, {"From this day on": site.today().isoformat(), **reason})
    cases.press_send(officer, "Record the event")
    expect(officer.get_by_role("main")).to_contain_text("Nothing is recorded yet")
    assert complaints(officer, "en") == []
    officer.get_by_role("button", name=re.compile("^Record the event")).click()
    expect_said(officer, "The event is recorded.")
    officer.get_by_role("link", name=re.compile("^Retract the last event")).first.click()
    fill_in(officer, {"Reason": "Ghi nhầm"})
    cases.press_send(officer, "Retract the event")
    expect_said(officer, "The event is retracted.")
