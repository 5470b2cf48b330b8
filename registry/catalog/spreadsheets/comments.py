"""The ISO commenting template as a spreadsheet: written, and read back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry.catalog.queries.comments import Commented
from registry.catalog.spreadsheets.columns import plain_words
from registry.catalog.spreadsheets.rows import read_tables
from registry.catalog.spreadsheets.tables import FILE, Table
from registry.errors import Invalid
from registry.messages import Message


class TemplateColumn(NamedTuple):
    """A column of the template: the field it holds, its headings, further words for it."""

    field: str
    vi: str
    en: str
    words: tuple[str, ...] = ()


COLUMNS = (
    TemplateColumn("source", "Nơi góp ý", "MB/NC", ("member body", "source", "don vi gop y")),
    TemplateColumn("line", "Số dòng", "Line number", ("line",)),
    TemplateColumn("clause", "Điều/Khoản", "Clause/Subclause", ("clause", "dieu", "dieu khoan")),
    TemplateColumn(
        "paragraph",
        "Đoạn/Hình/Bảng",
        "Paragraph/Figure/Table",
        ("paragraph", "paragraph figure table note", "doan"),
    ),
    TemplateColumn("type", "Loại góp ý", "Type of comment", ("type", "type of com ment", "loai")),
    TemplateColumn("comment", "Nội dung góp ý", "Comments", ("comment", "gop y")),
    TemplateColumn("proposed_change", "Đề nghị sửa đổi", "Proposed change", ("proposal",)),
    TemplateColumn(
        "observation",
        "Ý kiến của ban soạn thảo",
        "Observations of the secretariat",
        ("observations", "observation", "tiep thu giai trinh"),
    ),
)
_ANSWERED = {"observation"}
_TYPES = {"general": "ge", "technical": "te", "editorial": "ed"}
_HEADING_ROWS = 20


def headings(language: str) -> list[str]:
    """Return the headings of the template in a language."""
    return [column.vi if language == "vi" else column.en for column in COLUMNS]


def heading(field: str, language: str) -> str:
    """Return the heading of the template's column for a field; the field's own name otherwise."""
    return next((c.vi if language == "vi" else c.en for c in COLUMNS if c.field == field), field)


def comment_rows(comments: Sequence[Commented]) -> Iterator[list[str]]:
    """Yield the rows of the template, each comment with its observation."""
    for said in comments:
        observation = said.answer.observation if said.answer else ""
        values = {"observation": observation}
        yield [values.get(c.field, getattr(said.comment, c.field, None) or "") for c in COLUMNS]


def read_comments(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the row number and fields of each comment in a CSV or XLSX file.

    The headings may stand in any of the first rows and in Vietnamese or English.
    Observations are the editors' and are left out. Raises ``Invalid`` on "file".
    """
    for table in read_tables(content):
        start, places = _heading(table)
        if start is None:
            continue
        for row in table.rows[start + 1 :]:
            cells = dict(zip(range(len(row.cells)), row.cells, strict=True))
            fields = {field: cells.get(place, "") for place, field in places.items()}
            if any(fields.values()):
                kind = fields.get("type", "").lower()
                yield row.number, {**fields, "type": _TYPES.get(kind, kind)}
        return
    raise Invalid.one(
        FILE,
        Message("No row of the file holds the headings of the template: clause, type, comments."),
    )


def _heading(table: Table) -> tuple[int | None, dict[int, str]]:
    """Return the place of the heading row among the rows, and the field of each column."""
    for place, row in enumerate(table.rows[:_HEADING_ROWS]):
        found = {
            number: field
            for number, text in enumerate(row.cells)
            if (field := _FIELDS.get(plain_words(text))) is not None
        }
        if {"clause", "type", "comment"} <= set(found.values()):
            return place, {n: field for n, field in found.items() if field not in _ANSWERED}
    return None, {}


_FIELDS = {
    plain_words(word): column.field
    for column in COLUMNS
    for word in (column.vi, column.en, *column.words)
}
