"""The notes and sources of the built-in list in Vietnamese.

A note, or what is said of a source, is kept as it was written, in one language. Those
that come with the registry are in English; their Vietnamese is data (``notes-vi.tsv``),
in which DATE, YEAR, URL and PLACE stand for what differs between notes of the same
words. Whatever an editor or another catalogue noted is shown as it stands.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

_PARTS = {
    "DATE": r"(?P<DATE>\d{4}-\d{2}-\d{2})",
    "YEAR": r"(?P<YEAR>\d{4})",
    "URL": r"(?P<URL>https://\S+)",
    "PLACE": r"(?P<PLACE>[\w.-]+/\S+)",
}


def note_words(note: str | None) -> Mapping[str, str] | str | None:
    """Return a note by language where its Vietnamese is known, else as it stands."""
    if note is None:
        return None
    for pattern, vietnamese in _notes():
        found = pattern.fullmatch(note)
        if found:
            said = vietnamese
            for name, value in found.groupdict().items():
                said = said.replace(name, _written(name, value))
            return {"en": note, "vi": said}
    return note


def _written(name: str, value: str) -> str:
    if name != "DATE":
        return value
    day = date.fromisoformat(value)
    return f"{day.day}/{day.month}/{day.year}"


@cache
def _notes() -> tuple[tuple[re.Pattern[str], str], ...]:
    file = resources.files("registry.catalog") / "data" / "notes-vi.tsv"
    _, *lines = file.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return tuple((_pattern(english), vietnamese) for english, vietnamese in pairs)


def _pattern(english: str) -> re.Pattern[str]:
    text = re.escape(english)
    for name, part in _PARTS.items():
        text = part.join(re.split(rf"\b{name}\b", text))
    return re.compile(text)
