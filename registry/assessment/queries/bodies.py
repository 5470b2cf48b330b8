"""Bodies with their accreditations, scopes and designations, as of a day and a position."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.references import body_at, is_dated
from registry.assessment.status import Status, status_on
from registry.catalog.designation import Designation
from registry.catalog.models import Document, Edition
from registry.errors import NotFound
from registry.history import AsOf, covers, known
from registry.messages import Message

# Kinds of events after which an accreditation is, or again is, in force or not.
_HALTING = ("suspended", "withdrawn")
_TURNING = (*_HALTING, "reinstated")


@dataclass(frozen=True, slots=True)
class BodySummary:
    """A body with the organisation behind it."""

    body: Body
    record: BodyRecord
    organisation: OrganisationRecord


@dataclass(frozen=True, slots=True)
class AccreditationFacts:
    """An accreditation with its status on the day, its events and the lines then in scope."""

    record: AccreditationRecord
    accreditor: BodySummary
    status: Status
    events: Sequence[AccreditationEvent]
    scope_lines: Sequence[ScopeLine]

    @property
    def version(self) -> int:
        """The journal position of the newest fact, for ``expected``."""
        return max(fact.known_from for fact in (self.record, *self.events))


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """Everything the register says of one body."""

    summary: BodySummary
    accreditations: Sequence[AccreditationFacts] = field(default_factory=list)
    designations: Sequence[tuple[BodyDesignation, Document]] = field(default_factory=list)
    listings: Sequence[tuple[ArrangementListing, Arrangement, ArrangementRecord]] = field(
        default_factory=list
    )


@dataclass(frozen=True, slots=True)
class AbleBody:
    """A body competent to test for a document on the day, by one scope line.

    ``designated`` and ``listed`` tell whether a ministry designated it for the
    document and whether any arrangement lists it on that day.
    """

    body: Body
    organisation: OrganisationRecord
    accreditation: AccreditationRecord
    scope_line: ScopeLine
    designated: bool
    listed: bool


def bodies(
    session: Session,
    as_of: AsOf,
    *,
    kind: str | None = None,
    country: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[BodySummary]:
    """Return up to ``limit`` bodies by slug, those that come after the slug ``after``."""
    query = (
        _summaries(as_of)
        .where(
            or_(BodyRecord.valid_from.is_(None), BodyRecord.valid_from <= as_of.at),
            or_(BodyRecord.valid_until.is_(None), BodyRecord.valid_until >= as_of.at),
        )
        .order_by(Body.slug)
    )
    if country is not None:
        query = query.where(OrganisationRecord.country == country)
    found: list[BodySummary] = []
    while len(found) < limit:
        page = query.where(Body.slug > after) if after is not None else query
        # Kinds are a list in one column, so they are compared here, page by page.
        rows = session.execute(page.limit(limit)).all()
        found += [BodySummary(*row) for row in rows if kind is None or kind in row[1].kinds]
        if len(rows) < limit:
            break
        after = rows[-1][0].slug
    return found[:limit]


def body_facts(session: Session, slug: str, as_of: AsOf) -> BodyFacts:
    """Return one body with everything about it; ``NotFound`` if it was not known then."""
    body = body_at(session, slug)
    summary = _summary_by_id(session, [body.id], as_of).get(body.id)
    if summary is None:
        raise NotFound(Message("The register said nothing of this body then."))
    designations = session.execute(
        select(BodyDesignation, Document)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(BodyDesignation.body_id == body.id, known(BodyDesignation, as_of.position))
        .order_by(BodyDesignation.valid_from, BodyDesignation.id)
    ).all()
    listings = session.execute(
        select(ArrangementListing, Arrangement, ArrangementRecord)
        .join(Arrangement, Arrangement.id == ArrangementListing.arrangement_id)
        .join(ArrangementRecord, ArrangementRecord.arrangement_id == Arrangement.id)
        .where(
            ArrangementListing.body_id == body.id,
            known(ArrangementListing, as_of.position),
            known(ArrangementRecord, as_of.position),
        )
        .order_by(ArrangementListing.valid_from, ArrangementListing.id)
    ).all()
    return BodyFacts(
        summary=summary,
        accreditations=accreditations_of(session, body.id, as_of),
        designations=[row._tuple() for row in designations],
        listings=[row._tuple() for row in listings],
    )


def accreditations_of(session: Session, body_id: int, as_of: AsOf) -> list[AccreditationFacts]:
    """Return the accreditations of a body, the earliest first, each with its status on the day."""
    records = session.scalars(
        select(AccreditationRecord)
        .join(Accreditation, Accreditation.id == AccreditationRecord.accreditation_id)
        .where(Accreditation.body_id == body_id, known(AccreditationRecord, as_of.position))
        .order_by(AccreditationRecord.valid_from, AccreditationRecord.id)
    ).all()
    ids = [record.accreditation_id for record in records]
    events: dict[int, list[AccreditationEvent]] = defaultdict(list)
    for event in session.scalars(
        select(AccreditationEvent)
        .where(
            AccreditationEvent.accreditation_id.in_(ids),
            known(AccreditationEvent, as_of.position),
        )
        .order_by(AccreditationEvent.effective_on, AccreditationEvent.id)
    ):
        events[event.accreditation_id].append(event)
    lines: dict[int, list[ScopeLine]] = defaultdict(list)
    for line in session.scalars(
        select(ScopeLine)
        .where(ScopeLine.accreditation_id.in_(ids), known(ScopeLine, as_of.position))
        .order_by(ScopeLine.id)
    ):
        if covers(line.valid_from, line.valid_until, as_of.at):
            lines[line.accreditation_id].append(line)
    accreditors = _summary_by_id(session, [record.accreditor_id for record in records], as_of)
    return [
        AccreditationFacts(
            record=record,
            accreditor=accreditors[record.accreditor_id],
            status=status_on(record, events[record.accreditation_id], as_of.at),
            events=events[record.accreditation_id],
            scope_lines=lines[record.accreditation_id],
        )
        for record in records
    ]


def bodies_able_to_test(session: Session, designation: Designation, as_of: AsOf) -> list[AbleBody]:
    """Return, in one query, who was accredited to test to a document or edition on the day.

    A dated designation is met by lines for that edition and by undated lines; an
    undated one by lines for any edition of the document.
    """
    day, position = as_of.at, as_of.position
    if is_dated(designation):
        method = or_(
            ScopeLine.method_key == designation.key,
            and_(
                ScopeLine.method_dated.is_(False),
                ScopeLine.method_key == designation.document_key,
            ),
        )
    else:
        editions = (
            select(Edition.key)
            .join(Document, Document.id == Edition.document_id)
            .where(Document.key == designation.document_key)
        )
        method = or_(
            ScopeLine.method_key == designation.document_key, ScopeLine.method_key.in_(editions)
        )
    designated = exists(
        select(BodyDesignation.id)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(
            BodyDesignation.body_id == Body.id,
            Document.key == designation.document_key,
            known(BodyDesignation, position),
            BodyDesignation.valid_from <= day,
            or_(BodyDesignation.valid_until.is_(None), BodyDesignation.valid_until >= day),
        )
    )
    listed = exists(
        select(ArrangementListing.id).where(
            ArrangementListing.body_id == Body.id,
            known(ArrangementListing, position),
            ArrangementListing.valid_from <= day,
            or_(ArrangementListing.valid_until.is_(None), ArrangementListing.valid_until >= day),
        )
    )
    turn = aliased(AccreditationEvent)
    last_turn = (
        select(turn.kind)
        .where(
            turn.accreditation_id == AccreditationRecord.accreditation_id,
            turn.kind.in_(_TURNING),
            turn.effective_on <= day,
            known(turn, position),
        )
        .order_by(turn.effective_on.desc(), turn.id.desc())
        .limit(1)
        .correlate(AccreditationRecord)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Body, OrganisationRecord, AccreditationRecord, ScopeLine, designated, listed)
        .select_from(ScopeLine)
        .join(
            AccreditationRecord,
            AccreditationRecord.accreditation_id == ScopeLine.accreditation_id,
        )
        .join(Accreditation, Accreditation.id == ScopeLine.accreditation_id)
        .join(Body, Body.id == Accreditation.body_id)
        .join(BodyRecord, BodyRecord.body_id == Body.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            method,
            known(ScopeLine, position),
            ScopeLine.valid_from <= day,
            or_(ScopeLine.valid_until.is_(None), ScopeLine.valid_until >= day),
            known(AccreditationRecord, position),
            AccreditationRecord.valid_from <= day,
            or_(AccreditationRecord.valid_until.is_(None), AccreditationRecord.valid_until >= day),
            or_(last_turn.is_(None), last_turn.not_in(_HALTING)),
            known(BodyRecord, position),
            or_(BodyRecord.valid_from.is_(None), BodyRecord.valid_from <= day),
            or_(BodyRecord.valid_until.is_(None), BodyRecord.valid_until >= day),
            known(OrganisationRecord, position),
        )
        .order_by(Body.slug, ScopeLine.id)
    )
    return [AbleBody(*row) for row in rows]


def _summaries(as_of: AsOf):  # type: ignore[no-untyped-def]  # SQLAlchemy infers the row type.
    return (
        select(Body, BodyRecord, OrganisationRecord)
        .join(BodyRecord, BodyRecord.body_id == Body.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(known(BodyRecord, as_of.position), known(OrganisationRecord, as_of.position))
    )


def _summary_by_id(session: Session, ids: Sequence[int], as_of: AsOf) -> dict[int, BodySummary]:
    rows: Sequence[Row[tuple[Body, BodyRecord, OrganisationRecord]]] = session.execute(
        _summaries(as_of).where(Body.id.in_(ids))
    ).all()
    return {row[0].id: BodySummary(*row) for row in rows}
