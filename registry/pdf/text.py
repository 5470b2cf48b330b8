"""Text as it may stand in a document: plain data, printable characters, dates in words."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

PlainData = dict[str, Any]
"""Dicts with string keys, lists, str, int, bool and None, nested: what a snapshot may hold."""

# C0 and C1 controls except tab and newline, directional overrides that would
# let a name rearrange the text around it, lone surrogates and non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)

ENGLISH_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def check_plain(value: Any, path: str = "") -> None:
    """Raise ``TypeError``, naming the path, unless ``value`` is plain data.

    Floats are refused too: numbers that were measured are printed as they were
    reported, digit for digit, so they travel as text.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path or 'data'}: key {key!r} is not a string")
            check_plain(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            check_plain(item, f"{path}.{position}")
    elif value is not None and type(value) not in (str, int, bool):
        raise TypeError(f"{path or 'data'}: {type(value).__name__} is not plain data")


def visible(text: str, without_glyph: Iterable[str] = ()) -> str:
    """Return ``text`` composed (NFC), with what cannot be printed written out as ``[U+202E]``.

    A document shows that something stood there rather than dropping it or,
    against ISO 19005-3, 6.2.11.8, drawing an empty box. ``without_glyph``
    are further characters to write out because no font has them.
    """
    composed = _UNPRINTABLE.sub(_written_out, unicodedata.normalize("NFC", text))
    return composed.translate({ord(char): f"[U+{ord(char):04X}]" for char in without_glyph})


def _written_out(match: re.Match[str]) -> str:
    return f"[U+{ord(match[0]):04X}]"


def long_date(iso_date: str, language: str) -> str:
    """Return "2026-03-05" in words: "ngày 05 tháng 3 năm 2026", "5 March 2026".

    Vietnamese writes days below 10 and the months 1 and 2 with a leading zero
    (Decree 30/2020/NĐ-CP, Annex I). A language without a form of its own gets
    the ISO 8601 date. Raises ``ValueError`` for anything but an ISO date.
    """
    day = date.fromisoformat(iso_date)
    if language == "vi":
        month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
        return f"ngày {day.day:02d} tháng {month} năm {day.year}"
    if language == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return day.isoformat()
