"""Every page, for everybody: by keyboard, on a phone, with a screen reader (WCAG 2.2 AA)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.assessment.numbers import make
from registry.catalog.designation import parse
from tests.browser.checks import complaints, focus_shows
from tests.browser.running import Site
from tests.browser.steps import cases, catalogue
from tests.browser.steps.forms import fill_in, press
from tests.browser.visitors import DESK, PHONE, Visitors
from tests.browser.walking import Walk

pytestmark = pytest.mark.browser

REGULATION = "QCVN 135:2024/BTTTT"
DRAFTED = "TCVN 14996:2026"
DRAFT = {
    "Kind": "National standard",
    "Title in Vietnamese": "Trí tuệ nhân tạo – Thuật ngữ",
    "Issuing body": "Ministry of Science and Technology",
    "Source": "https://example.org/draft",
}
APPLICATION = {
    "Technical regulation": REGULATION,
    "Assessment method": "Method 1: type testing",
    "Name of the product in Vietnamese": "Camera chuông cửa",
}

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

# Where each walk begins. What no link of a first page leads to is named: the address of a kind
# of problem stands in the API's answers, a document's is for citing.
NAMED = parse(REGULATION)
OPEN_TO_ALL = (
    "/",
    "/certificates",
    "/problems/invalid",
    f"/documents/{NAMED.slug}",
    f"/editions/{NAMED.edition_slug}",
)
WORKSPACES = {
    "editor": (
        "/workspace",
        f"/workspace/editions/{NAMED.edition_slug}",
        f"/workspace/editions/{NAMED.edition_slug}/obligations",
        f"/workspace/editions/{parse(DRAFTED).edition_slug}/edit",
        "/programme",
        "/ics",
        "/catalogues",
    ),
    "officer": ("/workspace", "/workspace/bodies/demo-laboratory", "/foreign-results"),
    "business": ("/workspace",),
    "laboratory": ("/workspace",),
    "decision-maker": ("/workspace",),
    "administrator": ("/workspace",),
}

# Pages about records that this register has none of yet.
NEEDS_RECORDS = {
    "assessment.accreditation_event_retract",
    "assessment.answer_download",
    "assessment.declaration_document",
    "assessment.foreign_import_one",
    "assessment.foreign_laboratory",
    "assessment.foreign_one",
    "assessment.report_attachment",
    "assessment.report_file",
    "assessment.sheet_bad_rows",
    "assessment.sheet_preview",
    "assessment.surveillance_one",
    "catalog.bad_rows",
    "catalog.comments",
    "catalog.compare_editions",
    "catalog.import_columns",
    "catalog.obligation",
    "catalog.one_import",
    "catalog.programme_entry",
    "catalog.refresh",
    "catalog.replan_entry",
    "notices.endpoint",
    "notices.endpoint_change",
    "proofs.proof",
}


def test_every_page_can_be_reached_and_used_by_everybody(
    visitors: Visitors, site: Site, tmp_path: Path
) -> None:
    editor = visitors.signed_in("editor")
    catalogue.draft_edition(editor, DRAFTED, DRAFT)
    business = visitors.signed_in("business")
    business.goto("/workspace/applications/new")
    number = cases.apply_for(business, APPLICATION)
    cases.open_report_form(visitors.signed_in("laboratory"), number)

    also = {
        # A laboratory reaches its form by typing the application's number.
        "laboratory": (f"/workspace/applications/{number}/reports/new",),
        # Of a certificate, the decision maker sees other buttons than the officer.
        "decision-maker": (f"/workspace/certificates/{first_certificate(site)}",),
    }

    walk = Walk.of_the_registry(tmp_path)
    found: list[str] = []
    anyone = visitors.anyone("vi")
    for kind in walk.pages(anyone, *OPEN_TO_ALL):
        found += judge(anyone, kind)
    for name, starts in WORKSPACES.items():
        page = visitors.signed_in(name)
        for kind in walk.pages(page, *starts, *also.get(name, ())):
            found += judge(page, kind)
    found += [f"leads nowhere: {address}" for address in walk.dead]
    found += [f"never reached: {kind}" for kind in walk.kinds - walk.seen - NEEDS_RECORDS]
    assert not found, "\n".join(sorted(found))


def first_certificate(site: Site) -> str:
    """Return the number of the certificate that the demonstration issued."""
    return str(make("VN", site.today().year, 1))


def test_answers_to_a_list_of_numbers_can_be_used_by_everybody(
    visitors: Visitors, site: Site
) -> None:
    page = visitors.anyone()
    page.goto("/verify/list")
    fill_in(page, {"Numbers": f"{first_certificate(site)}\nVN-0000-000000-0"})
    press(page, "Check these numbers")
    expect(page.get_by_role("main").get_by_role("table")).to_contain_text(first_certificate(site))
    assert at_both_widths(page, "verify_list", "en") == []


def judge(page: Page, kind: str) -> list[str]:
    """Return what is to mend in the page shown, in its language and then in the other one."""
    html = page.locator("html")
    language = html.get_attribute("lang") or ""
    found = at_both_widths(page, kind, language)
    other = "vi" if language == "en" else "en"
    page.get_by_role("link", name=LANGUAGES[other], exact=True).click()
    expect(html).to_have_attribute("lang", other)
    # The text is there before the style sheets are.
    page.wait_for_load_state()
    return found + at_both_widths(page, kind, other)


def at_both_widths(page: Page, kind: str, language: str) -> list[str]:
    """Return what is to mend in the page shown, on a phone and on a desk."""
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size(width)
        found += [
            f"{kind} {language} {width['width']}: {complaint}"
            for complaint in complaints(page, language)
        ]
    return found


def test_search_by_keyboard_alone(visitors: Visitors) -> None:
    page = visitors.anyone()
    page.goto("/")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    main = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    reached = tab_to(page, "Number, title or product")
    assert len(main) > 3
    assert [name for name in reached if name in main] == main
    page.keyboard.type("camera giam sat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")

    tab_to(page, REGULATION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(REGULATION)


def test_skip_link_leads_past_the_navigation(visitors: Visitors) -> None:
    page = visitors.anyone()
    page.goto("/verify")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Certificate number")).to_be_focused()


def test_certificate_is_checked_by_keyboard_alone(visitors: Visitors, site: Site) -> None:
    page = visitors.anyone()
    page.goto("/verify")
    tab_to(page, "Certificate number")
    page.keyboard.type(first_certificate(site))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Genuine")


def test_signing_in_and_applying_by_keyboard_alone(visitors: Visitors, site: Site) -> None:
    page = visitors.anyone()
    page.goto("/sign-in?next=/workspace/applications/new")
    tab_to(page, "E-mail address")
    page.keyboard.type(site.email("business"))
    tab_to(page, "Password")
    page.keyboard.type(site.passwords["business"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apply for assessment")
    tab_to(page, "Technical regulation")
    page.keyboard.type(REGULATION)
    tab_to(page, "Assessment method")
    page.keyboard.type("Method 1: type")
    tab_to(page, "Name of the product in Vietnamese")
    page.keyboard.type("Camera bàn phím")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your application is received.")


def test_menu_of_a_phone_opens_and_closes_by_keyboard(visitors: Visitors) -> None:
    page = visitors.anyone(viewport=PHONE)
    page.goto("/")
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Arrangements")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    assert focused(page) == "Menu"


# What a screen reader would call the element that has the focus, roughly.
_FOCUSED = """() => {
    const element = document.activeElement;
    const words = element.getAttribute("aria-label") || element.labels?.[0]?.textContent
        || element.textContent || "";
    return words.trim().replace(/\\s+/g, " ");
}"""


def focused(page: Page) -> str:
    """Return the name of the element that has the focus."""
    return str(page.evaluate(_FOCUSED))


def tab_to(page: Page, name: str) -> list[str]:
    """Press Tab until the focus is on ``name``; return what it passed, which must all show it."""
    passed: list[str] = []
    while name not in passed:
        assert len(passed) < 60, f"Tab does not lead to {name!r}: {passed}"
        page.keyboard.press("Tab")
        passed.append(focused(page))
        assert focus_shows(page), f"the focus on {passed[-1]!r} cannot be seen"
    return passed
