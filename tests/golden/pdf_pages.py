"""Reads a PDF back as a stranger would: its words, and where they stand on the page."""

import re
import unicodedata

import pypdfium2  # type: ignore[import-untyped]

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner of the page."""

MILLIMETRE = 72 / 25.4


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page, composed (NFC), every run of white space as one space."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [unicodedata.normalize("NFC", re.sub(r"\s+", " ", text)) for text in texts]


def squeezed(text: str) -> str:
    """Return ``text`` without white space and hyphens, to search across the ends of lines.

    PDFium reads any hyphen at the end of a line as one put there by hyphenation.
    """
    return re.sub(r"[\s\ufffe\x02-]+", "", unicodedata.normalize("NFC", text))


def strings(value: object) -> list[str]:
    """Return every string inside plain data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return []


def text_boxes(pdf: bytes) -> list[list[Box]]:
    """Return, for each page, the box of every run of text."""
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            pages.append([text.get_rect(index) for index in range(text.count_rects())])
    return pages


def overlaps(boxes: list[Box], tolerance: float = 1.5) -> list[tuple[Box, Box]]:
    """Return the pairs of boxes that share more than ``tolerance`` points both ways."""
    found = []
    for position, one in enumerate(boxes):
        for other in boxes[position + 1 :]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            along = min(one[3], other[3]) - max(one[1], other[1])
            if across > tolerance and along > tolerance:
                found.append((one, other))
    return found
