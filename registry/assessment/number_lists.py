"""Lists of certificate numbers as people have them: pasted, or in a column of a spreadsheet."""

import re
from collections import Counter
from collections.abc import Sequence

from registry.assessment.numbers import NumberReading, parse
from registry.catalog.spreadsheets.rows import read_tables
from registry.catalog.spreadsheets.tables import FILE, TableRow
from registry.errors import Invalid
from registry.messages import Message

MOST_NUMBERS = 10_000
# A longer text is no number; its start shows the reader which one is meant.
LONGEST_NUMBER = 100

# A comma or semicolon never stands in a number, nor does a tab; a space may.
_BETWEEN = re.compile(r"[\n\r,;\t]+")
# So many rows tell which column holds the numbers.
_SAMPLE = 200


def pasted_numbers(text: str) -> list[str]:
    """Return the numbers of a pasted list, one on a line or with commas between.

    Raises ``Invalid`` naming ``numbers`` when there are none or too many.
    """
    return bounded([part.strip() for part in _BETWEEN.split(text)], "numbers")


def numbers_of_file(content: bytes) -> list[str]:
    """Return the numbers in an uploaded CSV or XLSX file, of the column that holds most of them.

    A heading above them is left out. Raises ``Invalid`` naming ``file`` when there
    are none, too many, or when the file cannot be read.
    """
    for table in read_tables(content):
        column = _column(table.rows)
        if column is None:
            continue
        cells = [row.cells[column].strip() for row in table.rows if len(row.cells) > column]
        if cells and parse(cells[0]).reading is NumberReading.NOT_A_NUMBER:
            cells = cells[1:]
        return bounded(cells, FILE)
    raise Invalid.one(FILE, Message("No column of this file holds certificate numbers."))


def bounded(texts: Sequence[str], field: str) -> list[str]:
    """Return the texts that are not blank, cut; ``Invalid`` when none or too many are left."""
    kept = [text[:LONGEST_NUMBER] for text in texts if text]
    if not kept:
        raise Invalid.one(field, Message("Give at least one number."))
    if len(kept) > MOST_NUMBERS:
        raise Invalid.one(
            field,
            Message(
                "These are {count} numbers; at most {most} are checked at once.",
                count=f"{len(kept):,}",
                most=f"{MOST_NUMBERS:,}",
            ),
        )
    return kept


def _column(rows: Sequence[TableRow]) -> int | None:
    """Return the column in which most cells read like numbers, well-formed or mistyped."""
    counts = Counter(
        place
        for row in rows[:_SAMPLE]
        for place, cell in enumerate(row.cells)
        if parse(cell).reading is not NumberReading.NOT_A_NUMBER
    )
    return counts.most_common(1)[0][0] if counts else None
