"""The spreadsheet that laboratories fill in, with lists to choose from and a sheet of help."""

from collections.abc import Iterator, Mapping, Sequence

from openpyxl.utils import get_column_letter

from registry.assessment.intake.columns import COLUMNS
from registry.catalog.spreadsheets.writing import XLSX, Sheet, csv_chunks, workbook_chunks

_WIDE, _USUAL = 34, 18
_WIDE_KINDS = {"lines"}
_HELP_WIDTHS = (38, 70, 28)

# The labels of the terms that may be chosen, by vocabulary, in the reader's language.
Choices = Mapping[str, Sequence[str]]


def template_chunks(
    form: str,
    language: str,
    words: Sequence[str],
    choices: Choices,
    known: Mapping[str, str],
) -> Iterator[bytes]:
    """Yield the template in ``language``: as CSV, or as XLSX with help and lists.

    ``words`` are the titles of the three sheets and the three headings of the help.
    ``known`` are fields of the first report that the register knows already.
    """
    headings = [column.heading(language) for column in COLUMNS]
    rows = [[known.get(column.path, "") for column in COLUMNS]] if known else []
    if form != XLSX:
        return csv_chunks(headings, rows)
    results, explained, lists, *help_headings = words
    names = list(choices)
    longest = max(map(len, choices.values()), default=0)
    ranges = {
        name: f"'{lists}'!${letter}$2:${letter}${len(choices[name]) + 1}"
        for place, name in enumerate(names, start=1)
        for letter in [get_column_letter(place)]
    }
    return workbook_chunks(
        [
            Sheet(
                results,
                headings,
                rows,
                [_WIDE if column.kind in _WIDE_KINDS else _USUAL for column in COLUMNS],
                lists={
                    place: ranges[column.vocabulary]
                    for place, column in enumerate(COLUMNS)
                    if column.vocabulary in ranges
                },
                to_fill=True,
            ),
            Sheet(
                explained,
                help_headings,
                [
                    [column.heading(language), column.explanation(language), column.example]
                    for column in COLUMNS
                ],
                _HELP_WIDTHS,
            ),
            Sheet(
                lists,
                names,
                [
                    [choices[name][row] if row < len(choices[name]) else "" for name in names]
                    for row in range(longest)
                ],
            ),
        ]
    )
