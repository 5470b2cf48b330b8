"""Writes a batch of validated editions with few statements.

Everything stands in one unit of work: identities, journal entries, records,
domains and relations. Bulk statements are used because a followed catalogue
has hundreds of thousands of editions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.canonical import canonical_json
from registry.catalog.designation import Designation, parse
from registry.catalog.models import (
    Document,
    Edition,
    EditionDomain,
    EditionRecord,
    Obligation,
    Relation,
)
from registry.catalog.services.identities import SLUG_MARK, document_designation, taken_slugs
from registry.catalog.services.obligations import (
    Stated,
    digest_of,
    overruled,
    write_obligations,
)
from registry.catalog.states import PUBLISHED
from registry.db import Base
from registry.history import known
from registry.journal.models import JournalEntry
from registry.slugs import free_slug
from registry.unit_of_work import UnitOfWork, plain


class Imported(NamedTuple):
    """A validated row: the edition's key, the loaded data, the digest of the row."""

    key: str
    data: Mapping[str, Any]
    digest: str


class Present(NamedTuple):
    """What the register holds of an edition: its row's digest, whose it is, where it stands.

    ``position`` is that of the entry that recorded it.
    """

    digest: str | None
    catalogue: str | None
    domains: Sequence[str]
    national: bool
    state: str
    position: int


def present_records(session: Session, keys: Sequence[str]) -> dict[str, Present]:
    """Return what each known edition of ``keys`` was made from, by key."""
    rows = session.execute(
        select(
            Edition.key,
            EditionRecord.digest,
            EditionRecord.catalogue,
            EditionRecord.domains,
            Edition.national,
            EditionRecord.state,
            EditionRecord.known_from,
        )
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(Edition.key.in_(keys), known(EditionRecord))
    )
    return {row.key: Present(*row[1:]) for row in rows}


def recorded_by_others(
    session: Session, present: Mapping[str, Present], actor: Actor
) -> frozenset[str]:
    """Return the keys of the editions whose present record somebody else than ``actor`` made."""
    positions = {held.position: key for key, held in present.items()}
    rows = session.scalars(
        select(JournalEntry.position).where(
            JournalEntry.position.in_(list(positions)), JournalEntry.actor != actor.reference
        )
    )
    return frozenset(positions[position] for position in rows)


def write_editions(
    uow: UnitOfWork, items: Sequence[Imported], *, national: bool
) -> tuple[int, int]:
    """Write ``items``, whose keys are distinct; return how many were new and how many changed."""
    present = _ids(uow.session, Edition, [item.key for item in items])
    new = [item for item in items if item.key not in present]
    ids = present | _make_identities(uow, new, national=national)
    first = uow.record_many(
        [
            (
                "edition.import-change" if item.key in present else "edition.import",
                f"edition:{ids[item.key]}",
                canonical_json(plain(_public(item))),
            )
            for item in items
        ]
    )
    positions = {item.key: first + offset for offset, item in enumerate(items)}
    changed_ids = {ids[item.key]: positions[item.key] for item in items if item.key in present}
    _close_all(uow.session, changed_ids)
    rows = [(item.data, item.digest, ids[item.key], positions[item.key]) for item in items]
    _insert(uow.session, EditionRecord, (_record(*row) for row in rows))
    _insert(uow.session, EditionDomain, (r for data, _, *w in rows for r in _domains(data, *w)))
    _insert(uow.session, Relation, (r for data, _, *w in rows for r in _relations(data, *w)))
    stated = [obligation for data, _, *where in rows for obligation in _obligations(data, *where)]
    said_otherwise = overruled(uow, {o.edition_id for o in stated} & changed_ids.keys())
    write_obligations(
        uow,
        [o for o in stated if (o.edition_id, digest_of(o.data)) not in said_otherwise],
        with_edition=True,
    )
    return len(new), len(items) - len(new)


def _ids(
    session: Session, model: type[Document] | type[Edition], keys: Sequence[str]
) -> dict[str, int]:
    """Return the ids of those of ``keys`` that the register has.

    Asked for after an insert as well: an insert that returns them in order is one
    statement a row in SQLite.
    """
    return dict(session.execute(select(model.key, model.id).where(model.key.in_(keys))).all())


def _make_identities(
    uow: UnitOfWork, items: Sequence[Imported], *, national: bool
) -> dict[str, int]:
    if not items:
        return {}
    session = uow.session
    parsed = {item.key: parse(item.data["designation"]) for item in items}
    documents = _make_documents(session, parsed.values())
    slugs = _free_slugs(session, Edition, {key: d.edition_slug for key, d in parsed.items()})
    _insert(
        session,
        Edition,
        (
            {
                "document_id": documents[designation.document_key],
                "key": key,
                "slug": slugs[key],
                "designation": designation.printed,
                "national": national,
            }
            for key, designation in parsed.items()
        ),
    )
    return _ids(session, Edition, list(parsed))


def _make_documents(session: Session, parsed: Iterable[Designation]) -> dict[str, int]:
    wanted = {designation.document_key: designation for designation in parsed}
    ids = _ids(session, Document, list(wanted))
    missing = {key: d for key, d in wanted.items() if key not in ids}
    if not missing:
        return ids
    slugs = _free_slugs(session, Document, {key: d.slug for key, d in missing.items()})
    _insert(
        session,
        Document,
        (
            {"key": key, "slug": slugs[key], "designation": document_designation(designation)}
            for key, designation in missing.items()
        ),
    )
    return ids | _ids(session, Document, list(missing))


def _free_slugs(
    session: Session, model: type[Document] | type[Edition], wanted: Mapping[str, str]
) -> dict[str, str]:
    """Return a slug for each key, numbered where another identity has it already."""
    taken = set(
        session.scalars(select(model.slug).where(model.slug.in_(list(set(wanted.values())))))
    )
    slugs: dict[str, str] = {}
    for key, slug in wanted.items():
        free = slug
        if slug in taken:
            free = free_slug(slug, taken | taken_slugs(session, model, slug), SLUG_MARK)
        taken.add(free)
        slugs[key] = free
    return slugs


def _public(item: Imported) -> dict[str, Any]:
    return {name: value for name, value in item.data.items() if value not in (None, [], {}, "")}


def _close_all(session: Session, positions: Mapping[int, int]) -> None:
    """End what was said so far of the editions that changed, each at its own position."""
    for edition_id, position in positions.items():
        for model in (EditionRecord, EditionDomain, Relation, Obligation):
            statement = update(model).where(model.edition_id == edition_id, known(model))
            if model is Obligation:
                # What an editor said of the products stays; its source never said it.
                statement = statement.where(Obligation.with_edition.is_(True))
            session.execute(
                statement.values(known_until=position).execution_options(synchronize_session=False)
            )


def _insert(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, named by attribute, into the table itself: none is loaded as an object."""
    names = {found.key: found.columns[0].name for found in inspect(model).column_attrs}
    values = [{names[key]: value for key, value in row.items()} for row in rows]
    if values:
        session.connection().execute(insert(model.metadata.tables[model.__tablename__]), values)


def _record(data: Mapping[str, Any], digest: str, edition_id: int, position: int) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "known_from": position,
        "state": PUBLISHED,
        "kind": data["kind"],
        "titles": data["titles"],
        "scope": data["scope"],
        "publisher": data["publisher"],
        "lead_ministry": data.get("lead_ministry"),
        "doctype": data.get("doctype"),
        "stage": data.get("stage"),
        "issued": data.get("issued"),
        "effective_from": data.get("effective_from"),
        "effective_until": data.get("effective_until"),
        "withdrawn_on": data.get("withdrawn_on"),
        "instrument": plain(data.get("instrument") or {}),
        "ics": data["ics"],
        "domains": data["domains"],
        "languages": data["languages"],
        "committee": data["committee"],
        "drafted_by": data.get("drafted_by"),
        "pages": data.get("pages"),
        "url": data.get("url"),
        "status_source": data.get("status_source"),
        "source": data["source"],
        "evidence": data.get("evidence"),
        "note": data.get("note"),
        "digest": digest,
        "catalogue": data.get("catalogue"),
        "source_id": data.get("source_id"),
    }


def _domains(data: Mapping[str, Any], edition_id: int, position: int) -> Iterable[dict[str, Any]]:
    for domain in dict.fromkeys(data["domains"]):
        yield {"edition_id": edition_id, "domain": domain, "known_from": position}


def _relations(data: Mapping[str, Any], edition_id: int, position: int) -> Iterable[dict[str, Any]]:
    for item in data["relations"]:
        target = parse(item["target"])
        on = item.get("date")
        yield {
            "edition_id": edition_id,
            "type": item["type"],
            "degree": item.get("degree"),
            "target_designation": target.printed,
            "target_key": target.key,
            "on": date.fromisoformat(on) if on and len(on) == 10 else None,
            "coexistence_until": item.get("coexistence_until"),
            "source": item.get("source"),
            "known_from": position,
        }


def _obligations(data: Mapping[str, Any], edition_id: int, position: int) -> Iterable[Stated]:
    for item in data["obligations"]:
        said = {
            "product": item["product"],
            "hs_codes": item["hs"],
            "method": item["method"],
            "declaration": item["declaration"],
            "valid_from": item["mandatory_from"],
            "valid_until": item["mandatory_until"],
            "note": item["note"],
            "source": item["source"],
        }
        yield Stated(edition_id, said, position)
