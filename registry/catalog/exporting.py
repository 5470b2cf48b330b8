"""The public list as open data: CSV and JSON Lines, streamed."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.models import Edition, EditionRecord, Obligation, Relation
from registry.catalog.queries.editions import EditionFacts, page_of_editions
from registry.clock import Clock
from registry.history import AsOf, known
from registry.unit_of_work import UnitOfWorkFactory, plain

WHICH = ("national", "followed")
FORMS = ("csv", "jsonl")
_CHUNK = 1_000

_COLUMNS = (
    "designation",
    "kind",
    "title_vi",
    "title_en",
    "status",
    "status_since",
    "publisher",
    "lead_ministry",
    "issued",
    "effective_from",
    "effective_until",
    "withdrawn_on",
    "instrument",
    "stage",
    "ics",
    "domains",
    "relations",
    "source",
)

# A cell that starts with one of these would be run as a formula by a spreadsheet.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_lines(
    units: UnitOfWorkFactory, which: str, form: str, zone: ZoneInfo, clock: Clock
) -> Iterator[bytes]:
    """Yield the file line by line, every edition with its status today.

    A register that imports the JSON Lines file holds the same facts afterwards.
    """
    as_of = AsOf(clock.today())
    if form == "csv":
        # Spreadsheets take a file for UTF-8 by this mark.
        yield b"\xef\xbb\xbf" + _csv_line(_COLUMNS)
    after = 0
    while True:
        with units.reading() as session:
            facts = page_of_editions(
                session, as_of, zone, after=after, limit=_CHUNK, national=which == "national"
            )
            ids = [f.edition.id for f in facts]
            relations = relations_of(session, ids)
            obligations = obligations_of(session, ids)
        if not facts:
            return
        for fact in facts:
            record = edition_data(
                fact, relations.get(fact.edition.id, ()), obligations.get(fact.edition.id, ())
            )
            yield _csv_line(_cells(record)) if form == "csv" else _json_line(record)
        after = facts[-1].edition.id


def edition_data(
    fact: EditionFacts,
    relations: Sequence[Mapping[str, Any]] = (),
    obligations: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return an edition as open data, in the field names of the registry's own format."""
    said = record_data(fact.edition, fact.record, relations, obligations)
    computed = {"status": fact.status.status, "status_since": fact.status.since}
    return {**said, **_given(computed)}


def record_data(
    edition: Edition,
    record: EditionRecord,
    relations: Sequence[Mapping[str, Any]] = (),
    obligations: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what the register says of an edition, as ``ImportedEditionSchema`` takes it."""
    data = {
        "designation": edition.designation,
        "kind": record.kind,
        "publisher": record.publisher,
        "titles": record.titles,
        "scope": record.scope,
        "lead_ministry": record.lead_ministry,
        "doctype": record.doctype,
        "stage": record.stage,
        "issued": record.issued,
        "effective_from": record.effective_from,
        "effective_until": record.effective_until,
        "withdrawn_on": record.withdrawn_on,
        "instrument": record.instrument,
        "ics": record.ics,
        "domains": record.domains,
        "languages": record.languages,
        "committee": record.committee,
        "drafted_by": record.drafted_by,
        "pages": record.pages,
        "url": record.url,
        "status_source": record.status_source,
        "relations": relations,
        "obligations": obligations,
        "source": record.source,
        "evidence": record.evidence,
        "note": record.note,
    }
    return _given(data)


def safe_cell(value: object) -> str:
    """Return ``value`` as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def relations_of(session: Session, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the relations that each edition of ``ids`` states, as open data."""
    rows = session.scalars(
        select(Relation).where(Relation.edition_id.in_(ids), known(Relation)).order_by(Relation.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        item = {
            "type": row.type,
            "degree": row.degree,
            "target": row.target_designation,
            "date": row.on,
            "coexistence_until": row.coexistence_until,
            "source": row.source,
        }
        found.setdefault(row.edition_id, []).append(_given(item))
    return found


def obligations_of(
    session: Session, ids: Sequence[int], *, with_edition: bool = False
) -> dict[int, list[dict[str, Any]]]:
    """Return the obligations of each edition of ``ids``, as open data.

    ``with_edition`` leaves out what an editor said apart from the edition's record.
    """
    wanted = select(Obligation).where(Obligation.edition_id.in_(ids), known(Obligation))
    if with_edition:
        wanted = wanted.where(Obligation.with_edition.is_(True))
    rows = session.scalars(wanted.order_by(Obligation.id))
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        item = {
            "hs": row.hs_codes,
            "product": row.product,
            "mandatory_from": row.valid_from,
            "mandatory_until": row.valid_until,
            "method": row.method,
            "declaration": row.declaration,
            "note": row.note,
            "source": row.source,
        }
        found.setdefault(row.edition_id, []).append(_given(item))
    return found


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of ``data``, as plain values."""
    return {name: plain(value) for name, value in data.items() if value}


def _cells(record: dict[str, Any]) -> list[str]:
    titles = record.get("titles", {})
    special = {
        "title_vi": titles.get("vi"),
        "title_en": titles.get("en"),
        "instrument": record.get("instrument", {}).get("number"),
        "ics": "; ".join(record.get("ics", [])),
        "domains": "; ".join(record.get("domains", [])),
        "relations": "; ".join(
            " ".join(filter(None, (r["type"], r.get("degree"), r["target"])))
            for r in record.get("relations", [])
        ),
    }
    return [safe_cell(special[name] if name in special else record.get(name)) for name in _COLUMNS]


def _csv_line(cells: tuple[str, ...] | list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()


def _json_line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
