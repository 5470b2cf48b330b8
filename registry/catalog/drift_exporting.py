"""Adoption drift as a file: CSV, XLSX and JSON Lines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry.catalog.presenters.drift import Found, present_adoption
from registry.catalog.spreadsheets.writing import table_chunks
from registry.unit_of_work import plain

_COLUMNS = (
    "designation",
    "degree",
    "adopted",
    "state",
    "since",
    "replaced_by",
    "latest",
    "domains",
    "ministry",
    "catalogue",
)


def drift_chunks(found: Found, form: str) -> Iterator[bytes]:
    """Yield a file of adoptions in pieces; in tables the chain is joined by arrows."""
    records = (present_adoption(adoption, drift) for adoption, drift in found)
    if form == "jsonl":
        return (json.dumps(plain(r), ensure_ascii=False).encode() + b"\n" for r in records)
    return table_chunks(form, "drift", _COLUMNS, _rows(records))


def _rows(records: Iterable[Mapping[str, Any]]) -> Iterator[list[object]]:
    for record in records:
        chain = [newer["designation"] for newer in record["replaced_by"]]
        cells = {
            **record,
            "adopted": record["adopted"]["designation"],
            "catalogue": record["adopted"]["catalogue"],
            "replaced_by": " → ".join(chain),
            "latest": chain[-1] if chain else None,
            "domains": "; ".join(record["domains"]),
        }
        yield [cells[name] for name in _COLUMNS]
