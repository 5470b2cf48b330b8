"""The renderer: plain data in, the same bytes out, nothing fetched, nothing undefined."""

import hashlib
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError

from registry.pdf import fonts as installed_fonts
from registry.pdf.bundle import BASE_URL, STATIC, BundledFetcher, RefusedFetch
from registry.pdf.errors import FontsMissing, ResourceRefused
from registry.pdf.ornament import ornament
from registry.pdf.renderer import render_html, render_pdf
from registry.pdf.snapshots import AcceptanceSnapshot, CertificateSnapshot
from registry.pdf.templating import environment, label, labels
from registry.pdf.text import check_plain, long_date, visible
from tests.golden import pdf_samples
from tests.golden.pdf_pages import page_texts

INSTANT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
PROJECT = Path(__file__).parents[2]

DIGEST_IN_ANOTHER_PROCESS = """
import hashlib
from datetime import UTC, datetime
from registry.pdf.renderer import render_pdf
from tests.golden.pdf_samples import usual_certificate
pdf = render_pdf(
    "certificate.html", usual_certificate(), instant=datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
)
print(hashlib.sha256(pdf).hexdigest())
"""


def page(monkeypatch: pytest.MonkeyPatch, body: str, head: str = "") -> None:
    """Make ``page.html`` a page of the renderer for one test."""
    source = f'<html lang="{{{{ language }}}}"><title>Trang</title>{head}<body>{body}</body></html>'
    monkeypatch.setattr(environment(), "loader", DictLoader({"page.html": source}))


def test_same_data_give_the_same_bytes_also_in_another_process() -> None:
    here = [
        hashlib.sha256(
            render_pdf("certificate.html", pdf_samples.usual_certificate(), instant=INSTANT)
        ).hexdigest()
        for _ in range(2)
    ]
    there = subprocess.run(
        [sys.executable, "-c", DIGEST_IN_ANOTHER_PROCESS],
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(PROJECT), "TZ": "Asia/Ho_Chi_Minh"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert {*here, there} == {there}


def test_an_instant_is_the_same_in_every_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    page(monkeypatch, "<p>x</p>")
    hanoi = INSTANT.astimezone(timezone(timedelta(hours=7)))
    first, second = (render_pdf("page.html", {}, instant=instant) for instant in (INSTANT, hanoi))
    assert first == second


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render_pdf("statement.html", pdf_samples.refusal(), instant=datetime(2026, 3, 5))  # noqa: DTZ001


def test_weasyprint_finds_nothing_to_warn_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_pdf("statement.html", pdf_samples.refusal(), instant=INSTANT)
        render_pdf("certificate.html", pdf_samples.usual_certificate(), instant=INSTANT)
    assert caplog.messages == []


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="file:///etc/passwd">',
        '<img alt="" src="http://127.0.0.1:9/x.svg">',
        '<img alt="" src="../../etc/passwd">',
        '<img alt="" src="data:image/svg+xml,&lt;svg/&gt;">',
        f'<img alt="" src="{BASE_URL}ornament.svg?x">',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<p style="list-style-image: url(https://example.com/x.png); display: list-item">x</p>',
        '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="//example.com/x.svg">',
    ],
)
def test_a_page_that_asks_for_an_outside_file_is_not_rendered(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(monkeypatch, body)
    with pytest.raises(ResourceRefused):
        render_pdf("page.html", {}, instant=INSTANT)


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" href="https://example.com/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(file:///etc/passwd);</style>",
        "<style>@font-face { font-family: x; src: url(http://example.com/x.woff) }</style>",
    ],
)
def test_a_head_that_asks_for_an_outside_file_is_not_rendered(
    head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(monkeypatch, "<p>x</p>", head)
    with pytest.raises(ResourceRefused) as refused:
        render_pdf("page.html", {}, instant=INSTANT)
    assert refused.value.url.startswith(("https://example.com", "file:///etc", "http://example"))


def test_bundled_files_are_served_by_exact_name_only() -> None:
    fetcher = BundledFetcher(STATIC)
    assert fetcher.fetch(BASE_URL + "document.css").content_type == "text/css"
    for address in ("document.css/../certificate.css", "%64ocument.css", "", "fonts.py"):
        with pytest.raises(RefusedFetch):
            fetcher.fetch(BASE_URL + address)


def test_a_name_the_data_lack_stops_the_page() -> None:
    data = pdf_samples.usual_certificate()
    del data["holder"]["name"]
    with pytest.raises(UndefinedError, match="name"):
        render_html("certificate.html", data)


def test_a_page_that_would_print_an_unknown_value_is_stopped() -> None:
    data = pdf_samples.usual_certificate()
    data["number"] = None
    with pytest.raises(UndefinedError, match="unknown value"):
        render_html("certificate.html", data)


def test_names_from_the_data_are_never_markup() -> None:
    data = pdf_samples.usual_certificate()
    data["holder"]["name"] = "<img src=x onerror=y> & {{ number }}"
    html = render_html("certificate.html", data)
    assert "&lt;img src=x onerror=y&gt; &amp; {{ number }}" in html


@pytest.mark.parametrize("value", [1.5, INSTANT, INSTANT.date(), b"x", ("x",), {1: "x"}, object()])
def test_only_plain_data_are_taken(value: Any) -> None:
    with pytest.raises(TypeError, match=r"a\.0"):
        check_plain({"a": [value]})


def test_a_page_leads_with_the_language_asked_for() -> None:
    html = render_html("certificate.html", pdf_samples.usual_certificate(), "en")
    assert '<html lang="en">' in html
    title = labels()["holder"]
    assert html.index(title["en"]) < html.index(title["vi"])
    with pytest.raises(ValueError, match="xx"):
        render_html("certificate.html", pdf_samples.usual_certificate(), "xx")


def test_labels_are_complete_and_named_by_the_pages() -> None:
    assert all(set(texts) == {"vi", "en"} and all(texts.values()) for texts in labels().values())
    with pytest.raises(UndefinedError, match="no label 'x'"):
        label("x")


def test_characters_without_a_glyph_and_controls_are_written_out() -> None:
    data = pdf_samples.usual_certificate()
    data["product"]["models"] = ["A\U0010fff0B", "C\u202eD", "E\x00F", "G\ud800H", "e\u0302\u0323"]
    (text,) = page_texts(render_pdf("certificate.html", data, instant=INSTANT))
    assert "A[U+10FFF0]B, C[U+202E]D, E[U+0000]F, G[U+D800]H, ệ" in text


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None)))
def test_what_is_visible_can_be_encoded_and_stays_so(text: str) -> None:
    once = visible(text)
    assert visible(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


@pytest.mark.parametrize(
    ("iso", "vi", "en"),
    [
        ("2026-01-05", "ngày 05 tháng 01 năm 2026", "5 January 2026"),
        ("2026-03-31", "ngày 31 tháng 3 năm 2026", "31 March 2026"),
        ("2026-12-01", "ngày 01 tháng 12 năm 2026", "1 December 2026"),
    ],
)
def test_dates_are_written_as_each_language_writes_them(iso: str, vi: str, en: str) -> None:
    assert long_date(iso, "vi") == vi
    assert long_date(iso, "en") == en
    assert long_date(iso, "ko") == iso


def test_missing_fonts_are_named_with_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed_fonts, "VIETNAMESE", "\U0010fff0")
    with pytest.raises(FontsMissing, match="fonts-noto-core"):
        installed_fonts.fonts.__wrapped__()


def test_a_machine_without_any_font_gets_an_answer_not_a_crash(tmp_path: Path) -> None:
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    program = (
        "from registry.pdf.errors import FontsMissing\nfrom registry.pdf.fonts import fonts\n"
        "try:\n    fonts()\nexcept FontsMissing as error:\n    print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env={"FONTCONFIG_FILE": str(configuration), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "fonts-noto-core" in run.stdout


def test_ornament_file_is_what_its_program_draws() -> None:
    assert (STATIC / "ornament.svg").read_text("utf-8") == ornament()


def test_samples_have_the_keys_of_their_snapshots() -> None:
    assert set(pdf_samples.usual_certificate()) == CertificateSnapshot.__required_keys__
    assert set(pdf_samples.refusal()) == AcceptanceSnapshot.__required_keys__
