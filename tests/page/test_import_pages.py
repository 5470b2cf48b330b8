"""The pages by which a list is imported: nothing typed is lost, nothing happens unseen."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from registry.catalog.importing import uploads, working
from registry.catalog.views import imports
from registry.container import Registry
from registry.followers.imports import follow
from tests.support.followed import IN_2021, IN_2024, adopted, followed
from tests.support.spreadsheets import delimited, listed, workbook
from tests.support.visitors import csrf_token, visitor

DESK = "/workspace/imports?lang=en"


class Person:
    """Somebody at the pages."""

    def __init__(self, app: Flask, registry: Registry, role: str) -> None:
        self.client: FlaskClient = visitor(app, registry, role)

    def page(self, path: str) -> str:
        """Return a page as it reads."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status
        return answer.text

    def send(self, path: str, page: str, **fields: object) -> TestResponse:
        """Send the form of ``page``."""
        typed = {name.replace("__", "."): value for name, value in fields.items()}
        return self.client.post(
            path,
            data={"csrf_token": csrf_token(self.page(page)), **typed},
            follow_redirects=True,
            content_type="multipart/form-data",
        )

    def upload(
        self, content: bytes, name: str = "danh mục.xlsx", of: str = "national"
    ) -> TestResponse:
        """Upload a file."""
        return self.send("/workspace/imports", DESK, file=(io.BytesIO(content), name), list=of)


@pytest.fixture
def editor(app: Flask, registry: Registry) -> Person:
    """Return an editor."""
    return Person(app, registry, "editor")


@pytest.fixture
def approver(app: Flask, registry: Registry) -> Person:
    """Return an approver."""
    return Person(app, registry, "approver")


def columns_of(page: str) -> dict[str, str]:
    """Return the columns' form as it stands."""
    fields = dict(
        re.findall(r'name="(sheet|heading_rows?|defaults\.\w+)"[^>]*value="([^"]*)"', page)
    )
    for place, options in re.findall(
        r'<select[^>]*name="columns\.(\d+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[f"columns__{place}"] = chosen[1] if chosen else ""
    return fields


def test_a_list_goes_from_upload_to_result(editor: Person, approver: Person) -> None:
    answer = editor.upload(workbook([*listed("TCVN 99001:2026"), ["", "Không", "BKHCN", "", "x"]]))
    assert answer.request.path == "/workspace/imports/1/columns"
    typed = columns_of(answer.text)
    assert typed["columns__0"] == "designation"
    address = "/workspace/imports/1"
    answer = editor.send(f"{address}/columns", f"{address}/columns", **typed)
    assert answer.request.path == address
    assert "Import the good rows only" in answer.text
    assert "<strong>A</strong> Designation" in answer.text
    assert 'http-equiv="refresh"' not in answer.text
    refused = editor.send(f"{address}/submit", address, choice="all")
    assert refused.status_code == 422
    assert "mend them, or import the good rows only" in refused.text
    editor.send(f"{address}/submit", address, choice="good")
    waiting = editor.page(address)
    assert "Waits for approval" in waiting
    assert "Approve and import" not in waiting
    answer = approver.send(f"{address}/approve", f"{address}?lang=en")
    assert "The import is finished." in answer.text
    assert re.search(r'href="/journal/\d+"', answer.text)
    assert editor.page("/documents/tcvn-99001:2026")


def test_the_same_file_again_says_so(editor: Person, approver: Person) -> None:
    content = workbook(listed("TCVN 99001:2026"))
    for number in (1, 2):
        answer = editor.upload(content)
        address = f"/workspace/imports/{number}"
        answer = editor.send(f"{address}/columns", f"{address}/columns", **columns_of(answer.text))
        if number == 1:
            editor.send(f"{address}/submit", address, choice="all")
            approver.send(f"{address}/approve", address)
    assert "importing the file would change nothing" in answer.text
    assert 'href="/workspace/imports/1"' in answer.text
    assert "Submit for approval" not in answer.text


@pytest.mark.parametrize(
    ("content", "name", "of", "words"),
    [
        (b"", "", "national", "Choose a file first."),
        (b"", "empty.xlsx", "national", "The file is empty."),
        (b"%PDF-1.7 \x90\x8d", "report.pdf", "national", "This is a PDF file"),
        (b"list \x90\x8d", "list.csv", "national", "cannot be read"),
        (b"PK\x03\x04", "list.xlsx", "national", "may be damaged"),
        (delimited(listed()), "list.csv", "national", "no rows below them"),
        (delimited(listed("TCVN 1:2024")), "list.csv", "neither", "which list"),
    ],
)
def test_what_cannot_be_taken_is_said(
    editor: Person, content: bytes, name: str, of: str, words: str
) -> None:
    answer = editor.upload(content, name, of)
    assert answer.status_code == 422
    assert words in answer.text


def test_columns_are_corrected_and_nothing_typed_is_lost(editor: Person) -> None:
    sheet = [["Danh mục"], ["a", "b"], ["TCVN 99001:2026", "Đèn"]]
    answer = editor.upload(workbook(sheet))
    address = "/workspace/imports/1/columns"
    typed = columns_of(answer.text)
    refused = editor.send(address, address, **typed)
    assert "Say which column holds the designation." in refused.text
    twice = {**typed, "columns__0": "designation", "columns__1": "designation"}
    refused = editor.send(address, address, **twice, defaults__source="Quyết định 1")
    assert refused.status_code == 422
    assert refused.text.count("Two columns fill the same field.") == 4
    assert 'value="Quyết định 1"' in refused.text
    for row in ("x", "99", "-1", ""):
        refused = editor.send(address, address, **{**typed, "heading_row": row})
        assert "Write in which row the headings stand" in refused.text
    again = editor.send(address, address, **{**typed, "heading_row": "2", "step": "guess"})
    assert again.status_code == 200
    assert "TCVN 99001:2026" in again.text
    fine = {
        "heading_row": "2",
        "heading_rows": "1",
        "sheet": typed["sheet"],
        "columns__0": "designation",
        "columns__1": "titles.vi",
        "defaults__publisher": "bkhcn",
        "defaults__source": "Quyết định 1",
    }
    assert "Submit for approval" in editor.send(address, address, **fine).text
    assert "There is no sheet" not in editor.send(address, address, **{**fine, "sheet": "?"}).text


def test_a_long_import_is_left_to_the_worker_and_its_page_refreshes(
    editor: Person, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "QUICK_ROWS", 1)
    answer = editor.upload(workbook(listed("TCVN 99001:2026", "TCVN 99002:2026")))
    address = "/workspace/imports/1"
    answer = editor.send(f"{address}/columns", f"{address}/columns", **columns_of(answer.text))
    assert 'http-equiv="refresh"' in answer.text
    assert "<progress" in answer.text
    assert working.waiting_jobs(registry.units) == [1]
    follow(registry)
    assert "Submit for approval" in editor.page(address)


def test_a_long_spreadsheet_is_read_by_the_worker(
    editor: Person, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_QUICK_BYTES", 10)
    answer = editor.upload(workbook(listed("TCVN 99001:2026", "TCVN 99002:2026")))
    address = "/workspace/imports/1"
    assert "The file is being read" in answer.text
    assert 'http-equiv="refresh"' in answer.text
    assert "The file is being read" in editor.page(f"{address}?lang=en")
    follow(registry)
    columns = editor.client.get(address, follow_redirects=True)
    assert "TCVN 99001:2026" in columns.text, "its first rows"
    done = editor.send(f"{address}/columns", f"{address}/columns", **columns_of(columns.text))
    assert "Submit for approval" in done.text


def test_a_long_file_that_cannot_be_read_says_why(
    editor: Person, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_QUICK_BYTES", 10)
    editor.upload(workbook(listed()))
    follow(registry)
    page = editor.page("/workspace/imports/1?lang=en")
    assert "The file has headings and no rows below them." in page
    assert "http-equiv" not in page
    assert working.waiting_jobs(registry.units) == []


def test_obligations_have_a_template_and_a_list_of_their_own(editor: Person) -> None:
    answer = editor.client.get("/workspace/imports/template.xlsx?of=obligations&lang=en")
    book = load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book.worksheets[0][1]][:4] == [
        "Regulation", "Product in Vietnamese", "Product in English", "HS codes",
    ]  # fmt: skip
    assert editor.client.get("/workspace/imports/template.csv?of=lamps").status_code == 404
    sheet = [["QCVN", "Sản phẩm", "Mã HS"], ["QCVN 135:2024/BTTTT", "Máy thử", "9027.10"]]
    columns = editor.upload(workbook(sheet), of="obligations")
    assert "For new entries" not in columns.text
    address = "/workspace/imports/1"
    done = editor.send(f"{address}/columns", f"{address}/columns", **columns_of(columns.text))
    assert "Submit for approval" in done.text
    assert "Obligations" in done.text


def test_templates_and_bad_rows_are_files(editor: Person) -> None:
    for language, first in (("vi", "Số hiệu"), ("en", "Designation")):
        answer = editor.client.get(f"/workspace/imports/template.xlsx?lang={language}")
        book = load_workbook(io.BytesIO(answer.data))
        assert len(book.worksheets) == 2
        assert book.worksheets[0]["A1"].value == first
        assert book.worksheets[0].max_row == 1
        answer = editor.client.get(f"/workspace/imports/template.csv?lang={language}")
        assert answer.data.decode("utf-8-sig").startswith(first)
    editor.client.get("/?lang=en")
    columns = editor.upload(workbook([*listed(), ["TCVN 1:2026", "=x", "?", "", "x"]]))
    address = "/workspace/imports/1"
    editor.send(f"{address}/columns", f"{address}/columns", **columns_of(columns.text))
    answer = editor.client.get(f"{address}/bad-rows")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert sheet["F1"].value == "Reason"
    assert sheet["C2"].value == "?"
    assert "list of allowed values" in str(sheet["F2"].value)


def test_what_is_not_there_is_not_found(editor: Person) -> None:
    for path in (
        "/workspace/imports/9",
        "/workspace/imports/99999999999",
        "/workspace/imports/9/bad-rows",
    ):
        assert editor.client.get(path).status_code == 404
    columns = editor.upload(workbook(listed("TCVN 99001:2026")))
    assert columns.status_code == 200
    assert editor.client.get("/workspace/imports/1/bad-rows").status_code == 404
    assert editor.client.get("/workspace/imports/1?page=x").status_code == 302


def test_a_followed_catalogue_is_refreshed_from_a_file(editor: Person, registry: Registry) -> None:
    followed(registry)
    adopted(registry)
    assert "/workspace/catalogues/iso/refresh" in editor.page("/catalogues")
    form = "/workspace/catalogues/iso/refresh"
    assert "Choose a file first." in editor.send(form, f"{form}?lang=en").text
    for path in (IN_2021, IN_2024):
        sent = {"file": (io.BytesIO(path.read_bytes()), "iso.jsonl"), "data_of": "2024-01"}
        assert "http-equiv" in editor.send(form, form, **sent).text
        follow(registry)
    page = editor.page("/workspace/imports/2?lang=en")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "0 new, 0 withdrawn. 2 editions held here are no longer listed." in words
    assert "Refresh of a followed catalogue" in editor.page("/workspace/imports?lang=en")
    assert editor.client.get("/workspace/catalogues/none/refresh").status_code == 404
