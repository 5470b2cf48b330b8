"""What an attachment is, by its content: what is taken, and what is refused and why."""

import io
import zipfile
from pathlib import Path

import pytest

from registry.assessment.intake.contents import JPEG, PDF, PNG, XML, inspect
from registry.assessment.intake.inspecting import inspected
from registry.errors import Invalid
from tests.support.files import dcc, jpeg, pdf, png


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("run.exe", b"MZ")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), PNG),
        (jpeg(), JPEG),
        (pdf(), PDF),
        (pdf() + b"\r\n\0\0", PDF),
        (dcc(), XML),
        ("<báo_cáo/>".encode(), XML),
        ('<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"), XML),
    ],
)
def test_the_content_says_what_a_file_is(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert inspect(path).media_type == kind


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<a>&b;</a>"
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"MZ\x90\x00", "This is not a PDF"),
        (b"plain text", "This is not a PDF"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "This is not a PDF"),
        (b"%PDF-1.7\nnothing\n%%EOF\n", "This is not a PDF file that can be read."),
        (b"%PDF-1.7\nnothing", "cut off"),
        (pdf() + b"<script>", "something follows its end"),
        (pdf()[:-40], "cut off"),
        (pdf(SCRIPT, catalog=b"/OpenAction 4 0 R"), "scripts or actions"),
        (pdf(catalog=b"/OpenAction << /S /L#61unch /F (cmd.exe) >>"), "scripts or actions"),
        (pdf(catalog=b"/AA << /WC << /S /SubmitForm /F (http://x) >> >>"), "scripts or actions"),
        (pdf(catalog=b"/AcroForm << /XFA (x) >>"), "scripts or actions"),
        (
            pdf(
                b"<< /Type /Filespec /F (a.exe) /UF (a.exe) /EF << /F 5 0 R >> >>",
                b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream",
                catalog=b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
            ),
            "not data",
        ),
        (
            pdf(
                b"<< /Type /Filespec /F (a.xml) /UF (a.xml) /EF << /F 5 0 R >> >>",
                b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream",
                catalog=b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
            ),
            "not data",
        ),
        (archive(), "archive"),
        (png() + archive(), "archive"),
        (pdf() + archive(), "archive"),
        (png() + b"<script>", "something follows its end"),
        (b"GIF89a" + pdf(), "more than one kind"),
        (png()[:-20], "cut off"),
        (png(8_000, 8_000), "million pixels"),
        (BOMB, "declares a document type"),
        (b"<!DOCTYPE html><p>x</p>", "declares a document type"),
        (b"<a><b></a>", "not well-formed"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "hold scripts"),
        (b'<a><x:svg xmlns:x="http://www.w3.org/2000/svg"/></a>', "hold scripts"),
        (b"<html><body/></html>", "hold scripts"),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(Invalid) as error:
        inspect(path)
    assert reason in error.value.fields["file"][0]


def test_data_may_travel_in_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(
        pdf(
            b"<< /Type /Filespec /F (dcc.xml) /UF (dcc.xml) /EF << /F 5 0 R >> >>",
            b"<< /Type /EmbeddedFile /Length 4 >>\nstream\n<a/>\nendstream",
            catalog=b"/AF [4 0 R]",
        )
    )
    assert inspect(path).media_type == PDF


def test_a_digital_calibration_certificate_is_known(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(dcc())
    assert inspect(path).facts == {
        "dcc": {
            "identifier": "PTB-1",
            "performed_on": "2026-01-05",
            "performed_until": "2026-01-07",
            "laboratory": "Lab",
        }
    }


def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(dcc())
    assert inspected(path) == inspect(path)
    path.write_bytes(b"MZ")
    with pytest.raises(Invalid) as error:
        inspected(path)
    [reason] = error.value.fields["file"]
    assert reason.startswith("This is not a PDF, XML, PNG or JPEG file but:")


def test_a_reader_that_swells_or_hangs_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.assessment.intake.inspecting.SECONDS", 0)
    path = tmp_path / "file"
    path.write_bytes(pdf())
    with pytest.raises(Invalid) as error:
        inspected(path)
    assert "reasonable time" in error.value.fields["file"][0]
