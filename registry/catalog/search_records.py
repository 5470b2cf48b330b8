"""What the search index is told about editions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.designation import adoption_forms, base_first, parse, search_forms
from registry.catalog.ics import ancestors
from registry.catalog.models import Edition, Obligation, Relation
from registry.catalog.queries.editions import EditionFacts, edition_facts
from registry.catalog.status import (
    AMENDED,
    ENDED,
    IN_FORCE,
    IN_FORCE_IN_PART,
    NOT_YET_IN_FORCE,
    period,
)
from registry.history import AsOf, known
from registry.search.engine import SearchRecord

CHUNK = 2_000

# What can be counted and filtered by, in the order of the page.
FACETS = ("domain", "kind", "status", "body", "ministry", "year", "ics", "language")

_CURRENT = {IN_FORCE, IN_FORCE_IN_PART, AMENDED, NOT_YET_IN_FORCE}


def subject_of(edition_id: int) -> str:
    """Return the index's name for an edition."""
    return f"edition:{edition_id}"


def edition_id_of(subject: str) -> int:
    """Return the edition that an index name means."""
    return int(subject.partition(":")[2])


def all_records(session: Session, today: date, zone: ZoneInfo) -> Iterator[SearchRecord]:
    """Yield a search record for every public edition, by id."""
    last = 0
    while True:
        editions = session.scalars(
            select(Edition).where(Edition.id > last).order_by(Edition.id).limit(CHUNK)
        ).all()
        if not editions:
            return
        yield from _records(session, editions, today, zone)
        last = editions[-1].id
        session.expunge_all()


def records_of(
    session: Session, ids: Sequence[int], today: date, zone: ZoneInfo
) -> Iterator[SearchRecord]:
    """Yield a search record for those of ``ids`` that are public."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        editions = session.scalars(select(Edition).where(Edition.id.in_(chunk))).all()
        yield from _records(session, editions, today, zone)


def _records(
    session: Session, editions: Sequence[Edition], today: date, zone: ZoneInfo
) -> Iterable[SearchRecord]:
    facts = edition_facts(session, editions, AsOf(today), zone, drafts=False)
    adopted = _adopted(session, [f.edition.id for f in facts if f.edition.national])
    products = _products(session, [f.edition.id for f in facts if f.edition.national])
    for fact in facts:
        id_ = fact.edition.id
        yield _record(fact, adopted.get(id_, ()), products.get(id_, ()))


def _record(fact: EditionFacts, adopted: Sequence[str], products: Sequence[str]) -> SearchRecord:
    record = fact.record
    designation = parse(fact.edition.designation)
    words = [
        record.publisher,
        str(record.instrument.get("number") or ""),
        *record.scope.values(),
        *record.committee,
        *record.ics,
        *adopted,
        *products,
    ]
    return SearchRecord(
        subject=subject_of(fact.edition.id),
        # Who asks for an edition wants it before what amends it, so an amendment is filed
        # under its base, whichever of the two it is printed with first.
        designation=base_first(designation),
        designation_forms=search_forms(designation),
        # Where the title is not known the designation stands for it, and must not count twice.
        titles={
            language: title
            for language, title in record.titles.items()
            if title != fact.edition.designation
        },
        text=" ".join(word for word in words if word),
        facets={
            "domain": tuple(record.domains),
            "kind": (record.kind,),
            "body": (record.publisher,),
            "language": tuple(record.languages),
            "ics": tuple(dict.fromkeys(level for code in record.ics for level in ancestors(code))),
            "ministry": (record.lead_ministry,) if record.lead_ministry else (),
            "adopts": tuple(form for text in adopted for form in adoption_forms(parse(text))),
        },
        timelines={"status": tuple((c.since, c.status) for c in fact.changes)},
        year=period(record.issued).earliest.year if record.issued else designation.year,
        prior=_prior(fact),
    )


def _prior(fact: EditionFacts) -> float:
    """Between equal matches: what is in force first, and the register's own list first."""
    status = fact.status.status
    if status in ENDED:
        return 0.2
    if status in _CURRENT:
        return 1.0 if fact.edition.national else 0.6
    return 0.7 if fact.edition.national else 0.4


def _adopted(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the designations that each edition adopts: people search for those."""
    rows = session.execute(
        select(Relation.edition_id, Relation.target_designation).where(
            Relation.edition_id.in_(ids), Relation.type == "adopts", known(Relation)
        )
    )
    return _grouped((id_, text) for id_, text in rows)


def _products(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Obligation.edition_id, Obligation.product).where(
            Obligation.edition_id.in_(ids), known(Obligation)
        )
    )
    return _grouped((id_, text) for id_, texts in rows for text in texts.values())


def _grouped(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
