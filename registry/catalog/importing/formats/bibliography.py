"""Bibliographic JSONL, as exported from public bibliographic sets.

``id``, ``title`` {lang}, ``publisher``, ``doctype``, ``stage``, ``ics``, ``published``,
``relations`` [{type, target, date}] …
"""

import re
from collections.abc import Mapping
from typing import Any

from registry.catalog.importing.formats.supplements import by_target

# How bibliographic sets name a relation, and what it is from this record's side. The same
# word means different things in different sets: ISO's "updates" points to the newer
# edition, the RFC index's to the older. What is not listed is not understood, and left out.
_NEWER = {"obsoletes": "supersedes", "updates": "superseded-by"}
_SUCCESSION = {"hasSuccessor": "superseded-by", "successorOf": "supersedes"}
_RELATIONS: dict[str, dict[str, str]] = {
    "relaton-data-iso": _NEWER,
    "relaton-data-iec": _NEWER,
    "relaton-data-oiml": _SUCCESSION | {"amends": "amends"},
    "relaton-data-ccsds": _SUCCESSION,
    "relaton-data-ieee": {"obsoletedBy": "superseded-by", "adoptedFrom": "adopts"},
    "rfc-index.txt": {
        "obsoletes": "supersedes",
        "obsoletedBy": "superseded-by",
        "updates": "amends",
        "updatedBy": "amended-by",
    },
}

_STAGE_CODE = re.compile(r"\d{2}(?:\.\d{2})?", re.ASCII)

_REGIONAL = ("ETSI", "CEN", "CENELEC", "3GPP")
_INTERNATIONAL = ("ISO", "IEC", "ITU", "OIML", "IETF", "IEEE", "W3C", "BIPM", "UN", "OGC", "IHO")


def to_command(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as ``ImportedEditionSchema`` takes it."""
    publisher = row.get("publisher") or str(row["id"]).split(" ")[0]
    command: dict[str, Any] = {
        "designation": row["id"],
        "kind": _kind(str(publisher)),
        "publisher": publisher,
        "titles": row.get("title") or {"en": row["id"]},
        "source": row.get("source") or "bibliographic set",
        "relations": _relations(row),
    }
    for theirs, ours in (
        ("doctype", "doctype"),
        ("stage", "stage"),
        ("status", "status_source"),
        ("published", "issued"),
        ("ics", "ics"),
        ("languages", "languages"),
        ("committee", "committee"),
        ("url", "url"),
        ("domains", "domains"),
    ):
        if row.get(theirs):
            command[ours] = row[theirs]
    stage = command.get("stage")
    if isinstance(stage, str) and not _STAGE_CODE.fullmatch(stage):
        # "Working Draft", "proposed standard": words of the source, no harmonized code.
        del command["stage"]
        command.setdefault("status_source", stage)
    return command


def _relations(row: Mapping[str, Any]) -> Any:
    given = row.get("relations") or []
    if not isinstance(given, list):
        # The schema says what is wrong with it.
        return given
    types = _RELATIONS.get(str(row.get("source") or "").partition(" ")[0], {})
    return [
        _relation(types[str(item.get("type"))], item)
        for item in given
        if isinstance(item, Mapping) and item.get("target") and str(item.get("type")) in types
    ]


def _relation(kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
    date = item.get("date")
    said = by_target(kind, item["target"])
    if said != kind:
        # The date is that of the edition's end, not of its amendment.
        kind, date = said, None
    return {"type": kind, "target": item["target"], "date": date, "source_says": item["type"]}


def _kind(publisher: str) -> str:
    words = publisher.replace("-", "/").split("/")
    if any(word in _REGIONAL for word in words):
        return "regional"
    if any(word.startswith(name) for word in words for name in _INTERNATIONAL):
        return "international"
    return "foreign"
