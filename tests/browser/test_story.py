"""One case from a drafted entry to a suspended certificate, each person in their own browser."""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.checks import complaints
from tests.browser.pictures import Pictures
from tests.browser.running import Site
from tests.browser.steps import bodies, cases, catalogue
from tests.browser.steps.forms import follow, press, reload_until
from tests.browser.visitors import PATIENCE, Visitors, fill_sign_in

pytestmark = pytest.mark.browser

STANDARD = "TCVN 14999:2026"
REGULATION = "QCVN 135:2024/BTTTT"
ACCREDITOR = "[Demonstration] Red River Accreditation Body"
LABORATORY = {"vi": "Phòng thử nghiệm Cửu Long", "en": "Cuu Long Testing Laboratory"}
FOREIGN_LABORATORY = {"vi": "Phòng thử nghiệm Nagasaki", "en": "Nagasaki Testing Laboratory"}
ARRANGEMENT = {
    "vi": "Thỏa thuận thừa nhận lẫn nhau Việt Nam – Nhật Bản",
    "en": "Mutual recognition agreement Viet Nam – Japan",
}
PRODUCT = {"vi": "Camera cổng Sao Mai", "en": "Sao Mai gate camera"}
NUMBER_FIELD = re.compile("Certificate number|Số giấy chứng nhận")
REASON = "Mẫu lấy trên thị trường không đạt."

STEPS = (
    "Drafted",
    "Proposed for approval",
    "Approved and published",
    "Body registered",
    "Accreditation recorded",
    "Scope lines recorded",
    "Body designated",
    "Arrangement recorded",
    "Arrangement scope recorded",
    "Body listed under an arrangement",
    "Account created",
    "Application submitted",
    "Report submitted",
    "Report replaced",
    "Application taken up",
    "Application reviewed",
    "Certificate number reserved",
    "Certification granted",
    "Certificate issued",
    "Certificate suspended",
)


@dataclass(frozen=True)
class Story:
    """Who takes part, and where pictures go."""

    site: Site
    visitors: Visitors
    pictures: Pictures
    windows: dict[str, Page] = field(default_factory=dict)

    def person(self, name: str) -> Page:
        """Return the window in which a demonstration person has signed in."""
        if name not in self.windows:
            self.windows[name] = self.visitors.signed_in(name)
        return self.windows[name]

    def look(self, page: Page, name: str) -> None:
        """Check that everybody can use the page shown, and take its picture."""
        language = page.locator("html").get_attribute("lang") or ""
        assert complaints(page, language) == [], name
        self.pictures.page(page, name)

    def day(self, offset: int) -> str:
        """Return the day so many days from the register's today, as a form takes it."""
        return (self.site.today() + timedelta(days=offset)).isoformat()


@pytest.fixture
def story(site: Site, visitors: Visitors, pictures: Pictures) -> Story:
    return Story(site, visitors, pictures)


def test_one_case_from_draft_to_suspension(story: Story) -> None:
    two_persons_publish_an_entry(story)
    officer_registers_laboratories_and_an_arrangement(story)
    email, password = administrator_opens_an_account(story)
    application = business_finds_the_regulation_and_applies(story)
    laboratory_is_refused_with_reasons_and_then_accepted(story, email, password, application)
    certificate = three_persons_decide(story, application)
    holder_downloads_the_certificate(story, application, certificate)
    anyone_checks_the_number(story, certificate)
    suspension_counts_from_its_day_on(story, certificate)
    journal_lists_every_step(story)


def two_persons_publish_an_entry(story: Story) -> None:
    editor, approver = story.person("editor"), story.person("approver")
    catalogue.draft_edition(
        editor,
        STANDARD,
        {
            "Kind": "National standard",
            "Title in Vietnamese": "Đô thị thông minh – Quan trắc mực nước",
            "Title in English (optional)": "Smart cities – Monitoring of water levels",
            "Issuing body": "Ministry of Science and Technology",
            "Smart cities": True,
            "Issued (optional)": "2026-01-15",
            "In force from (optional)": "2026-01-15",
            "Source": "https://example.org/decision",
        },
    )
    catalogue.propose(editor)
    expect(editor.get_by_role("button", name="Approve and publish")).to_have_count(0)

    catalogue.open_proposal(approver, STANDARD)
    story.look(approver, "proposal")
    catalogue.approve(approver)

    reader = story.visitors.anyone("vi")
    catalogue.search(reader, "quan trac muc nuoc")
    found = reader.get_by_role("main").get_by_role("link", name=STANDARD)
    reload_until(reader, found)
    found.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(STANDARD)
    expect(reader.get_by_role("main")).to_contain_text("Còn hiệu lực")


def officer_registers_laboratories_and_an_arrangement(story: Story) -> None:
    officer = story.person("officer")
    bodies.register_laboratory(officer, LABORATORY, "Vietnam")
    bodies.accredit(officer, ACCREDITOR, "VILAS 4711")
    line = {"Product or field": "Camera giám sát", "Valid from": "2025-02-15"}
    scope = [{**line, "Method": REGULATION}, {**line, "Method": "ETSI EN 303 645"}]
    bodies.add_scope(officer, "VILAS 4711", scope)
    bodies.designate(officer, REGULATION, "Ministry of Science and Technology", "2025-03-01")
    story.look(officer, "body-admin")

    bodies.register_laboratory(officer, FOREIGN_LABORATORY, "Japan")
    bodies.record_arrangement(officer, ARRANGEMENT, "JP")
    bodies.cover(officer, REGULATION)
    bodies.list_body(officer, FOREIGN_LABORATORY["en"])
    story.look(officer, "arrangement-admin")

    follow(officer, "Its public page")
    expect(officer.get_by_role("main")).to_contain_text(FOREIGN_LABORATORY["en"])
    story.look(officer, "arrangement")


def administrator_opens_an_account(story: Story) -> tuple[str, str]:
    administrator = story.person("administrator")
    email = "thu.nghiem@cuulong.example"
    password = bodies.open_account(administrator, email, "Nguyễn Thị Kiểm", LABORATORY["en"])
    return email, password


def business_finds_the_regulation_and_applies(story: Story) -> str:
    business = story.person("business")
    for words in ("camera giám sát", "camera giam sat"):
        catalogue.search(business, words)
        first = business.get_by_role("main").get_by_role("listitem").get_by_role("heading").first
        expect(first).to_have_text(REGULATION)
    story.look(business, "search")
    follow(business, REGULATION)
    story.look(business, "edition")
    follow(business, "Apply for assessment")
    story.look(business, "apply")
    number = cases.apply_for(
        business,
        {
            "Assessment method": "Method 1: type testing",
            "Name of the product in Vietnamese": PRODUCT["vi"],
            "Name of the product in English": PRODUCT["en"],
            "Models (optional)": "SM-G1\nSM-G1P",
            "HS codes (optional)": "8525.89.10",
        },
    )
    expect(business.get_by_text("No report has been submitted yet")).to_be_visible()
    story.look(business, "application-submitted")
    return number


def laboratory_is_refused_with_reasons_and_then_accepted(
    story: Story, email: str, password: str, application: str
) -> None:
    laboratory = story.visitors.anyone()
    laboratory.goto("/sign-in")
    fill_sign_in(laboratory, email, password)
    laboratory.wait_for_url("**/workspace")

    head = {
        "Report number (d)": "CL-2026-31",
        "Date of issue (j)": story.day(-7),
        "Item received on (h)": story.day(-15),
    }
    lockout = {
        "Characteristic": "Thời gian khóa sau nhiều lần nhập sai",
        "Method": REGULATION,
        "First day of the test": story.day(-14),
        "Measured value": "297.0",
        "Unit": "s",
        "Expanded uncertainty U": "2.0",
        "Coverage factor k": "2",
        "Lower limit": "300.0",
        "Decision rule": "Guard band w = U",
        "Statement of conformity": "pass",
    }
    # Method, day, k and decision rule are carried over from the line before.
    length = {
        "Characteristic": "Độ dài mật khẩu tối thiểu",
        "Measured value": "10",
        "Unit": "1",
        "Expanded uncertainty U": "0",
        "Lower limit": "8",
        "Statement of conformity": "pass",
    }
    refused = cases.submit_report(laboratory, application, head, [lockout, length])
    expect(refused.get_by_role("heading", level=2)).to_have_text("The report is refused")
    expect(refused.get_by_text("Not met", exact=True)).to_have_count(1)
    expect(laboratory.get_by_text("1 statement contradicts its own numbers")).to_be_visible()
    expect(laboratory.get_by_text("Its numbers say:")).to_be_visible()
    story.look(laboratory, "report-refused")

    amended = head | {
        "Report number (d)": "CL-2026-31/A1",
        "Replaces report (optional)": "CL-2026-31",
    }
    mended = lockout | {"Measured value": "312.0"}
    accepted = cases.submit_report(laboratory, application, amended, [mended, length])
    expect(accepted.get_by_role("heading", level=2)).to_have_text("The report is accepted")
    expect(accepted.get_by_text("Not met", exact=True)).to_have_count(0)
    expect(accepted.get_by_text("Met", exact=True)).not_to_have_count(0)
    expect(accepted.get_by_text("Evidence", exact=True).first).to_be_visible()
    expect(accepted.get_by_text("Legal basis", exact=True).first).to_be_visible()
    story.look(laboratory, "report-accepted")


def three_persons_decide(story: Story, application: str) -> str:
    officer = story.person("officer")
    cases.take_up(officer, application)

    reviewer = story.person("reviewer")
    cases.review(reviewer, application, "Báo cáo đầy đủ, kết quả đạt.")
    expect(reviewer.get_by_role("button", name="Record the decision")).to_have_count(0)

    decision_maker = story.person("decision-maker")
    cases.open_application(decision_maker, "Applications", application)
    story.look(decision_maker, "application-decide")
    certificate = cases.grant(decision_maker, application)
    story.look(decision_maker, "application-granted")
    return certificate


def holder_downloads_the_certificate(story: Story, application: str, certificate: str) -> None:
    business = story.person("business")
    cases.open_application(business, "My applications", application)
    address = business.get_by_role("link", name="Certificate (PDF)").get_attribute("href")
    assert address
    # Whoever asks first has the file made and signed.
    answer = business.request.get(address, timeout=4 * PATIENCE)
    assert answer.headers["content-type"] == "application/pdf"
    if story.pictures.folder:
        (story.pictures.folder / "certificate.pdf").write_bytes(answer.body())
    document = PdfReader(io.BytesIO(answer.body()))
    words = " ".join(" ".join(page.extract_text() for page in document.pages).split()).casefold()
    for expected in (
        certificate,
        f"/verify/{certificate}",
        REGULATION,
        PRODUCT["vi"],
        PRODUCT["en"],
        "Công ty Camera Sao Mai",
        "Giấy chứng nhận",
        "Certificate of conformity",
    ):
        assert expected.casefold() in words


def anyone_checks_the_number(story: Story, certificate: str) -> None:
    anyone = story.visitors.anyone("vi")
    check(anyone, certificate.lower().replace("-", " "))
    expect(anyone.get_by_role("heading", level=1)).to_have_text("Có thật và còn hiệu lực")
    expect(anyone.get_by_role("main")).to_contain_text(PRODUCT["vi"])
    story.look(anyone, "verify-in-force")


def suspension_counts_from_its_day_on(story: Story, certificate: str) -> None:
    """Suspend from tomorrow: it was issued today, so today is the last day before."""
    officer = story.person("officer")
    cases.suspend(officer, certificate, story.day(1), REASON)
    story.look(officer, "certificate-admin")

    anyone = story.visitors.anyone()
    check(anyone, certificate)
    answer = anyone.get_by_role("heading", level=1)
    expect(answer).to_have_text("Genuine and in force")
    anyone.get_by_label("Valid on").fill(story.day(1))
    press(anyone, "Ask for this date")
    expect(answer).to_have_text("Genuine, but suspended")
    expect(anyone.get_by_text("Suspended since")).to_be_visible()
    expect(anyone.get_by_text(REASON).first).to_be_visible()
    story.look(anyone, "verify-suspended")
    anyone.goto(f"/verify/{certificate}?at={story.day(0)}")
    expect(answer).to_have_text("Genuine and in force")


def journal_lists_every_step(story: Story) -> None:
    anyone = story.visitors.anyone()
    anyone.goto("/")
    anyone.get_by_role("navigation", name="Main").get_by_role("link", name="Journal").click()
    listed = anyone.get_by_role("main").get_by_role("table").inner_text()
    assert [step for step in STEPS if step not in listed] == []
    story.look(anyone, "journal")


def check(page: Page, number: str) -> None:
    """Type a certificate's number into the panel of the home page."""
    page.goto("/")
    field = page.get_by_role("main").get_by_label(NUMBER_FIELD)
    field.fill(number)
    field.press("Enter")
    page.wait_for_url("**/verify/**")
