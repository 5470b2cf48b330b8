"""Tells an edition that takes another's place from one that adds to it."""

from registry.catalog.designation import parse
from registry.errors import Invalid


def by_target(kind: str, target: object) -> str:
    """Return the relation that a source means by ``kind``, going by what it points at.

    Sources say of an amendment or a corrigendum too that it comes after its edition.
    """
    if kind != "superseded-by" or not (supplement := supplement_of(target)):
        return kind
    return "corrected-by" if supplement.startswith("Cor") else "amended-by"


def supplement_of(designation: object) -> str:
    """Return the supplement that a designation names ("Amd 1:2024"), "" if none."""
    try:
        return parse(str(designation)).supplement
    except Invalid:
        return ""
