"""Editions and documents, as valid on a day and as known at a journal position."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from registry.catalog.designation import parse
from registry.catalog.models import (
    Document,
    Edition,
    EditionDomain,
    EditionRecord,
    Obligation,
    PartialEnd,
    Relation,
)
from registry.catalog.queries.statuses import Named, among, timelines
from registry.catalog.states import PUBLIC_COMMENT, PUBLISHED, WITHDRAWN
from registry.catalog.status import Change, status_on
from registry.errors import Invalid, NotFound
from registry.history import AsOf, known
from registry.journal.models import JournalEntry

PUBLIC_STATES = (PUBLIC_COMMENT, PUBLISHED, WITHDRAWN)

# How the journal names an edition before its id.
_SUBJECT = "edition:"

# How many editions one statement names.
_CHUNK = 10_000


def _select_records(position: BindParameter[int] | None) -> Select[EditionRecord]:
    return select(EditionRecord).where(
        EditionRecord.edition_id.in_(bindparam("ids", expanding=True)),
        known(EditionRecord, position),
    )


# Made once, by whether they ask for what is known now: nearly every page asks.
_RECORDS = {
    True: _select_records(None),
    False: _select_records(bindparam("position", type_=Integer)),
}


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """An edition with what the register says of it and its status over time."""

    edition: Edition
    record: EditionRecord
    changes: Sequence[Change]
    status: Change


@dataclass(frozen=True, slots=True)
class RelationFacts:
    """A relation seen from one of its ends.

    ``other`` is the edition at the other end, ``None`` where the register does not
    hold it; ``inward`` tells that the other edition states the relation.
    """

    relation: Relation
    designation: str
    other: EditionFacts | None
    inward: bool


def find_slug(session: Session, slug: str) -> Edition | Document:
    """Return the edition or the document at an address; ``NotFound`` if there is neither."""
    found = session.scalar(select(Edition).where(Edition.slug == slug)) or session.scalar(
        select(Document).where(Document.slug == slug)
    )
    if found is None:
        raise NotFound("There is no entry at this address.")
    return found


def find_designation(session: Session, text: str) -> Edition | None:
    """Return the edition of that designation, in any spelling; ``None`` if unknown."""
    try:
        key = parse(text).key
    except Invalid:
        return None
    return session.scalar(select(Edition).where(Edition.key == key))


def edition_facts(
    session: Session, editions: Sequence[Edition], as_of: AsOf, zone: ZoneInfo, *, drafts: bool
) -> list[EditionFacts]:
    """Return the facts of ``editions`` in their order; those not yet known then are left out.

    Without ``drafts`` only what is public by then is given.
    """
    asked = {"ids": [edition.id for edition in editions], "position": as_of.position}
    rows = session.scalars(_RECORDS[as_of.position is None], asked)
    records = {row.edition_id: row for row in rows if drafts or row.state in PUBLIC_STATES}
    named: list[Named] = [(e, records[e.id]) for e in editions if e.id in records]
    changes = timelines(session, named, zone, as_of.position)
    return [
        EditionFacts(edition, record, changes[edition.id], status_on(changes[edition.id], as_of.at))
        for edition, record in named
    ]


def one_edition(
    session: Session, edition: Edition, as_of: AsOf, zone: ZoneInfo, *, drafts: bool
) -> EditionFacts:
    """Return the facts of one edition; ``NotFound`` when it was not public or known then."""
    found = edition_facts(session, [edition], as_of, zone, drafts=drafts)
    if not found:
        raise NotFound("The register said nothing of this edition then.")
    return found[0]


def editions_of(
    session: Session, document_id: int, as_of: AsOf, zone: ZoneInfo, *, drafts: bool
) -> list[EditionFacts]:
    """Return the editions of a document, the newest designation first."""
    rows = session.scalars(select(Edition).where(Edition.document_id == document_id)).all()
    facts = edition_facts(session, rows, as_of, zone, drafts=drafts)
    return sorted(facts, key=lambda f: (f.record.issued or "", f.edition.key), reverse=True)


def by_ids(session: Session, ids: Sequence[int], as_of: AsOf, zone: ZoneInfo) -> list[EditionFacts]:
    """Return the public editions of ``ids`` in that order; ids are what search gave."""
    rows = {e.id: e for e in session.scalars(select(Edition).where(Edition.id.in_(ids)))}
    editions = [rows[id_] for id_ in ids if id_ in rows]
    return edition_facts(session, editions, as_of, zone, drafts=False)


def relations_of(
    session: Session, edition: Edition, as_of: AsOf, zone: ZoneInfo
) -> list[RelationFacts]:
    """Return the relations of an edition, both those it states and those stated of it."""
    outward = session.scalars(
        select(Relation).where(Relation.edition_id == edition.id, known(Relation, as_of.position))
    ).all()
    inward = session.execute(
        select(Relation, Edition)
        .join(Edition, Edition.id == Relation.edition_id)
        .where(Relation.target_key == edition.key, known(Relation, as_of.position))
    ).all()
    targets = session.scalars(
        select(Edition).where(Edition.key.in_([relation.target_key for relation in outward]))
    ).all()
    others = [*targets, *(source for _, source in inward)]
    facts = {f.edition.id: f for f in edition_facts(session, others, as_of, zone, drafts=False)}
    by_key = {target.key: facts.get(target.id) for target in targets}
    return [
        *(
            RelationFacts(r, r.target_designation, by_key.get(r.target_key), inward=False)
            for r in outward
        ),
        *(
            RelationFacts(r, source.designation, facts[source.id], inward=True)
            for r, source in inward
            if source.id in facts
        ),
    ]


def adopted_editions(
    session: Session, edition_ids: Iterable[int], as_of: AsOf, zone: ZoneInfo
) -> dict[int, list[RelationFacts]]:
    """Return what each edition adopts, with the adopted edition's facts where it is known."""
    target = aliased(Edition)
    rows = session.execute(
        select(Relation, target)
        .outerjoin(target, target.key == Relation.target_key)
        .where(
            Relation.edition_id.in_(list(edition_ids)),
            Relation.type == "adopts",
            known(Relation, as_of.position),
        )
        .order_by(Relation.id)
    ).all()
    editions = [edition for _, edition in rows if edition is not None]
    facts = {f.edition.id: f for f in edition_facts(session, editions, as_of, zone, drafts=False)}
    result: dict[int, list[RelationFacts]] = {}
    for relation, edition in rows:
        other = facts.get(edition.id) if edition is not None else None
        found = RelationFacts(relation, relation.target_designation, other, inward=False)
        result.setdefault(relation.edition_id, []).append(found)
    return result


def titles_of(session: Session, ids: Sequence[int], as_of: AsOf) -> dict[int, dict[str, str]]:
    """Return the titles of the editions of ``ids``, by id."""
    rows = session.execute(
        select(EditionRecord.edition_id, EditionRecord.titles).where(
            EditionRecord.edition_id.in_(ids), known(EditionRecord, as_of.position)
        )
    )
    return dict(rows.all())


def parts_ended(session: Session, edition_id: int, as_of: AsOf) -> Sequence[PartialEnd]:
    """Return which parts of an edition end or have ended, as known then."""
    return session.scalars(
        select(PartialEnd)
        .where(PartialEnd.edition_id == edition_id, known(PartialEnd, as_of.position))
        .order_by(PartialEnd.first_day, PartialEnd.id)
    ).all()


def obligations_of(session: Session, edition_id: int, as_of: AsOf) -> Sequence[Obligation]:
    """Return to which products a regulation edition applies, as known then."""
    return session.scalars(
        select(Obligation)
        .where(Obligation.edition_id == edition_id, known(Obligation, as_of.position))
        .order_by(Obligation.valid_from, Obligation.id)
    ).all()


def in_domain(session: Session, domain: str, as_of: AsOf, zone: ZoneInfo) -> list[EditionFacts]:
    """Return the register's own editions in a domain, by designation."""
    rows = session.scalars(
        select(Edition)
        .join(EditionDomain, EditionDomain.edition_id == Edition.id)
        .where(
            EditionDomain.domain == domain,
            known(EditionDomain, as_of.position),
            Edition.national.is_(True),
        )
        .order_by(Edition.key)
    ).all()
    return edition_facts(session, rows, as_of, zone, drafts=False)


def national_list(session: Session, as_of: AsOf, zone: ZoneInfo) -> list[EditionFacts]:
    """Return the whole national list as it stood, by designation."""
    rows = session.scalars(
        select(Edition).where(Edition.national.is_(True)).order_by(Edition.key)
    ).all()
    return edition_facts(session, rows, as_of, zone, drafts=False)


def page_of_editions(
    session: Session,
    as_of: AsOf,
    zone: ZoneInfo,
    *,
    after: int,
    limit: int,
    kind: str | None = None,
    national: bool | None = None,
    domain: str | None = None,
) -> list[EditionFacts]:
    """Return up to ``limit`` public editions with an id above ``after``, by id."""
    statement = (
        select(Edition)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(
            Edition.id > after,
            known(EditionRecord, as_of.position),
            EditionRecord.state.in_(PUBLIC_STATES),
        )
        .order_by(Edition.id)
        .limit(limit)
    )
    if kind is not None:
        statement = statement.where(EditionRecord.kind == kind)
    if national is not None:
        statement = statement.where(Edition.national.is_(national))
    if domain is not None:
        statement = statement.where(
            Edition.id.in_(
                select(EditionDomain.edition_id).where(
                    EditionDomain.domain == domain, known(EditionDomain, as_of.position)
                )
            )
        )
    editions = session.scalars(statement).all()
    return edition_facts(session, editions, as_of, zone, drafts=False)


def in_workflow(session: Session, states: Sequence[str]) -> Sequence[Named]:
    """Return the editions whose workflow stands in one of ``states`` now, the latest first."""
    rows = session.execute(
        select(Edition, EditionRecord)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(EditionRecord.state.in_(states), known(EditionRecord))
        .order_by(EditionRecord.known_from.desc())
    )
    return [(edition, record) for edition, record in rows]


def count_editions(session: Session) -> tuple[int, int]:
    """Return how many public editions the own list and the followed catalogues hold."""
    own = (
        select(func.count())
        .select_from(Edition)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(
            Edition.national.is_(True),
            known(EditionRecord),
            EditionRecord.state.in_(PUBLIC_STATES),
        )
    )
    # A followed edition was published elsewhere: it is never a draft here.
    followed = select(func.count()).select_from(Edition).where(Edition.national.is_(False))
    return session.scalar(own) or 0, session.scalar(followed) or 0


def changed_editions(session: Session, after: int, upto: int) -> set[int]:
    """Return the ids of editions whose answers may differ since journal position ``after``.

    Beside the editions changed themselves these are the ones that a changed edition
    has or had a relation to, or that have or had one to it: what it supersedes is
    superseded. The journal names the changed ones by position, whatever fact it was.
    """
    subjects = session.scalars(
        select(JournalEntry.subject)
        .where(
            JournalEntry.position.between(after + 1, upto),
            JournalEntry.subject.startswith(_SUBJECT),
        )
        .distinct()
    )
    changed = [int(subject.removeprefix(_SUBJECT)) for subject in subjects]
    found = set(changed)
    for start in range(0, len(changed), _CHUNK):
        chunk = changed[start : start + _CHUNK]
        pointed_at = (
            select(Edition.id)
            .join(Relation, Relation.target_key == Edition.key)
            .where(among(Relation.edition_id, chunk))
        )
        pointing = (
            select(Relation.edition_id)
            .join(Edition, Edition.key == Relation.target_key)
            .where(among(Edition.id, chunk))
        )
        found.update(session.scalars(pointed_at), session.scalars(pointing))
    return found
