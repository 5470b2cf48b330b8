"""Writes what is said of an edition: its record, its domains and its relations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.catalog.designation import parse
from registry.catalog.models import Edition, EditionDomain, EditionRecord, Relation
from registry.errors import Invalid, NotFound
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

_LATER_THAN_TARGET = ("supersedes", "amends", "corrects")

# Columns of a record that an editor's command carries under the same name.
RECORD_FIELDS = (
    "kind",
    "titles",
    "scope",
    "publisher",
    "lead_ministry",
    "issued",
    "effective_from",
    "effective_until",
    "ics",
    "domains",
    "languages",
    "pages",
    "url",
    "source",
    "note",
)


def current_record(uow: UnitOfWork, edition: Edition) -> EditionRecord:
    """Return what the register now says of ``edition``."""
    record = uow.session.scalar(
        select(EditionRecord).where(EditionRecord.edition_id == edition.id, known(EditionRecord))
    )
    if record is None:
        raise NotFound("The register says nothing of this edition yet.")
    return record


def current_relations(uow: UnitOfWork, edition: Edition) -> Sequence[Relation]:
    """Return the relations that the register now knows ``edition`` to state."""
    return uow.session.scalars(
        select(Relation)
        .where(Relation.edition_id == edition.id, known(Relation))
        .order_by(Relation.id)
    ).all()


def edition_by_slug(uow: UnitOfWork, slug: str) -> Edition:
    """Return the edition that a page or an address names."""
    edition = uow.session.scalar(select(Edition).where(Edition.slug == slug))
    if edition is None:
        raise NotFound("There is no edition at this address.")
    return edition


def record_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record columns that a loaded command sets; dates in JSON as ISO 8601 text."""
    values = {name: data[name] for name in RECORD_FIELDS if name in data}
    if "instrument" in data:
        values["instrument"] = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in (data["instrument"] or {}).items()
        }
    return values


def public_content(record: EditionRecord, relations: Sequence[Relation]) -> dict[str, Any]:
    """Return what a published record says, for its journal entry."""
    said = {name: getattr(record, name) for name in RECORD_FIELDS}
    return {
        **said,
        "instrument": record.instrument,
        "relations": [relation_data(relation) for relation in relations],
    }


def write_domains(uow: UnitOfWork, edition: Edition, domains: Sequence[str], position: int) -> None:
    """Make the edition belong to exactly ``domains`` from ``position`` on."""
    rows = uow.session.scalars(
        select(EditionDomain).where(EditionDomain.edition_id == edition.id, known(EditionDomain))
    )
    present = {row.domain: row for row in rows}
    for domain, row in present.items():
        if domain not in domains:
            uow.close(row, position)
    for domain in domains:
        if domain not in present:
            uow.add(EditionDomain(edition_id=edition.id, domain=domain), position=position)


def write_relations(
    uow: UnitOfWork,
    edition: Edition,
    relations: Sequence[Mapping[str, Any]],
    position: int,
    source: str | None = None,
) -> None:
    """Let the edition have exactly ``relations`` from ``position`` on.

    A relation of an edition to itself, and one that contradicts another
    (A supersedes B, B supersedes A), are refused: ``Invalid`` names the target.
    """
    present = {_says(row): row for row in current_relations(uow, edition)}
    wanted: dict[tuple[Any, ...], Relation] = {}
    for number, item in enumerate(relations):
        target = parse(item["target"])
        if problem := _contradiction(uow, edition, item["type"], target.key, target.printed):
            raise Invalid.one(f"relations.{number}.target", problem)
        relation = Relation(
            edition_id=edition.id,
            type=item["type"],
            degree=item.get("degree"),
            target_designation=target.printed,
            target_key=target.key,
            on=item.get("date"),
            coexistence_until=item.get("coexistence_until"),
            source=source,
        )
        wanted[_says(relation)] = relation
    for key, row in present.items():
        if key not in wanted:
            uow.close(row, position)
    for key, relation in wanted.items():
        if key not in present:
            uow.add(relation, position=position)


def relation_data(relation: Relation) -> dict[str, Any]:
    """Return what a relation says, in the field names of its command."""
    data = {
        "type": relation.type,
        "degree": relation.degree,
        "target": relation.target_designation,
        "date": relation.on,
        "coexistence_until": relation.coexistence_until,
    }
    return {name: value for name, value in data.items() if value is not None}


def _says(relation: Relation) -> tuple[Any, ...]:
    return (
        relation.type,
        relation.target_key,
        relation.degree,
        relation.on,
        relation.coexistence_until,
    )


def _contradiction(
    uow: UnitOfWork, edition: Edition, type_: str, target_key: str, printed: str
) -> str | None:
    """Return what speaks against a relation: that it leads, over however many steps, back.

    What supersedes, amends or corrects came later than what it is about, so
    following these relations never returns to where one started.
    """
    if target_key == edition.key:
        return Message("{designation} cannot refer to itself.", designation=printed)
    if type_ not in _LATER_THAN_TARGET:
        return None
    met, ahead = {target_key}, {target_key}
    while ahead:
        reached = set(
            uow.session.scalars(
                select(Relation.target_key)
                .join(Edition, Edition.id == Relation.edition_id)
                .where(
                    Edition.key.in_(ahead),
                    Relation.type.in_(_LATER_THAN_TARGET),
                    known(Relation),
                )
            )
        )
        if edition.key in reached:
            return Message(
                "{designation} already stands in this relation to {other}; both cannot be true.",
                designation=printed,
                other=edition.designation,
            )
        ahead = reached - met
        met |= reached
    return None
