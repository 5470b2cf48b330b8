"""What ends within a number of days: one function for each kind, in a table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    Accreditation,
    AccreditationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    Body,
    BodyDesignation,
    Certificate,
    CertificateVersion,
    Declaration,
)
from registry.assessment.queries.certificates import facts_of
from registry.assessment.queries.subjects import describe
from registry.catalog.models import Document
from registry.history import AsOf, known

MOST_DAYS = 1_830
_ENDED = frozenset({"withdrawn", "replaced", "refused", "submitted"})


@dataclass(frozen=True, slots=True)
class Expiry:
    """That a thing ends on a day; ``label`` names it and ``about`` whose or what for."""

    kind: str
    subject: str
    name: str
    label: str
    about: str
    last_day: date


def expiring(session: Session, as_of: AsOf, days: int, *, kind: str | None = None) -> list[Expiry]:
    """Return what holds on the day asked and ends within ``days`` days, the soonest first."""
    last = as_of.at + timedelta(days=days)
    kinds = KINDS if kind is None else {kind: KINDS[kind]}
    found = [item for list_kind in kinds.values() for item in list_kind(session, as_of, last)]
    return sorted(found, key=lambda item: (item.last_day, item.kind, item.label))


def _accreditations(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    rows = session.execute(
        select(AccreditationRecord, Body)
        .join(Accreditation, Accreditation.id == AccreditationRecord.accreditation_id)
        .join(Body, Body.id == Accreditation.body_id)
        .where(
            AccreditationRecord.valid_until.between(as_of.at, last),
            known(AccreditationRecord, as_of.position),
        )
    )
    for record, body in rows:
        subject = f"accreditation:{record.accreditation_id}"
        facts = describe(session, subject, as_of)
        if facts and facts.status not in _ENDED and record.valid_until:
            label = f"{record.number}, {record.standard}"
            yield Expiry("accreditation", subject, body.slug, label, body.slug, record.valid_until)


def _designations(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    rows = session.execute(
        select(BodyDesignation, Body, Document)
        .join(Body, Body.id == BodyDesignation.body_id)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(
            BodyDesignation.valid_until.between(as_of.at, last),
            known(BodyDesignation, as_of.position),
        )
    )
    for designation, body, document in rows:
        subject = f"body:{body.id}"
        ends = cast(date, designation.valid_until)
        yield Expiry("designation", subject, body.slug, body.slug, document.designation, ends)


def _listings(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    rows = session.execute(
        select(ArrangementListing, Body, Arrangement)
        .join(Body, Body.id == ArrangementListing.body_id)
        .join(Arrangement, Arrangement.id == ArrangementListing.arrangement_id)
        .where(
            ArrangementListing.valid_until.between(as_of.at, last),
            known(ArrangementListing, as_of.position),
        )
    )
    for listing, body, arrangement in rows:
        subject = f"arrangement:{arrangement.id}"
        slug = arrangement.slug
        yield Expiry("listing", subject, slug, body.slug, slug, cast(date, listing.valid_until))


def _arrangements(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    rows = session.execute(
        select(ArrangementRecord, Arrangement)
        .join(Arrangement, Arrangement.id == ArrangementRecord.arrangement_id)
        .where(
            ArrangementRecord.valid_until.between(as_of.at, last),
            known(ArrangementRecord, as_of.position),
        )
    )
    for record, arrangement in rows:
        subject = f"arrangement:{arrangement.id}"
        slug = arrangement.slug
        yield Expiry("arrangement", subject, slug, slug, "", cast(date, record.valid_until))


def _certificates(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    later = select(CertificateVersion.certificate_id).where(
        CertificateVersion.valid_until.between(as_of.at, last),
        known(CertificateVersion, as_of.position),
    )
    query = select(Certificate).where(
        or_(Certificate.valid_until.between(as_of.at, last), Certificate.id.in_(later))
    )
    if as_of.position is not None:
        query = query.where(Certificate.issued_position <= as_of.position)
    for facts in facts_of(session, session.scalars(query).all(), as_of):
        number, newest = facts.certificate.number, facts.versions[-1]
        if facts.status.key not in _ENDED and as_of.at <= newest.valid_until <= last:
            yield Expiry(
                "certificate",
                f"certificate:{facts.certificate.id}",
                number,
                number,
                newest.snapshot["holder"]["name"],
                newest.valid_until,
            )


def _declarations(session: Session, as_of: AsOf, last: date) -> Iterable[Expiry]:
    query = select(Declaration).where(Declaration.valid_until.between(as_of.at, last))
    for found in session.scalars(query):
        subject = f"declaration:{found.id}"
        facts = describe(session, subject, as_of)
        if facts and facts.status is not None and facts.status not in _ENDED and found.valid_until:
            number = found.number
            yield Expiry("declaration", subject, number, number, "", found.valid_until)


KINDS: Mapping[str, Callable[[Session, AsOf, date], Iterable[Expiry]]] = {
    "accreditation": _accreditations,
    "designation": _designations,
    "listing": _listings,
    "arrangement": _arrangements,
    "certificate": _certificates,
    "declaration": _declarations,
}
