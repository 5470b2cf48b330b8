"""Reads the record formats that can be imported and tells them apart.

* *Registry JSONL*: this project's own format, one edition a line (see
  ``registry/catalog/data/README.md``).
* *Bibliographic JSONL*: ``id``, ``title`` {lang}, ``publisher``, ``doctype``, ``stage``,
  ``ics``, ``published``, ``relations`` [{type, target, date}] … as exported from
  public bibliographic sets.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from registry.catalog.designation import parse
from registry.errors import Invalid

# Grows with every change of the mapping below, so that a new release imports anew.
MAPPING_VERSION = 1

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

# What our own export adds to the facts; a register computes it anew.
_COMPUTED = ("status", "status_since")

_REGIONAL = ("ETSI", "CEN", "CENELEC", "3GPP")
_INTERNATIONAL = ("ISO", "IEC", "ITU", "OIML", "IETF", "IEEE", "W3C", "BIPM", "UN", "OGC", "IHO")


class Row(NamedTuple):
    """One line of a file: its number from 1 on, and what it holds or why it cannot be read."""

    number: int
    content: Mapping[str, Any] | None
    problem: str | None = None
    raw: str = ""


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the lines of a JSON Lines file, gzipped or not; blank lines are passed over.

    Where a gzipped file is damaged, the last row says so.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_row(number, line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Row(number + 1, None, f"the file is damaged from here on: {error}")


def _read_row(number: int, line: str) -> Row:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, None, f"not JSON: {error}", line[:200])
    if not isinstance(content, dict):
        return Row(number, None, "not an object with named fields", line[:200])
    return Row(number, content)


def to_command(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row as ``ImportedEditionSchema`` takes it."""
    if "id" in content:
        return _from_bibliography(content)
    return {name: value for name, value in content.items() if name not in _COMPUTED}


def _from_bibliography(row: Mapping[str, Any]) -> dict[str, Any]:
    publisher = row.get("publisher") or str(row["id"]).split(" ")[0]
    command: dict[str, Any] = {
        "designation": row["id"],
        "kind": _kind(str(publisher)),
        "publisher": publisher,
        "titles": row.get("title") or {"en": row["id"]},
        "source": row.get("source") or "bibliographic set",
        "relations": list(_relations(row)),
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
    return command


def _relations(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    types = _RELATIONS.get(str(row.get("source") or "").partition(" ")[0], {})
    for item in row.get("relations") or ():
        if not isinstance(item, Mapping) or not item.get("target"):
            continue
        if kind := types.get(str(item.get("type"))):
            yield _relation(kind, item)


def _relation(kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
    date = item.get("date")
    if kind == "superseded-by" and (supplement := _supplement(item["target"])):
        # The date is that of the edition's end, not of its amendment.
        kind, date = "corrected-by" if supplement.startswith("Cor") else "amended-by", None
    return {"type": kind, "target": item["target"], "date": date, "source_says": item["type"]}


def _supplement(target: object) -> str:
    try:
        return parse(str(target)).supplement
    except Invalid:
        return ""


def _kind(publisher: str) -> str:
    words = publisher.replace("-", "/").split("/")
    if any(word in _REGIONAL for word in words):
        return "regional"
    if any(word.startswith(name) for word in words for name in _INTERNATIONAL):
        return "international"
    return "foreign"
