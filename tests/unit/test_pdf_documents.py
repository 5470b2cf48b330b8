"""The documents as a reader sees them: what stands on which page, and nothing out of place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
import segno

from registry.pdf.renderer import render_pdf
from registry.pdf.templating import labels
from tests.golden import pdf_samples
from tests.golden.pdf_pages import (
    MILLIMETRE,
    overlaps,
    page_texts,
    squeezed,
    strings,
    text_boxes,
)

INSTANT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden"

# Keys that steer a page without being printed.
NOT_PRINTED = {"base_url", "role", "key", "outcome", "verify_url", "state_heading", "issued", "on"}


def printed(data: dict[str, Any]) -> dict[str, Any]:
    """Return ``data`` without what is not printed word for word (dates are printed in words)."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        if key in NOT_PRINTED or key.startswith(
            ("valid_", "decided_on", "status_on", "received", "effective", "replaces_")
        ):
            continue
        if isinstance(value, dict):
            kept[key] = printed(value)
        elif isinstance(value, list):
            kept[key] = [printed(item) if isinstance(item, dict) else item for item in value]
        else:
            kept[key] = value
    return kept


@pytest.fixture(scope="module")
def usual() -> bytes:
    return render_pdf("certificate.html", pdf_samples.usual_certificate(), instant=INSTANT)


@pytest.fixture(scope="module")
def extreme() -> bytes:
    return render_pdf("certificate.html", pdf_samples.extreme_certificate(), instant=INSTANT)


@pytest.fixture(scope="module")
def refusal() -> bytes:
    return render_pdf("statement.html", pdf_samples.refusal(), instant=INSTANT)


def test_usual_certificate_is_one_page_and_reads_as_the_golden_text(usual: bytes) -> None:
    (page,) = page_texts(usual)
    golden = (GOLDEN / "certificate.txt").read_text("utf-8")
    assert squeezed(page) == squeezed(golden)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("usual", pdf_samples.usual_certificate()),
        ("extreme", pdf_samples.extreme_certificate()),
        ("refusal", pdf_samples.refusal()),
    ],
)
def test_every_string_of_the_snapshot_can_be_copied_out(
    name: str, data: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    text = squeezed("".join(page_texts(request.getfixturevalue(name))))
    assert [value for value in strings(printed(data)) if squeezed(value) not in text] == []


def test_both_languages_are_there_vietnamese_first(usual: bytes) -> None:
    (page,) = page_texts(usual)
    title = labels()["certificate"]
    assert page.index(title["vi"].upper()) < page.index(title["en"])
    assert page.index("ngày 05 tháng 3 năm 2026") < page.index("5 March 2026")


@pytest.mark.parametrize("name", ["usual", "extreme", "refusal"])
def test_number_and_page_of_pages_stand_on_every_page(
    name: str, request: pytest.FixtureRequest
) -> None:
    pages = page_texts(request.getfixturevalue(name))
    number = "BC-2026-000042" if name == "refusal" else "VN-2026-000017-K"
    for position, page in enumerate(pages, start=1):
        assert number in page
        assert f"Trang / Page {position}/{len(pages)}" in page


def test_demonstration_is_marked_on_every_page_and_only_there(
    usual: bytes, extreme: bytes, refusal: bytes
) -> None:
    mark = labels()["demonstration"]
    for page in page_texts(usual) + page_texts(refusal):
        assert mark["vi"] in page
        assert mark["en"] in page
    assert mark["en"] not in "".join(page_texts(extreme))


def test_long_lists_flow_onto_pages_with_repeated_heads(extreme: bytes) -> None:
    pages = page_texts(extreme)
    with_models = [page for page in pages if "VQ-IPC-41" in page or "M" * 20 in page]
    assert len(with_models) == 2
    assert all(page.count("Kiểu, loại / Model") == 3 for page in with_models)
    with_results = [page for page in pages if "QCVN 135:2024/BTTTT, 2.1" in page]
    assert len(with_results) >= 2
    assert all("Đặc tính" in page for page in with_results)
    annex = pages.index(with_models[0]) + 1
    assert f"liệt kê tại Phụ lục, trang {annex}" in pages[0]


def test_many_models_go_into_an_annex_of_other_documents_too() -> None:
    data = pdf_samples.refusal()
    data["product"]["models"] = [f"VQ-IPC-{4000 + number}" for number in range(200)]
    pages = page_texts(render_pdf("statement.html", data, instant=INSTANT))
    with_models = [number for number, page in enumerate(pages, 1) if "VQ-IPC-4" in page]
    assert len(with_models) == 2
    assert all(pages[number - 1].count("Kiểu, loại / Model") == 3 for number in with_models)
    assert f"200 models, listed in the Annex, page {with_models[0]}" in pages[0]


@pytest.mark.parametrize("name", ["usual", "extreme", "refusal"])
def test_no_text_leaves_its_column_or_runs_into_another(
    name: str, request: pytest.FixtureRequest
) -> None:
    slack = 0.5 * MILLIMETRE
    left, right = 19 * MILLIMETRE - slack, (210 - 19) * MILLIMETRE + slack
    bottom, top = 12 * MILLIMETRE, (297 - 14.4) * MILLIMETRE
    for boxes in text_boxes(request.getfixturevalue(name)):
        # The marking behind the text of a demonstration is large; no text is.
        text = [box for box in boxes if box[3] - box[1] < 12 * MILLIMETRE]
        assert [box for box in text if box[0] < left or box[2] > right] == []
        assert [box for box in text if box[1] < bottom or box[3] > top] == []
        if name != "usual":
            continue
        assert overlaps(text) == []


def test_printed_qr_code_is_the_code_of_the_address(usual: bytes) -> None:
    """Sample the page in the middle of each module, as a camera would."""
    url = pdf_samples.CERTIFICATE["verify_url"]
    modules = [[bool(module) for module in row] for row in segno.make(url, error="m").matrix]
    with pypdfium2.PdfDocument(usual) as document:
        image = document[0].render(scale=6).to_pil().convert("L")
    millimetre = 6 * MILLIMETRE
    # The box with the code ends at the right margin; only the code is black there.
    region = (round(145 * millimetre), round(185 * millimetre))
    dark = [
        (x, y)
        for y in range(round(195 * millimetre), round(226 * millimetre))
        for x in range(*region)
        if image.getpixel((x, y)) < 24
    ]
    left, top = min(x for x, _ in dark), min(y for _, y in dark)
    step = (max(x for x, _ in dark) + 1 - left) / len(modules)
    seen = [
        [
            image.getpixel((left + round((x + 0.5) * step), top + round((y + 0.5) * step))) < 128
            for x in range(len(modules))
        ]
        for y in range(len(modules))
    ]
    assert seen == modules


def test_unknown_values_are_left_out_or_said(extreme: bytes) -> None:
    data = pdf_samples.usual_certificate()
    data.update(reviewer=None, scope=None, replaces=None, reports=[], conditions_of_use=[])
    data["product"].update(description=None, models=[], hs=[])
    data["holder"].update(address=None, country=None, identifier=None)
    data["method"]["clause"] = None
    data["journal"]["leaf_hash"] = None
    (page,) = page_texts(render_pdf("certificate.html", data, instant=INSTANT))
    assert "None" not in page
    assert labels()["reviewer"]["vi"] not in page
    assert labels()["no_end_date"]["vi"] in page_texts(extreme)[1]
