"""Small pieces that several pages show."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from registry.catalog.notes import note_words
from registry.catalog.queries.editions import EditionFacts, RelationFacts
from registry.catalog.status import ENDED, NOT_YET_IN_FORCE, PREPARATION, Change

# A space before a semicolon is how lists of addresses keep them apart, not how they read.
_STRAY_SPACE = re.compile(r" +(;)")
_ADDRESS = re.compile(r"(https?://[^\s<>]*[^\s<>.,;:)])")

Text = str | Mapping[str, str]
Labels = Mapping[tuple[str, str], Mapping[str, str]]


def body_name(labels: Labels, key: str | None) -> Text | None:
    """Return what an issuing body is called; a foreign publisher is its own name."""
    if key is None:
        return None
    return labels.get(("issuing-body", key), key)


def titles_in_order(titles: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """Return titles with the reader's language first, then Vietnamese, English and the rest."""
    first = [language, "vi", "en"]
    order = [*dict.fromkeys(first), *sorted(titles.keys() - set(first))]
    return [{"lang": code, "text": titles[code]} for code in order if titles.get(code)]


def until(changes: Sequence[Change], status: Change) -> date | None:
    """Return the last day of ``status`` where the next change is known."""
    following = changes[changes.index(status) + 1 :]
    since = following[0].since if following else None
    return since - timedelta(days=1) if since else None


def adoption(found: Sequence[RelationFacts]) -> dict[str, Any] | None:
    """Return the first adoption of an edition, with the adopted edition's status."""
    if not found:
        return None
    relation = found[0]
    other = relation.other
    return {
        "degree": relation.relation.degree,
        "designation": relation.designation,
        "status_key": other.status.status if other else None,
        "slug": other.edition.slug if other else None,
    }


def counted(facts: Sequence[EditionFacts]) -> dict[str, int]:
    """Return how many editions are in force, planned, unknown or ended."""
    counts = {"in_force": 0, "planned": 0, "unknown": 0, "ended": 0, "total": len(facts)}
    for fact in facts:
        counts[_group(fact.status.status)] += 1
    return counts


def source_parts(source: str) -> list[dict[str, Text | None]]:
    """Return a source cut into text and web addresses; an address shows whose it is."""
    parts: list[dict[str, Text | None]] = []
    for text in _ADDRESS.split(_STRAY_SPACE.sub(r"\1", source)):
        if _ADDRESS.fullmatch(text):
            host = urlsplit(text).netloc.removeprefix("www.")
            parts.append({"text": host or text, "href": text})
        elif text:
            parts.append({"text": _source_words(text), "href": None})
    return parts


def _source_words(text: str) -> Text:
    """Return the words between addresses by language where their Vietnamese is known."""
    said = text.strip(" ;")
    words = note_words(said)
    if isinstance(words, Mapping):
        before, _, after = text.partition(said)
        return {language: f"{before}{word}{after}" for language, word in words.items()}
    return text


def _group(status: str) -> str:
    if status in ENDED:
        return "ended"
    if status == "unknown":
        return "unknown"
    return "planned" if status in (PREPARATION, "public-comment", NOT_YET_IN_FORCE) else "in_force"
