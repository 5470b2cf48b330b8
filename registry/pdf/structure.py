"""Mends what WeasyPrint leaves open in a tagged PDF, so that the level A claim is true.

Two things are missing from its output for ISO 19005-3 level A: the language of
passages that are not in the document's language, and the marking of page heads
and feet as artifacts (ISO 32000-1, 14.8.2.2 and 14.9.2). Both are set on the
marked-content sequences, after drawing and before writing.
"""

from typing import Any

import pydyf
from weasyprint.document import Document, Page

PAGINATION = pydyf.Dictionary({"Type": "/Pagination"})


class LanguagePage(Page):  # type: ignore[misc]
    """A page that notes, with each marked passage, the language it is in."""

    document_language = ""

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draw the page on ``stream`` and set ``Lang`` where it differs from the document's."""
        super().paint(stream, scale)
        other = {
            mark["mcid"]: box.style["lang"]
            for box, mark in stream._tags.items()
            if box.style["lang"] and box.style["lang"] != self.document_language
        }
        for item in stream.stream:
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in other:
                item["Lang"] = pydyf.String(other[item["MCID"]])


def with_languages(document: Document) -> Document:
    """Return ``document`` with pages that mark the language of each passage."""
    pages = []
    for page in document.pages:
        marked = LanguagePage(page._page_box)
        marked.document_language = document.metadata.lang
        pages.append(marked)
    return document.copy(pages)


def finish(pdf: pydyf.PDF) -> None:
    """Turn passages outside the structure tree into artifacts; list each attachment once."""
    by_reference = {_key(item.reference): item for item in pdf.objects if item.number}
    root = by_reference[_key(pdf.catalog["StructTreeRoot"])]
    inside = _reachable(root, by_reference)
    parents = by_reference[_key(root["ParentTree"])]["Nums"]
    streams = [
        by_reference[_key(by_reference[_key(page)]["Contents"])] for page in pdf.page_references
    ]
    # The number tree lists the pages first, then the link annotations, which
    # are always inside the structure.
    for stream, elements in zip(streams, parents[1 : 2 * len(streams) : 2], strict=True):
        outside = {mcid for mcid, element in enumerate(elements) if _key(element) not in inside}
        for mcid in outside:
            by_reference[_key(elements[mcid])].clear()
            elements[mcid] = "null"
        _mark_as_artifacts(stream, outside)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _mark_as_artifacts(stream: pydyf.Stream, outside: set[int]) -> None:
    """Rewrite the opening operators of the marked-content sequences ``outside``."""
    for position, item in enumerate(stream.stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in outside:
            stream.stream[position - 1] = "/Artifact"
            stream.stream[position] = PAGINATION


def _reachable(root: Any, by_reference: dict[bytes, Any]) -> set[bytes]:
    """Return the references of all structure elements that hang on ``root``."""
    found: set[bytes] = set()
    waiting = list(root["K"])
    while waiting:
        kid = waiting.pop()
        # A kid that is a number is a marked-content identifier, not an element.
        if isinstance(kid, int) or _key(kid) in found:
            continue
        found.add(_key(kid))
        waiting.extend(by_reference[_key(kid)].get("K", ()))
    return found


def _key(reference: bytes | str) -> bytes:
    return reference if isinstance(reference, bytes) else reference.encode("ascii")
