"""Small pieces that several pages show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from babel import Locale

from registry.catalog.presenters.common import source_parts
from registry.config import LANGUAGES

Text = str | Mapping[str, str]
Labels = Mapping[tuple[str, str], Mapping[str, str]]

_DECIMAL_COMMA = frozenset({"vi"})

_TONES = {
    "granted": "good",
    "issued": "good",
    "reinstated": "good",
    "extended": "good",
    "renewed": "good",
    "reduced": "care",
    "scope_reduced": "care",
    "suspended": "care",
    "withdrawn": "stop",
    "replaced": "stop",
}


class EventRow(Protocol):
    """A dated change of standing, and the journal position that recorded it."""

    @property
    def kind(self) -> str: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def known_from(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is made: all labels, and the language to take them in."""

    labels: Labels
    language: str

    def texts(self, vocabulary: str, key: str) -> Text:
        """Return a term's labels; the key where there is no such term."""
        return self.labels.get((vocabulary, key), key)

    def label(self, vocabulary: str, key: str) -> str:
        """Return a term's label in the reader's language, else in English, else the key."""
        texts = self.labels.get((vocabulary, key), {})
        return texts.get(self.language) or texts.get("en") or key

    def number(self, number: Decimal | str | None) -> str | None:
        """Return a reported number digit for digit, with the decimal sign of the language."""
        if number is None:
            return None
        text = str(number)
        return text.replace(".", ",") if self.language in _DECIMAL_COMMA else text


def country_names(code: str) -> dict[str, str]:
    """Return what a country (ISO 3166-1 alpha-2) is called in the register's languages."""
    return {language: Locale(language).territories.get(code, code) for language in LANGUAGES}


def present_events(
    events: Iterable[EventRow],
    vocabulary: str,
    reader: Reader,
    recorded: Mapping[int, datetime] | None = None,
) -> list[dict[str, Any]]:
    """Return events for a timeline, the newest first."""
    rows = [
        {
            "on": event.effective_on,
            "label": _capital(reader.label(vocabulary, event.kind)),
            "note": event.reason,
            "tone": _TONES.get(event.kind, "quiet"),
            "position": event.known_from,
            "recorded_at": (recorded or {}).get(event.known_from),
        }
        for event in events
    ]
    return rows[::-1]


def printed_hs(code: str) -> str:
    """Return an HS code as it is printed: 8525.89.10."""
    return ".".join(filter(None, (code[:4], code[4:6], code[6:])))


def local_text(texts: Mapping[str, str | None] | None) -> Text | None:
    """Return the texts there are; None when there is none."""
    given = {language: text for language, text in (texts or {}).items() if text}
    return given or None


def source_link(source: str | None) -> dict[str, Any] | None:
    """Return a source as a link where it is an address, and its parts where it holds some."""
    if not source:
        return None
    is_address = source.startswith(("https://", "http://"))
    return {
        "label": source,
        "href": source if is_address else None,
        "parts": source_parts(source),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
