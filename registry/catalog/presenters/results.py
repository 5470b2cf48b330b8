"""The list of search results (context of templates/public/search.html)."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.catalog import ics
from registry.catalog.presenters.common import Labels, adoption, body_name, titles_in_order
from registry.catalog.queries.editions import EditionFacts, RelationFacts
from registry.search.analysis import fold, normalise, words

Segments = list[tuple[str, bool]]


def present_result(
    facts: EditionFacts,
    adopted: Sequence[RelationFacts],
    labels: Labels,
    query: str,
    language: str,
) -> dict[str, Any]:
    """Return one row of the list, with the words found marked."""
    record = facts.record
    wanted = frozenset(word.folded for word in words(query))
    return {
        "slug": facts.edition.slug,
        "designation": mark(facts.edition.designation, wanted),
        "titles": [
            {"lang": title["lang"], "text": mark(title["text"], wanted)}
            for title in titles_in_order(record.titles, language)[:2]
            # Where no title is known the designation stands for it, and is shown already.
            if title["text"] != facts.edition.designation
        ],
        "kind": record.kind,
        "status": {"key": facts.status.status, "since": facts.status.since},
        "issuing_body": body_name(labels, record.publisher),
        "external": not facts.edition.national,
        "effective_from": record.effective_from,
        "adoption": adoption(adopted),
    }


def mark(text: str, wanted: frozenset[str]) -> Segments:
    """Split ``text`` where words of the query stand, diacritics and case aside."""
    if not wanted:
        return [(text, False)]
    segments: Segments = []
    piece, found = "", False
    for part in _split(text):
        hit = fold(normalise(part)) in wanted
        if hit != found and piece:
            segments.append((piece, found))
            piece = ""
        piece, found = piece + part, hit
    return [*segments, (piece, found)] if piece else segments


def _split(text: str) -> list[str]:
    """Return the runs of letters and digits of ``text`` and what stands between them."""
    parts: list[str] = []
    kind = None
    for character in text:
        this = character.isalnum()
        if parts and this == kind:
            parts[-1] += character
        else:
            parts.append(character)
        kind = this
    return parts


def offered(facet: str, counts: Mapping[str, int], chosen: frozenset[str]) -> Mapping[str, int]:
    """Return the counts worth offering: of the ICS tree only the level below what is chosen."""
    if facet != "ics":
        return counts
    depth = max((code.count(".") + 1 for code in chosen), default=0)
    return {
        code: count
        for code, count in counts.items()
        if code.count(".") == depth and (not chosen or code.rpartition(".")[0] in chosen)
    }


def facet_label(labels: Labels, facet: str, value: str) -> Any:
    """Return what a facet value is called; a value that is no term is its own name."""
    if facet == "ics":
        return f"{value} {ics.titles().get(value, '')}".strip()
    vocabulary = {
        "kind": "document-kind",
        "body": "issuing-body",
        "ministry": "issuing-body",
        "status": "edition-status",
    }.get(facet, facet)
    return labels.get((vocabulary, value), value)


def facet_counts(
    counts: Mapping[str, int], chosen: frozenset[str], most: int = 12
) -> list[tuple[str, int, bool]]:
    """Return the values to offer: the chosen ones always, then the most frequent."""
    rows = [(value, count, value in chosen) for value, count in counts.items() if count]
    rows += [(value, 0, True) for value in chosen if value not in counts]
    rows.sort(key=lambda row: (not row[2], -row[1], row[0]))
    return rows[:most]
