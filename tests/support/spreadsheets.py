"""Spreadsheets as people make them, for tests."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = ("Số hiệu", "Tên tiêu chuẩn", "Cơ quan ban hành", "Ngày ban hành", "Nguồn")

Rows = Sequence[Sequence[Any]]


def workbook(rows: Rows, *, merged: Sequence[str] = (), title: str = "Danh mục") -> bytes:
    """Return an XLSX file with ``rows`` on its one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def delimited(rows: Rows, separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV file, quoted where it must be."""
    lines = []
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        lines.append(
            separator.join(
                '"' + cell.replace('"', '""') + '"' if {separator, "\n", '"'} & set(cell) else cell
                for cell in cells
            )
        )
    return "\r\n".join(lines).encode(encoding)


def listed(*designations: str, **changes: Any) -> list[list[Any]]:
    """Return a list of sound editions with its headings, as ``HEADINGS`` names them."""
    title = changes.get("title", "Tên của {}")
    return [
        list(HEADINGS),
        *(
            [name, title.format(name), "Bộ KH&CN", "31/12/2024", "Quyết định 1/QĐ"]
            for name in designations
        ),
    ]
