"""One spelling for many: how text becomes comparable, searchable and part of a URL."""

import re
import unicodedata

from registry.catalog import designation_words as words
from registry.errors import Invalid

MAX_LENGTH = 200
SUPPLEMENT_MARK = " + "

# Between two digits a mark tells parts, years and series apart; elsewhere it is style.
_SIGNIFICANT = re.compile(r"\d+(?:[-.:/]\d+)*|[^\W\d_]+")
_TWO_NUMBERS = re.compile(r"(?<=\d) (?=\d)")
_SLUG_MARKS = str.maketrans({" ": "-", "/": "_"})


def tidy(text: str) -> str:
    """NFC, plain hyphens, single spaces, none around colons; ``Invalid`` when unreadable."""
    if len(text) > MAX_LENGTH:
        raise Invalid.one("designation", f"Use at most {MAX_LENGTH} characters.")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(words.DASHES)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = " ".join(text.split())
    if not text.isprintable():
        raise Invalid.one("designation", "Remove the characters that cannot be printed.")
    if not (_SIGNIFICANT.search(text) if text.isascii() else squash(text)):
        raise Invalid.one("designation", "Give a designation, such as QCVN 135:2024/BTTTT.")
    if " :" in text or ": " in text:
        text = re.sub(r" ?: ?", ":", text)
    if " /" in text or "/ " in text:
        text = words.SPACED_SLASH.sub("/", text)
    return text


def fold(text: str) -> str:
    """Case and diacritics taken off; "đ" becomes "d"."""
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def squash(text: str) -> str:
    """Words and numbers in one spelling: "ISO/IEC-TR24372" → "iso iec tr 24372"."""
    return " ".join(_SIGNIFICANT.findall(fold(text)))


def join(*parts: str) -> str:
    """The parts that are not empty, in key spelling."""
    return " ".join(filter(None, parts))


def compact(key: str) -> str:
    """A key as one search token."""
    return key.replace(SUPPLEMENT_MARK, "").replace(" ", "")


def slug(key: str) -> str:
    """A key as a path segment in ASCII; unlike keys stay unlike."""
    text = _TWO_NUMBERS.sub("__", key.replace(SUPPLEMENT_MARK, "--")).translate(_SLUG_MARKS)
    if text.isascii():
        return text
    text = text.translate(words.CYRILLIC)
    return "".join(char if char.isascii() else f"u{ord(char):x}" for char in text)
