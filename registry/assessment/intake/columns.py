"""The columns of the spreadsheet in which reports are sent: one row for each result.

What is said of a whole report stands in the first of its rows. The columns are those of
``ReportSchema``; the letters are the items of ISO/IEC 17025:2017, 7.8.2.1.
"""

from collections.abc import Mapping
from typing import NamedTuple

from registry.catalog.spreadsheets.columns import Column, plain_words

RESULTS = "results."


class ReportColumn(NamedTuple):
    """A column: the field it fills, its headings, how its cells are read, what to write in it."""

    path: str
    vi: str
    en: str
    kind: str = "line"
    vocabulary: str | None = None
    help_vi: str = ""
    help_en: str = ""
    example: str = ""

    @property
    def of_result(self) -> bool:
        """Whether it is filled for each result rather than once for the report."""
        return self.path.startswith(RESULTS)

    @property
    def field(self) -> str:
        """The name of the field inside its report or result."""
        return self.path.removeprefix(RESULTS)

    def heading(self, language: str) -> str:
        """Return its heading in a language."""
        return self.vi if language == "vi" else self.en

    def explanation(self, language: str) -> str:
        """Return what to write in it."""
        return self.help_vi if language == "vi" else self.help_en

    def as_column(self) -> Column:
        """Return it as the readers of cells know columns."""
        return Column(
            self.path, self.path, self.kind, self.vocabulary, None, {}, {}, "", frozenset()
        )


_DATE_VI, _DATE_EN = "Ngày/tháng/năm.", "Day/month/year."
_NUMBER_VI = "Số thập phân, đúng như trong báo cáo, giữ cả số 0 ở cuối."
_NUMBER_EN = "A decimal number exactly as in the report, zeros at its end included."
_SEVERAL_VI, _SEVERAL_EN = "Cách nhau bằng dấu chấm phẩy.", "With semicolons between."

COLUMNS = (
    ReportColumn(
        "number",
        "Số báo cáo (d)",
        "Report number (d)",
        help_vi="Các dòng cùng số thuộc cùng một báo cáo. Để trống: như dòng trên.",
        help_en="Rows of the same number are one report. Blank: as in the row above.",
        example="TN-2026-15",
    ),
    ReportColumn("regulation", "Quy chuẩn", "Regulation", example="QCVN 135:2024/BTTTT"),
    ReportColumn("application", "Số hồ sơ", "Application", example="HS-2026-000001"),
    ReportColumn(
        "issued_on",
        "Ngày phát hành (j)",
        "Date of issue (j)",
        "date",
        None,
        _DATE_VI,
        _DATE_EN,
        "31/12/2025",
    ),
    ReportColumn("result_type", "Loại kết quả", "Kind of result", "term", "result-type"),
    ReportColumn("title", "Tiêu đề (a)", "Title (a)"),
    ReportColumn(
        "replaces",
        "Thay thế báo cáo số",
        "Replaces report",
        help_vi="Với báo cáo sửa đổi: số của báo cáo trước.",
        help_en="For an amended report: the number of the earlier one.",
    ),
    ReportColumn(
        "laboratory_address",
        "Tên và địa chỉ phòng thử nghiệm (b)",
        "Name and address of the laboratory (b)",
        "lines",
    ),
    ReportColumn("location", "Nơi thực hiện (c)", "Where the activity took place (c)", "lines"),
    ReportColumn("customer", "Khách hàng (e)", "Customer (e)", "lines"),
    ReportColumn("item.description", "Mẫu thử (g)", "Item tested (g)", "lines"),
    ReportColumn("item.condition", "Tình trạng mẫu (g)", "Condition of the item (g)"),
    ReportColumn(
        "item.received_on",
        "Ngày nhận mẫu (h)",
        "Item received on (h)",
        "date",
        None,
        _DATE_VI,
        _DATE_EN,
    ),
    ReportColumn(
        "item.sampled_on",
        "Ngày lấy mẫu (h)",
        "Item sampled on (h)",
        "date",
        None,
        _DATE_VI,
        _DATE_EN,
    ),
    ReportColumn("sampling", "Lấy mẫu (k)", "Sampling (k)", "lines"),
    ReportColumn(
        "relates_only_to_items",
        "Chỉ liên quan đến mẫu thử (l)",
        "Relates only to the items (l)",
        "flag",
        None,
        "có hoặc không",
        "yes or no",
        "có",
    ),
    ReportColumn("deviations", "Sai khác so với phương pháp (n)", "Deviations (n)", "lines"),
    ReportColumn("authorised_by", "Người ký (o)", "Authorised by (o)"),
    ReportColumn(
        "external_results",
        "Kết quả của bên ngoài (p)",
        "Results of external providers (p)",
        "lines",
    ),
    ReportColumn(
        "not_applicable",
        "Mục không áp dụng",
        "Does not concern this report",
        "letters",
        None,
        f"Trong h, k, n, p. {_SEVERAL_VI}",
        f"Of h, k, n, p. {_SEVERAL_EN}",
        "k; n; p",
    ),
    ReportColumn(
        "attachments",
        "Tệp đính kèm (SHA-256)",
        "Attachments (SHA-256)",
        "list",
        None,
        f"SHA-256 của các tệp đã tải lên. {_SEVERAL_VI}",
        f"The SHA-256 of files that you uploaded. {_SEVERAL_EN}",
    ),
    ReportColumn("results.characteristic", "Chỉ tiêu", "Characteristic", example="Thời gian khóa"),
    ReportColumn(
        "results.method",
        "Phương pháp (f)",
        "Method (f)",
        help_vi="Ký hiệu, kèm năm.",
        help_en="Designation, with year.",
        example="QCVN 135:2024/BTTTT",
    ),
    ReportColumn(
        "results.performed_on",
        "Ngày thử đầu tiên (i)",
        "First day of the test (i)",
        "date",
        None,
        _DATE_VI,
        _DATE_EN,
    ),
    ReportColumn(
        "results.performed_until",
        "Ngày thử cuối cùng (i)",
        "Last day of the test (i)",
        "date",
        None,
        _DATE_VI,
        _DATE_EN,
    ),
    ReportColumn(
        "results.value",
        "Giá trị đo (m)",
        "Measured value (m)",
        "measure",
        None,
        _NUMBER_VI,
        _NUMBER_EN,
        "312.0",
    ),
    ReportColumn(
        "results.unit",
        "Đơn vị",
        "Unit",
        help_vi="1 là số không có đơn vị.",
        help_en="1 for a number without a unit.",
        example="s",
    ),
    ReportColumn(
        "results.expanded_uncertainty",
        "Độ không đảm bảo đo mở rộng U",
        "Expanded uncertainty U",
        "measure",
        None,
        _NUMBER_VI,
        _NUMBER_EN,
        "2.0",
    ),
    ReportColumn(
        "results.coverage_factor",
        "Hệ số phủ k",
        "Coverage factor k",
        "measure",
        None,
        _NUMBER_VI,
        _NUMBER_EN,
        "2",
    ),
    ReportColumn(
        "results.limit_lower",
        "Giới hạn dưới",
        "Lower limit",
        "measure",
        None,
        _NUMBER_VI,
        _NUMBER_EN,
        "300.0",
    ),
    ReportColumn(
        "results.limit_upper",
        "Giới hạn trên",
        "Upper limit",
        "measure",
        None,
        _NUMBER_VI,
        _NUMBER_EN,
    ),
    ReportColumn(
        "results.limit_unit",
        "Đơn vị của giới hạn",
        "Unit of the limits",
        help_vi="Chỉ khi khác đơn vị ở trên.",
        help_en="Only if it is not the unit above.",
    ),
    ReportColumn(
        "results.decision_rule", "Quy tắc quyết định", "Decision rule", "term", "decision-rule"
    ),
    ReportColumn(
        "results.statement",
        "Tuyên bố về sự phù hợp",
        "Statement of conformity",
        "term",
        "statement-of-conformity",
    ),
    ReportColumn(
        "results.provider",
        "Bên ngoài thực hiện",
        "Performed by another body",
        help_vi="Tên ngắn của tổ chức trong địa chỉ trang của nó.",
        help_en="The short name of that body: the end of its page's address.",
    ),
)

BY_HEADING: Mapping[str, ReportColumn] = {
    plain_words(word): column for column in COLUMNS for word in (column.vi, column.en, column.path)
}
