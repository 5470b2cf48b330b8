"""Open data: cells that no spreadsheet runs, and lines that anybody can read."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalog.exporting import FORMS, export_lines
from registry.catalog.spreadsheets.tables import safe_cell
from registry.container import Registry
from tests.support.catalogue import imported, row

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@given(st.text(max_size=20))
def test_no_cell_starts_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(DANGEROUS)
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (5, "5"), ("=1+1", "'=1+1"), ("a=1", "a=1")]
)
def test_cells(value: Any, cell: str) -> None:
    assert safe_cell(value) == cell


@pytest.fixture
def register(empty_registry: Registry) -> Registry:
    """A register with a national edition whose title is a formula, and a followed one."""
    title = '=HYPERLINK("http://x.example","Đèn")'
    imported(
        empty_registry, [row("TCVN 1:2000", titles={"vi": title}, effective_from="2000-01-01")]
    )
    imported(empty_registry, [row("ISO 1:1999", kind="international")], national=False)
    return empty_registry


def exported(registry: Registry, which: str, form: str) -> bytes:
    return b"".join(
        export_lines(registry.units, which, form, registry.settings.zone, registry.clock)
    )


def test_json_lines_are_one_record_each(register: Registry) -> None:
    lines = exported(register, "national", "jsonl").decode().splitlines()
    (record,) = map(json.loads, lines)
    assert record["designation"] == "TCVN 1:2000"
    assert record["titles"]["vi"].startswith("=HYPERLINK")
    assert (record["status"], record["status_since"]) == ("in-force", "2000-01-01")
    assert None not in record.values()


def test_a_spreadsheet_takes_the_table_for_utf8_and_runs_nothing(register: Registry) -> None:
    content = exported(register, "national", "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    headings, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert len(rows) == 1
    cells = dict(zip(headings, rows[0], strict=True))
    assert cells["designation"] == "TCVN 1:2000"
    assert any(cell.startswith("'=HYPERLINK") for cell in cells.values())
    assert not any(cell.startswith(DANGEROUS) for cell in cells.values())


@pytest.mark.parametrize("form", FORMS)
def test_each_list_holds_its_own_editions(register: Registry, form: str) -> None:
    assert exported(register, "national", form)
    if form != "xlsx":
        assert b"ISO 1:1999" not in exported(register, "national", form)
        assert b"ISO 1:1999" in exported(register, "followed", form)
