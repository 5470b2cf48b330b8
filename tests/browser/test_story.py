"""One case from a drafted entry to a suspended certificate, each person in their own browser."""

import io
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.pictures import Pictures
from tests.browser.running import Site
from tests.browser.steps import bodies, cases, catalogue
from tests.browser.steps.forms import follow, press, reload_until
from tests.browser.visitors import Visitors, fill_sign_in

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


class TestOneCase:
    """The steps build on each other and run in this order, on one register."""

    facts: dict[str, Any] = {}  # noqa: RUF012 - what later steps need from earlier ones.

    def test_two_persons_publish_an_entry(self, visitors: Visitors, pictures: Pictures) -> None:
        editor, approver = visitors.signed_in("editor"), visitors.signed_in("approver")
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
        pictures.page(editor, "draft")
        catalogue.propose(editor)
        expect(editor.get_by_role("button", name="Approve and publish")).to_have_count(0)

        catalogue.open_proposal(approver, STANDARD)
        pictures.page(approver, "proposal")
        catalogue.approve(approver)

        reader = visitors.anyone("vi")
        catalogue.search(reader, "quan trac muc nuoc")
        found = reader.get_by_role("main").get_by_role("link", name=STANDARD)
        reload_until(reader, found)
        found.click()
        expect(reader.get_by_role("heading", level=1)).to_have_text(STANDARD)
        expect(reader.get_by_role("main")).to_contain_text("Còn hiệu lực")

    def test_officer_registers_laboratories_and_an_arrangement(
        self, visitors: Visitors, pictures: Pictures
    ) -> None:
        officer = visitors.signed_in("officer")
        bodies.register_laboratory(officer, LABORATORY, "Vietnam")
        bodies.accredit(officer, ACCREDITOR, "VILAS 4711")
        line = {
            "Product or field": "Camera giám sát sử dụng giao thức Internet",
            "Valid from": "2025-02-15",
        }
        scope = [
            {**line, "Method": REGULATION},
            {**line, "Method": "ETSI EN 303 645", "Range (optional)": "5.1–5.13"},
        ]
        bodies.add_scope(officer, "VILAS 4711", scope)
        bodies.designate(officer, REGULATION, "Ministry of Science and Technology", "2025-03-01")
        pictures.page(officer, "body-admin")

        bodies.register_laboratory(officer, FOREIGN_LABORATORY, "Japan")
        bodies.record_arrangement(officer, ARRANGEMENT, "JP")
        bodies.cover(officer, REGULATION)
        bodies.list_body(officer, FOREIGN_LABORATORY["en"])
        pictures.page(officer, "arrangement-admin")

        follow(officer, "Its public page")
        expect(officer.get_by_role("main")).to_contain_text(FOREIGN_LABORATORY["en"])
        pictures.page(officer, "arrangement")

    def test_administrator_opens_the_laboratory_an_account(self, visitors: Visitors) -> None:
        administrator = visitors.signed_in("administrator")
        email = "thu.nghiem@cuulong.example"
        password = bodies.open_account(administrator, email, "Nguyễn Thị Kiểm", LABORATORY["en"])
        self.facts["laboratory"] = (email, password)

    def test_business_finds_the_regulation_and_applies(
        self, visitors: Visitors, pictures: Pictures
    ) -> None:
        business = visitors.signed_in("business")
        for words in ("camera giám sát", "camera giam sat"):
            catalogue.search(business, words)
            first = business.get_by_role("main").get_by_role("listitem").get_by_role("heading")
            expect(first.first).to_have_text(REGULATION)
        pictures.page(business, "search")
        follow(business, REGULATION)
        pictures.page(business, "edition")
        follow(business, "Apply for assessment")
        pictures.page(business, "apply")
        answers = {
            "Assessment method": "Method 1: type testing",
            "Name of the product in Vietnamese": PRODUCT["vi"],
            "Name of the product in English": PRODUCT["en"],
            "Models (optional)": "SM-G1\nSM-G1P",
            "HS codes (optional)": "8525.89.10",
        }
        self.facts["application"] = cases.apply_for(business, answers)
        expect(business.get_by_text("No report has been submitted yet")).to_be_visible()
        pictures.page(business, "application-submitted")

    def test_laboratory_is_refused_with_reasons_and_then_accepted(
        self, visitors: Visitors, site: Site, pictures: Pictures
    ) -> None:
        laboratory = visitors.anyone()
        laboratory.goto("/sign-in")
        fill_sign_in(laboratory, *self.facts["laboratory"])
        laboratory.wait_for_url("**/workspace")

        head = {
            "Report number (d)": "CL-2026-31",
            "Date of issue (j)": str(site.today() - timedelta(days=7)),
            "Item received on (h)": str(site.today() - timedelta(days=15)),
        }
        lockout = {
            "Characteristic": "Thời gian khóa sau nhiều lần nhập sai",
            "Method": REGULATION,
            "First day of the test": str(site.today() - timedelta(days=14)),
            "Measured value": "297.0",
            "Unit": "s",
            "Expanded uncertainty U": "2.0",
            "Coverage factor k": "2",
            "Lower limit": "300.0",
            "Decision rule": "Guard band w = U",
            "Statement of conformity": "pass",
        }
        length = {
            "Characteristic": "Độ dài mật khẩu tối thiểu",
            "Measured value": "10",
            "Unit": "1",
            "Expanded uncertainty U": "0",
            "Lower limit": "8",
            "Statement of conformity": "pass",
        }
        number = self.facts["application"]
        refused = cases.submit_report(laboratory, number, head, [lockout, length])
        expect(refused.get_by_role("heading", level=2)).to_have_text("The report is refused")
        expect(refused.get_by_role("listitem").filter(has_text="Not met")).to_have_count(1)
        expect(laboratory.get_by_text("1 statement contradicts its own numbers")).to_be_visible()
        expect(laboratory.get_by_text("Its numbers say:")).to_be_visible()
        pictures.page(laboratory, "report-refused")

        amended = {
            **head,
            "Report number (d)": "CL-2026-31/A1",
            "Replaces report (optional)": "CL-2026-31",
        }
        mended = {**lockout, "Measured value": "312.0"}
        accepted = cases.submit_report(laboratory, number, amended, [mended, length])
        expect(accepted.get_by_role("heading", level=2)).to_have_text("The report is accepted")
        expect(accepted.get_by_role("listitem").filter(has_text="Not met")).to_have_count(0)
        expect(accepted.get_by_role("listitem").filter(has_text="Met")).not_to_have_count(0)
        expect(accepted.get_by_text("Evidence").first).to_be_visible()
        expect(accepted.get_by_text("Legal basis").first).to_be_visible()
        pictures.page(laboratory, "report-accepted")

    def test_three_persons_bring_the_application_to_its_certificate(
        self, visitors: Visitors, pictures: Pictures
    ) -> None:
        number = self.facts["application"]
        officer = visitors.signed_in("officer")
        cases.take_up(officer, number)

        reviewer = visitors.signed_in("reviewer")
        cases.review(reviewer, number, "Báo cáo đầy đủ, kết quả đạt.")
        expect(reviewer.get_by_role("button", name="Record the decision")).to_have_count(0)

        decision_maker = visitors.signed_in("decision-maker")
        cases.open_application(decision_maker, "Applications", number)
        pictures.page(decision_maker, "application-decide")
        self.facts["certificate"] = cases.grant(decision_maker, number)
        pictures.page(decision_maker, "application-granted")

    def test_holder_downloads_the_certificate_in_two_languages(self, visitors: Visitors) -> None:
        business = visitors.signed_in("business")
        cases.open_application(business, "My applications", self.facts["application"])
        link = business.get_by_role("link", name="Certificate (PDF)")
        answer = business.request.get(link.get_attribute("href") or "")
        assert answer.headers["content-type"] == "application/pdf"
        document = PdfReader(io.BytesIO(answer.body()))
        words = " ".join(" ".join(page.extract_text() for page in document.pages).split())
        number = self.facts["certificate"]
        for expected in (
            number,
            REGULATION,
            PRODUCT["vi"],
            PRODUCT["en"],
            "Công ty Camera Sao Mai",
            "Sao Mai Camera Company",
            "GIẤY CHỨNG NHẬN",
            "Certificate of conformity",
            f"/verify/{number}",
        ):
            assert expected.casefold() in words.casefold()

    def test_anyone_checks_it_by_typing_its_number(
        self, visitors: Visitors, pictures: Pictures
    ) -> None:
        anyone = visitors.anyone("vi")
        self._check(anyone, self.facts["certificate"].lower().replace("-", " "))
        expect(anyone.get_by_role("heading", level=1)).to_have_text("Có thật và còn hiệu lực")
        expect(anyone.get_by_role("main")).to_contain_text(PRODUCT["vi"])
        pictures.page(anyone, "verify-in-force")

    def test_suspension_counts_from_its_day_and_not_before(
        self, visitors: Visitors, site: Site, pictures: Pictures
    ) -> None:
        number = self.facts["certificate"]
        day_before = site.today()
        day = day_before + timedelta(days=1)
        officer = visitors.signed_in("officer")
        cases.suspend(officer, number, str(day), "Mẫu lấy trên thị trường không đạt.")
        pictures.page(officer, "certificate-admin")

        anyone = visitors.anyone()
        self._check(anyone, number)
        answer = anyone.get_by_role("heading", level=1)
        expect(answer).to_have_text("Genuine and in force")
        anyone.get_by_label("Valid on").fill(str(day))
        press(anyone, "Ask for this date")
        expect(answer).to_have_text("Genuine, but suspended")
        expect(anyone.get_by_text("Mẫu lấy trên thị trường không đạt.").first).to_be_visible()
        expect(anyone.get_by_text("Suspended since")).to_be_visible()
        pictures.page(anyone, "verify-suspended")
        anyone.goto(f"/verify/{number}?at={day_before}")
        expect(answer).to_have_text("Genuine and in force")

    def test_journal_lists_every_step(self, visitors: Visitors, pictures: Pictures) -> None:
        anyone = visitors.anyone()
        anyone.goto("/")
        anyone.get_by_role("navigation", name="Main").get_by_role("link", name="Journal").click()
        pictures.page(anyone, "journal")
        listed = anyone.get_by_role("main").get_by_role("table").inner_text()
        for step in (
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
        ):
            assert step in listed, f"the journal does not show {step!r}"

    @staticmethod
    def _check(page: Page, number: str) -> None:
        page.goto("/")
        panel = (
            page.get_by_role("main").get_by_role("region").filter(has=page.get_by_role("textbox"))
        )
        panel.get_by_role("textbox").fill(number)
        panel.get_by_role("button").click()
        page.wait_for_url("**/verify/**")
