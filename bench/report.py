"""Prints what was measured as tables that read well in a terminal."""

import statistics
from collections.abc import Sequence


def heading(text: str) -> None:
    """Print the heading of a part."""
    print(f"\n== {text}", flush=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print ``rows`` under ``headings``: words to the left, numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    columns = zip(headings, *cells, strict=True)
    widths = [max(len(cell) for cell in column) for column in columns]
    print("  ".join(h.ljust(w) for h, w in zip(headings, widths, strict=True)))
    for row, values in zip(cells, rows, strict=True):
        print(
            "  ".join(
                cell.ljust(width) if isinstance(value, str) else cell.rjust(width)
                for cell, width, value in zip(row, widths, values, strict=True)
            ),
            flush=True,
        )


def spread(values: Sequence[float]) -> str:
    """Return the median with the smallest and largest: one number says too little here."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
