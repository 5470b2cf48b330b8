"""The look of a page as text: how dark each block of it is, from 0 (white) to f (black).

A picture would change in thousands of pixels with a font's next minor version. The mean
darkness of blocks of five millimetres does not, and shows a missing frame, a table that
lost its rules, a seal in the wrong place or a column that moved.
"""

import pypdfium2  # type: ignore[import-untyped]

COLUMNS, ROWS = 42, 59
_PIXELS = 8  # a side of a block, before averaging
_DIGITS = "0123456789abcdef"


def blocks(pdf: bytes, page: int = 0) -> list[str]:
    """Return ``ROWS`` lines of ``COLUMNS`` digits for a page."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = document[page].render(scale=COLUMNS * _PIXELS / document[page].get_width())
        small = drawn.to_pil().convert("L").reduce(_PIXELS).resize((COLUMNS, ROWS))
    values = small.tobytes()
    # Text is thin: a block full of it is about one third dark.
    levels = [min(15, (255 - value) // 8) for value in values]
    lines = [levels[start : start + COLUMNS] for start in range(0, len(levels), COLUMNS)]
    return ["".join(_DIGITS[level] for level in line) for line in lines]


def differing(seen: list[str], golden: list[str], tolerance: int = 3) -> list[tuple[int, int]]:
    """Return row and column of each block whose darkness differs by more than ``tolerance``."""
    return [
        (row, column)
        for row, (one, other) in enumerate(zip(seen, golden, strict=True))
        for column, (a, b) in enumerate(zip(one, other, strict=True))
        if abs(int(a, 16) - int(b, 16)) > tolerance
    ]
