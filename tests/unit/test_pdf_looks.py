"""The look of the documents, names in every script, and the longest titles there are."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from registry.config import PROJECT_ROOT
from registry.pdf.renderer import render_pdf
from tests.golden import pdf_samples
from tests.golden.pdf_blocks import blocks, differing
from tests.golden.pdf_pages import MILLIMETRE, page_texts, squeezed, text_boxes

INSTANT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden"
NATIONAL_LIST = PROJECT_ROOT / "registry" / "catalog" / "data" / "national.jsonl"

# So many of the 2,478 blocks of a page may differ, as they do with another font version.
ALLOWED = 12


def certificate(data: dict[str, Any]) -> bytes:
    return render_pdf("certificate.html", data, instant=INSTANT)


@pytest.mark.parametrize(
    ("name", "template", "data"),
    [
        ("usual", "certificate.html", pdf_samples.usual_certificate()),
        ("extreme", "certificate.html", pdf_samples.extreme_certificate()),
        ("refusal", "statement.html", pdf_samples.refusal()),
    ],
)
def test_the_page_looks_as_it_did(name: str, template: str, data: dict[str, Any]) -> None:
    golden = (GOLDEN / f"{name}.blocks").read_text("ascii").splitlines()
    seen = blocks(render_pdf(template, data, instant=INSTANT))
    assert len(differing(seen, golden)) <= ALLOWED


def test_a_page_that_lost_a_row_does_not_look_as_it_did() -> None:
    golden = (GOLDEN / "usual.blocks").read_text("ascii").splitlines()
    data = pdf_samples.usual_certificate()
    data["scope"] = None
    assert len(differing(blocks(certificate(data)), golden)) > ALLOWED


def test_names_in_korean_thai_and_han_are_printed_with_glyphs_of_their_own() -> None:
    data = pdf_samples.foreign_certificate()
    pdf = certificate(data)
    text = squeezed("".join(page_texts(pdf)))
    names = [data["holder"]["name"], *(report["laboratory"] for report in data["reports"])]
    # Readers put the marks above and below a Thai letter in an order of their own.
    assert [name for name in names if not set(squeezed(name)) <= set(text)] == []
    assert [name for name in names if name[0] < "\u0e00" or name[0] > "\u0e7f"] == [
        name for name in names if squeezed(name) in text
    ]
    assert "[U+" not in text
    assert list(_missing_glyphs(pdf)) == []


def _missing_glyphs(pdf: bytes) -> Iterator[tuple[int, str]]:
    """Yield page and font for each use of glyph 0 (.notdef), which draws an empty box."""
    reader = PdfReader(BytesIO(pdf))
    for number, page in enumerate(reader.pages, 1):
        font = ""
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                font = str(operands[0])
            elif operator in {b"Tj", b"TJ"}:
                parts = operands[0] if operator == b"TJ" else operands
                for part in parts:
                    codes = getattr(part, "original_bytes", b"")
                    if any(codes[at : at + 2] == b"\0\0" for at in range(0, len(codes), 2)):
                        yield number, font


def longest_titles(count: int) -> list[dict[str, Any]]:
    """Return the editions of the built-in list with the longest titles, as requirements."""
    rows = [json.loads(line) for line in NATIONAL_LIST.read_text("utf-8").splitlines()]
    titled = [row for row in rows if row.get("titles")]
    titled.sort(key=lambda row: -sum(map(len, row["titles"].values())))
    return [
        {
            "designation": row["designation"],
            "title": {"vi": row["titles"].get("vi"), "en": row["titles"].get("en")},
            "kind": {"vi": "Tiêu chuẩn quốc gia", "en": "National standard"},
        }
        for row in titled[:count]
    ]


def test_the_longest_titles_of_the_catalogue_stay_in_their_column() -> None:
    data = pdf_samples.usual_certificate()
    data["requirements"] = longest_titles(12)
    pdf = certificate(data)
    text = squeezed("".join(page_texts(pdf)))
    left, right = 18.5 * MILLIMETRE, 191.5 * MILLIMETRE
    for requirement in data["requirements"]:
        for title in filter(None, requirement["title"].values()):
            assert squeezed(title) in text
    for boxes in text_boxes(pdf):
        words = [box for box in boxes if box[3] - box[1] < 12 * MILLIMETRE]
        assert [box for box in words if box[0] < left or box[2] > right] == []


def test_the_face_says_what_a_later_version_replaces() -> None:
    page = page_texts(certificate(pdf_samples.extreme_certificate()))[0]
    number = pdf_samples.CERTIFICATE["number"]
    assert (
        f"Phiên bản 2 của giấy chứng nhận số {number} (thu hẹp phạm vi), áp dụng từ ngày 01 "
        "tháng 9 năm 2026; thay thế phiên bản 1, quyết định ngày 05 tháng 3 năm 2026."
    ) in page
    assert "in effect from 1 September 2026; replaces version 1, decided on 5 March 2026." in page
    assert "Viet Quang Security Equipment Joint Stock Company" in page
