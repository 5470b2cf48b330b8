"""Codes of the Harmonized System in any punctuation."""

import re
import unicodedata
from collections.abc import Iterable

from registry.errors import Invalid
from registry.messages import Message

SHORTEST, LONGEST = 2, 8

# How people announce a code: "HS 8525.81", "mã HS: 8525", "HS code 85 25".
_ANNOUNCED = re.compile(r"\s*(?:(?:mã\s*)?hs(?:\s*code)?\b)?[\s:.#-]*", re.IGNORECASE)
_BETWEEN_CODES = re.compile(r"[,;|\n]+")
_LETTER = re.compile(r"[^\W\d_]")


def split_codes(text: str) -> list[str]:
    """Return the HS codes of one cell or text area; a code may hold dots and spaces."""
    return [code.strip() for code in _BETWEEN_CODES.split(text) if code.strip()]


def hs_digits(code: str) -> str:
    """Return the digits of an HS code in any punctuation ("8525.81" → "852581")."""
    return "".join(character for character in code if character.isascii() and character.isdigit())


def each_digits(codes: Iterable[str]) -> list[str]:
    """Return the digits of each of several HS codes, each once; what has none is left out."""
    return list(filter(None, dict.fromkeys(map(hs_digits, codes))))


def read_hs(text: str) -> str:
    """Return the 2 to 8 digits of a typed HS code; ``Invalid`` names ``hs`` otherwise.

    Any punctuation, spaces and wide digits are taken; a word before it ("HS", "mã HS")
    is passed over. Other letters make it something else than a code.
    """
    tidy = unicodedata.normalize("NFKC", text)
    rest = _ANNOUNCED.sub("", tidy, count=1)
    digits = hs_digits(rest)
    if _LETTER.search(rest) or not SHORTEST <= len(digits) <= LONGEST:
        raise Invalid.one("hs", Message("Write an HS code of 2 to 8 digits, like 8525.81."))
    return digits


def is_code(text: str) -> bool:
    """Whether a typed text reads as an HS code rather than as words."""
    try:
        read_hs(text)
    except Invalid:
        return False
    return True


def related(one: str, other: str) -> bool:
    """Whether two codes (digits) are the same, or one is part of the other."""
    return one.startswith(other) or other.startswith(one)


def parents(digits: str) -> list[str]:
    """Return every code that ``digits`` is part of, itself last: 85, 852, 8525 …"""
    return [digits[:length] for length in range(SHORTEST, len(digits) + 1)]


def printed_hs(digits: str) -> str:
    """Return an HS code as it is printed: 8525.89.10."""
    return ".".join(filter(None, (digits[:4], digits[4:6], digits[6:])))
