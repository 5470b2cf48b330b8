"""Lists and search results as files that a spreadsheet opens and the import takes back."""

import csv
import io
import json

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from registry.catalog.spreadsheets.layouts import guess_layout
from registry.catalog.spreadsheets.rows import read_tables
from registry.container import Registry
from tests.support.catalogue import imported, row


def workbook_rows(content: bytes) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("which", ["national", "followed"])
def test_a_list_is_the_same_in_every_form(client: FlaskClient, which: str) -> None:
    files = {form: client.get(f"/open-data/{which}.{form}") for form in ("csv", "xlsx", "jsonl")}
    lines = [json.loads(line) for line in files["jsonl"].data.splitlines()]
    assert len(lines) > 100
    named = [line["designation"] for line in lines]
    assert [line["designation"] for line in table(files["csv"].data)] == named
    assert [line["designation"] for line in workbook_rows(files["xlsx"].data)] == named
    assert str(files["xlsx"].mimetype).endswith("spreadsheetml.sheet")
    for form in ("csv", "xlsx"):
        layout = guess_layout(read_tables(files[form].data))
        assert layout.paths.count("") == 2, "status and its day are computed"


def test_what_a_search_finds_is_a_file(client: FlaskClient) -> None:
    query = "q=tr%C3%AD+tu%E1%BB%87+nh%C3%A2n+t%E1%BA%A1o&kind=TCVN"
    page = client.get(f"/search?{query}")
    assert "/search/results.xlsx?" in page.text
    found = table(client.get(f"/search/results.csv?{query}").data)
    assert found
    assert {line["kind"] for line in found} == {"TCVN"}
    assert workbook_rows(client.get(f"/search/results.xlsx?{query}").data)
    lines = client.get(f"/search/results.jsonl?{query}").data.splitlines()
    assert [json.loads(line)["designation"] for line in lines] == [
        line["designation"] for line in found
    ]
    assert client.get("/search/results.csv?q=&form=x&at=1").status_code == 422


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'="])
def test_no_cell_starts_a_formula(client: FlaskClient, registry: Registry, start: str) -> None:
    title = f"{start}HYPERLINK(1)"
    imported(registry, [row("TCVN 99001:2026", titles={"vi": title}, note=f"{start}2")])
    for line in table(client.get("/open-data/national.csv").data):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line.values())
    sheet = load_workbook(io.BytesIO(client.get("/open-data/national.xlsx").data)).worksheets[0]
    cells = [cell for row_ in sheet.iter_rows() for cell in row_ if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    assert f"'{title}" in [cell.value for cell in cells]
