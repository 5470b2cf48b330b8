"""Reads cells as the fields that they fill, by the kind of their column.

A reader returns what the import's schema loads, or raises ``Unread`` with the reason.
A cell that is not understood is never guessed at: whether 3/4/2024 is in March or
April is settled by Vietnamese habit, day first; 12/31/2024 is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from registry.catalog.hs_codes import split_codes
from registry.catalog.spreadsheets.columns import Column, plain_words, term_words
from registry.catalog.spreadsheets.tables import LONGEST_CELL
from registry.messages import Message

# The keys of each vocabulary by every name its terms are known by, as plain words.
Terms = Mapping[str, Mapping[str, str]]

_EXCEL_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_SEVERAL = re.compile(r"[;\n]+")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{2}:\d{2}(?::\d{2}.*)?)?")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"(?:nam )?(\d{4})", re.IGNORECASE)
# Days since 1899-12-30, as spreadsheets count: from 1910 to 2119.
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 3_700, 80_000
_EPOCH = date(1899, 12, 30)

_ICS_SHORT = re.compile(r"(\d{1,2})\.(\d{1,3})")
_HS_NUMBER = re.compile(r"(\d{3,4})\.(\d{1,6})", re.ASCII)
_METHOD = re.compile(r"(?:phuong thuc|pt|method)\s*(\d)", re.ASCII)
_DEGREE = re.compile(r"[\s,;:–-]*[(\[]?\b(IDT|MOD|NEQ)\b[)\]]?[\s,;:–-]*", re.IGNORECASE)
_LANGUAGE_LINE = re.compile(r"([a-z]{2,3})\s*:\s*(.+)", re.DOTALL)


class Unread(Exception):
    """A cell that cannot be read as its column says; ``reason`` is for its reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_cell(column: Column, text: str, terms: Terms) -> Any:
    """Return what ``text``, which is not blank, says in ``column``; ``Unread`` if nothing."""
    if len(text) > LONGEST_CELL:
        raise Unread(
            Message("A cell holds at most {longest} characters.", longest=f"{LONGEST_CELL:,}")
        )
    if _EXCEL_ERROR.fullmatch(text):
        raise Unread(Message("The spreadsheet shows an error in this cell."))
    return _READERS[column.kind](column, text, terms)


def split_values(text: str) -> list[str]:
    """Return the values of a cell that holds several, one a line or with semicolons between."""
    return [value for part in _SEVERAL.split(text) if (value := " ".join(part.split()))]


def _line(_column: Column, text: str, _terms: Terms) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text else text


def _lines(_column: Column, text: str, _terms: Terms) -> str:
    return text


def _list(_column: Column, text: str, _terms: Terms) -> list[str]:
    return split_values(text)


def _number(_column: Column, text: str, _terms: Terms) -> str:
    return text.removesuffix(".0")


def _date(_column: Column, text: str, _terms: Terms) -> str:
    day = _day(text)
    if day is None:
        raise Unread(Message("Write the date as day/month/year, like 31/12/2024."))
    return day


def _partial_date(_column: Column, text: str, _terms: Terms) -> str:
    plain = plain_words(text)
    if found := _YEAR.fullmatch(plain):
        if 1850 <= int(found[1]) <= 2200:
            return found[1]
    elif found := _MONTH.fullmatch(text):
        return f"{found[2]}-{int(found[1]):02}"
    elif found := _YEAR_MONTH.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02}"
    day = _day(text)
    if day is None:
        raise Unread(Message("Write a day, a month or a year, like 31/12/2024, 12/2024 or 2024."))
    return day


def _day(text: str) -> str | None:
    """Return a day as ISO 8601; ``None`` when the text names none."""
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(*map(int, found.groups())).isoformat()
        if found := _DAY_FIRST.fullmatch(text) or _IN_WORDS.fullmatch(plain_words(text)):
            day, month, year = map(int, found.groups())
            return date(year, month, day).isoformat()
    except ValueError:
        return None
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= (days := int(float(text))) <= _LAST_SERIAL:
        return (_EPOCH + timedelta(days)).isoformat()
    return None


def _ics(_column: Column, text: str, _terms: Terms) -> list[str]:
    return [_ics_code(code) for part in split_values(text) for code in re.split(r"[,\s]+", part)]


def _ics_code(code: str) -> str:
    """Give back the zeros that a spreadsheet took from a code it thought a number."""
    if found := _ICS_SHORT.fullmatch(code):
        return f"{int(found[1]):02}.{found[2]:0<3}"
    return f"{int(code):02}" if code.isascii() and code.isdigit() and len(code) < 3 else code


def _codes(_column: Column, text: str, _terms: Terms) -> list[str]:
    return [_hs_code(code) for code in split_codes(text)]


def _hs_code(code: str) -> str:
    """Give back the zeros that a spreadsheet took from an HS code it thought a number.

    Such codes have an even number of digits, four of them before the first dot.
    """
    if found := _HS_NUMBER.fullmatch(code):
        head, tail = f"{int(found[1]):04}", found[2]
        return f"{head}.{tail}0" if len(tail) % 2 else f"{head}.{tail}"
    return f"0{code}" if code.isascii() and code.isdigit() and len(code) % 2 else code


def _method(column: Column, text: str, terms: Terms) -> str:
    found = _METHOD.fullmatch(plain_words(text))
    return _term(column, found[1] if found else text, terms)


def _stage(_column: Column, text: str, _terms: Terms) -> str:
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})", text):
        return f"{int(found[1]):02}.{found[2]:0<2}"
    return text


def _term(column: Column, text: str, terms: Terms) -> str:
    key = find_term(column.vocabulary or "", text, terms)
    if key is None:
        raise Unread(Message("“{text}” is not in the list of allowed values.", text=text[:60]))
    return key


def _body(column: Column, text: str, terms: Terms) -> str:
    # Bodies of other countries are named as they name themselves.
    return find_term(column.vocabulary or "", text, terms) or _line(column, text, terms)


def _terms(column: Column, text: str, terms: Terms) -> list[str]:
    whole = find_term(column.vocabulary or "", text, terms)
    if whole is not None:
        return [whole]
    parts = split_values(text)
    if len(parts) == 1:
        parts = [part for part in map(str.strip, text.split(",")) if part]
    return [_term(column, part, terms) for part in parts]


def find_term(vocabulary: str, text: str, terms: Terms) -> str | None:
    """Return the key of the term that ``text`` names, by its key, a label or a short name."""
    plain = plain_words(text)
    return terms.get(vocabulary, {}).get(plain) or term_words(vocabulary).get(plain)


def _degree(_column: Column, text: str, _terms: Terms) -> str:
    found = _DEGREE.search(text)
    if found is None:
        raise Unread(Message("The degree is IDT, MOD or NEQ."))
    return found[1].upper()


def _targets(column: Column, text: str, _terms: Terms) -> list[dict[str, Any]]:
    return [_target(column.relation or "", value) for value in split_values(text)]


def _target(type_: str, text: str) -> dict[str, Any]:
    if type_ == "adopts" and (found := _DEGREE.search(text)):
        target = f"{text[: found.start()]} {text[found.end() :]}".strip()
        return {"type": type_, "degree": found[1].upper(), "target": target}
    return {"type": type_, "target": text}


def _relations(_column: Column, text: str, terms: Terms) -> list[dict[str, Any]]:
    """Read "type [degree] designation | day | until day | source text", one a line."""
    types = {**term_words("relation-type"), **terms.get("relation-type", {})}
    return [_relation(line, types, terms) for line in text.split("\n") if line.strip()]


def _relation(line: str, types: Mapping[str, str], terms: Terms) -> dict[str, Any]:
    head, *more = (part.strip() for part in line.split("|"))
    words = head.split()
    for length in range(min(5, len(words) - 1), 0, -1):
        if (type_ := types.get(plain_words(" ".join(words[:length])))) is not None:
            break
    else:
        raise Unread(Message("A relation starts with its type, like “supersedes”."))
    relation = _target("adopts", " ".join(words[length:])) | {"type": type_}
    for part in more:
        name, _, rest = part.partition(" ")
        if name == "until" and (day := _day(rest)):
            relation["coexistence_until"] = day
        elif name == "source" and rest:
            relation["source"] = rest
        else:
            relation["date"] = _partial_date(_ANY, part, terms)
    return relation


def _by_language(_column: Column, text: str, _terms: Terms) -> dict[str, str]:
    texts: dict[str, str] = {}
    for part in re.split(r"\n(?=[a-z]{2,3}\s*:)", text):
        found = _LANGUAGE_LINE.fullmatch(part.strip())
        if found is None:
            raise Unread(Message("Start each line with a language code, like “fr: …”."))
        texts[found[1]] = found[2]
    return texts


_ANY = Column("", "", "partial-date", None, None, {}, {}, "", frozenset())

_READERS: Mapping[str, Callable[[Column, str, Terms], Any]] = {
    "line": _line,
    "lines": _lines,
    "list": _list,
    "number": _number,
    "date": _date,
    "partial-date": _partial_date,
    "ics": _ics,
    "codes": _codes,
    "method": _method,
    "stage": _stage,
    "term": _term,
    "terms": _terms,
    "body": _body,
    "degree": _degree,
    "targets": _targets,
    "relations": _relations,
    "by-language": _by_language,
}


def write_relation(relation: Mapping[str, Any]) -> str:
    """Return a relation as ``relations`` cells hold it."""
    head = " ".join(filter(None, (relation["type"], relation.get("degree"), relation["target"])))
    parts = [
        head,
        relation.get("date"),
        (until := relation.get("coexistence_until")) and f"until {until}",
        (source := relation.get("source")) and f"source {source}",
    ]
    return " | ".join(part for part in parts if part)


def write_values(values: Sequence[str]) -> str:
    """Return several values as one cell."""
    return "; ".join(values)
