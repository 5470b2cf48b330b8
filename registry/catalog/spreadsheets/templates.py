"""The empty spreadsheet that people fill in, with an explanation of every column."""

from collections.abc import Iterator, Mapping, Sequence

from registry.catalog.spreadsheets.columns import Column, columns
from registry.catalog.spreadsheets.writing import XLSX, Sheet, csv_chunks, workbook_chunks

# What most lists have; further columns are explained and can be added.
USUAL = (
    "designation",
    "titles.vi",
    "titles.en",
    "publisher",
    "issued",
    "effective_from",
    "instrument.number",
    "adopts",
    "degree",
    "supersedes",
    "domains",
    "ics",
    "source",
    "note",
)

_WIDTHS = {"titles.vi": 50, "titles.en": 50, "note": 40}
_EXPLANATION_WIDTHS = (32, 70, 60, 40)

# The labels of the terms that each vocabulary allows, by key.
Allowed = Mapping[str, Mapping[str, str]]


def template_chunks(
    form: str,
    language: str,
    words: Sequence[str],
    allowed: Allowed,
    among: Mapping[str, Column] | None = None,
) -> Iterator[bytes]:
    """Yield the template in ``language``, as CSV or with a sheet of explanations as XLSX.

    ``words`` are the titles of the two sheets and the four headings of the second;
    ``among`` the columns, all in use, where the rows are not editions.
    """
    usual = USUAL if among is None else tuple(among)
    among = columns() if among is None else among
    headings = [among[path].labels[language] for path in usual]
    if form != XLSX:
        return csv_chunks(headings, ())
    data, explained, *explanation_headings = words
    widths = [_WIDTHS.get(path, 22) for path in usual]
    rows = [
        _explained(column, language, allowed)
        for column in sorted(among.values(), key=lambda c: c.path not in usual)
    ]
    return workbook_chunks(
        [
            Sheet(data, headings, (), widths),
            Sheet(explained, explanation_headings, rows, _EXPLANATION_WIDTHS),
        ]
    )


def _explained(column: Column, language: str, allowed: Allowed) -> list[str]:
    terms = allowed.get(column.vocabulary or "", {})
    return [
        column.labels[language],
        column.explanation[language],
        "\n".join(f"{key} – {label}" for key, label in terms.items()),
        column.example,
    ]
