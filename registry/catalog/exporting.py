"""The public list as open data: CSV, XLSX and JSON Lines, streamed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.models import Edition, EditionRecord, Obligation, Relation
from registry.catalog.queries.editions import EditionFacts, page_of_editions
from registry.catalog.spreadsheets.records import record_cells, record_headings
from registry.catalog.spreadsheets.writing import table_chunks
from registry.clock import Clock
from registry.history import AsOf, known
from registry.unit_of_work import UnitOfWorkFactory, plain

WHICH = ("national", "followed")
FORMS = ("csv", "xlsx", "jsonl")
_CHUNK = 1_000


def export_lines(
    units: UnitOfWorkFactory, which: str, form: str, zone: ZoneInfo, clock: Clock
) -> Iterator[bytes]:
    """Yield the file in pieces, every edition with its status today.

    A register that imports it holds the same facts afterwards; obligations are in the
    JSON Lines file only.
    """
    return export_records(_records(units, which, zone, clock), form, which)


def export_records(records: Iterable[Mapping[str, Any]], form: str, title: str) -> Iterator[bytes]:
    """Yield a file of ``records`` (see ``edition_data``) in pieces."""
    if form == "jsonl":
        return map(_json_line, records)
    return table_chunks(form, title, record_headings(), map(record_cells, records))


def records_of(session: Session, facts: Sequence[EditionFacts]) -> list[dict[str, Any]]:
    """Return editions as open data, with their relations and obligations."""
    ids = [fact.edition.id for fact in facts]
    relations = relations_of(session, ids)
    obligations = obligations_of(session, ids)
    return [
        edition_data(fact, relations.get(fact.edition.id, ()), obligations.get(fact.edition.id, ()))
        for fact in facts
    ]


def _records(
    units: UnitOfWorkFactory, which: str, zone: ZoneInfo, clock: Clock
) -> Iterator[dict[str, Any]]:
    as_of = AsOf(clock.today())
    after = 0
    while True:
        with units.reading() as session:
            facts = page_of_editions(
                session, as_of, zone, after=after, limit=_CHUNK, national=which == "national"
            )
            records = records_of(session, facts)
        if not facts:
            return
        yield from records
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


def _json_line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
