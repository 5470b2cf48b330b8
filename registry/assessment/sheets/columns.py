"""The columns of files of scope lines and listings, and what people call them."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.catalog.spreadsheets.columns import Column, columns_from


def _column(  # noqa: PLR0917 - one row of a table, read from left to right.
    path: str,
    kind: str,
    labels: tuple[str, str],
    explanation: tuple[str, str],
    example: str,
    words: Sequence[str] = (),
    vocabulary: str | None = None,
) -> dict[str, Any]:
    vi, en = labels
    return {
        "path": path,
        "column": path,
        "kind": kind,
        "vocabulary": vocabulary,
        "labels": {"vi": vi, "en": en},
        "explanation": {"vi": explanation[0], "en": explanation[1]},
        "example": example,
        "words": (vi, en, *words),
    }


_FROM = _column(
    "valid_from",
    "date",
    ("Có hiệu lực từ", "Valid from"),
    ("Ngày/tháng/năm.", "Day/month/year."),
    "01/01/2026",
    ("từ ngày", "ngày hiệu lực", "hiệu lực từ", "ngày có hiệu lực", "ngày cấp", "from", "since"),
)
_UNTIL = _column(
    "valid_until",
    "date",
    ("Có hiệu lực đến", "Valid until"),
    (
        "Ngày cuối cùng; để trống nếu không có thời hạn.",
        "The last day; blank where there is none.",
    ),
    "31/12/2028",
    ("đến ngày", "ngày hết hiệu lực", "hiệu lực đến", "ngày hết hạn", "until", "to", "expiry"),
)

SCOPE: Mapping[str, Column] = columns_from(
    [
        _column(
            "activity",
            "term",
            ("Hoạt động", "Activity"),
            ("Để trống: thử nghiệm.", "Blank: testing."),
            "testing",
            ("loại hoạt động", "lĩnh vực hoạt động"),
            "activity",
        ),
        _column(
            "product",
            "line",
            ("Sản phẩm hoặc lĩnh vực", "Product or field"),
            (
                "Tên sản phẩm, vật liệu được thử. Bắt buộc.",
                "What is tested, as the scope names it. Required.",
            ),
            "Camera giám sát",
            (
                "tên sản phẩm vật liệu được thử",
                "tên sản phẩm",
                "sản phẩm",
                "vật liệu",
                "đối tượng",
                "đối tượng thử",
                "materials or product tested",
                "product",
                "materials",
                "item",
                "field",
            ),
        ),
        _column(
            "characteristic",
            "line",
            ("Chỉ tiêu", "Characteristic"),
            ("Để trống: mọi chỉ tiêu của phương pháp.", "Blank: whatever the method determines."),
            "",
            (
                "tên phép thử cụ thể",
                "tên phép thử",
                "phép thử",
                "phép đo",
                "thông số",
                "the name of specific tests",
                "specific tests",
                "test",
                "parameter",
                "quantity",
            ),
        ),
        _column(
            "method",
            "line",
            ("Phương pháp", "Method"),
            (
                "Số hiệu tiêu chuẩn; không ghi năm là mọi lần xuất bản. Bắt buộc.",
                "A designation; without a year every edition is meant. Required.",
            ),
            "QCVN 135:2024/BTTTT",
            (
                "phương pháp thử",
                "tiêu chuẩn",
                "số hiệu phương pháp",
                "tiêu chuẩn phương pháp thử",
                "test method",
                "test methods",
                "standard",
                "specification",
                "designation",
            ),
        ),
        _column(
            "range",
            "line",
            ("Phạm vi đo", "Range"),
            ("Như phạm vi công nhận ghi.", "As the scope gives it."),
            "0 … 100 V",
            (
                "giới hạn định lượng",
                "giới hạn định lượng nếu có phạm vi đo",
                "lod",
                "loq",
                "range of measurement",
                "limit of quantitation",
                "measuring range",
            ),
        ),
        _column(
            "uncertainty",
            "line",
            ("Độ không đảm bảo đo", "Uncertainty"),
            ("Như phạm vi công nhận ghi.", "As the scope gives it."),
            "0,5 %",
            ("khả năng đo và hiệu chuẩn", "cmc", "độ không đảm bảo", "measurement uncertainty"),
        ),
        _FROM,
        _UNTIL,
    ]
)

ARRANGEMENT_SCOPE: Mapping[str, Column] = columns_from(
    [
        _column(
            "regulation",
            "line",
            ("Quy chuẩn", "Regulation"),
            (
                "Số hiệu; để trống là mọi quy chuẩn.",
                "A designation in this register; blank for any.",
            ),
            "QCVN 135:2024/BTTTT",
            ("số hiệu", "số hiệu quy chuẩn", "qcvn", "quy chuẩn kỹ thuật", "designation"),
        ),
        _column(
            "product",
            "line",
            ("Sản phẩm", "Product"),
            ("Để trống là mọi sản phẩm.", "Blank for any."),
            "Camera giám sát",
            ("tên sản phẩm", "sản phẩm hàng hóa", "product or field"),
        ),
        _column(
            "hs_codes",
            "list",
            ("Mã HS", "HS codes"),
            ("Cách nhau bằng dấu chấm phẩy.", "With semicolons between."),
            "8525.89; 8525.81",
            ("hs", "hs code", "mã hàng"),
        ),
        _column(
            "result_type",
            "term",
            ("Loại kết quả", "Kind of result"),
            ("Bắt buộc.", "Required."),
            "test_report",
            ("kết quả", "result type", "result", "results"),
            "result-type",
        ),
        _column(
            "direction",
            "term",
            ("Chiều thừa nhận", "Direction"),
            ("Để trống: hai chiều.", "Blank: both."),
            "both",
            ("chiều", "hướng"),
            "recognition-direction",
        ),
        _FROM,
        _UNTIL,
    ]
)

LISTINGS: Mapping[str, Column] = columns_from(
    [
        _column(
            "body",
            "line",
            ("Tổ chức", "Body"),
            (
                "Tên trong địa chỉ trang của tổ chức, hoặc một mã số của tổ chức. Bắt buộc.",
                "The name in the address of its page, or a number of it. Required.",
            ),
            "demo-laboratory",
            ("mã tổ chức", "tên tổ chức", "phòng thử nghiệm", "laboratory", "identifier", "slug"),
        ),
        _column(
            "standard",
            "line",
            ("Tiêu chuẩn", "Standard"),
            (
                "Chỉ với tổ chức công nhận: tiêu chuẩn đã ký.",
                "Only for accreditation bodies: what they signed for.",
            ),
            "ISO/IEC 17025:2017",
            ("tiêu chuẩn công nhận", "phạm vi", "scope"),
        ),
        _FROM,
        _UNTIL,
    ]
)
