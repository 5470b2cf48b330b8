"""Bodies with their accreditations, scopes and designations, as of a day and a position."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    Body,
    BodyAddress,
    BodyContact,
    BodyDesignation,
    BodyIdentifier,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.references import body_at
from registry.assessment.status import Status, status_on
from registry.catalog.models import Document
from registry.errors import NotFound
from registry.history import AsOf, Fact, covers, known
from registry.journal.queries import entry
from registry.messages import Message

# The kind of body that accredits others.
ACCREDITATION_BODY = "accreditation_body"

# What records the end of a registration, with the reason for it.
_ENDING = frozenset({"body.withdraw", "body.correct"})

Detail = TypeVar("Detail", BodyIdentifier, BodyAddress, BodyContact)


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
        return max([self.record.known_from, *(event.known_from for event in self.events)])


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """Everything the register says of one body.

    Identifiers, addresses and contacts are those of the day; only officers may see the
    contacts. ``ended_because`` is why the registration ends, where an officer ended it.
    """

    summary: BodySummary
    accreditations: Sequence[AccreditationFacts] = field(default_factory=list)
    designations: Sequence[tuple[BodyDesignation, Document]] = field(default_factory=list)
    listings: Sequence[tuple[ArrangementListing, Arrangement, ArrangementRecord]] = field(
        default_factory=list
    )
    identifiers: Sequence[BodyIdentifier] = field(default_factory=list)
    addresses: Sequence[BodyAddress] = field(default_factory=list)
    contacts: Sequence[BodyContact] = field(default_factory=list)
    ended_because: str | None = None

    @property
    def version(self) -> int:
        """The journal position of the newest fact, for ``expected``."""
        lines: list[Fact] = [
            self.summary.record,
            self.summary.organisation,
            *(designation for designation, _ in self.designations),
            *(listing for listing, _, _ in self.listings),
            *self.identifiers,
            *self.addresses,
            *self.contacts,
        ]
        return max([line.known_from for line in lines] + [a.version for a in self.accreditations])


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
        designations=list(designations),
        listings=list(listings),
        identifiers=_details(session, BodyIdentifier, body.id, as_of),
        addresses=_details(session, BodyAddress, body.id, as_of),
        contacts=_details(session, BodyContact, body.id, as_of),
        ended_because=_reason_of_end(session, summary.record),
    )


def _reason_of_end(session: Session, record: BodyRecord) -> str | None:
    """Return the reason in the entry that recorded the end, or corrected it; it is public."""
    recorded = entry(session, record.known_from)
    if record.valid_until is None or recorded.action not in _ENDING:
        return None
    reason: str = recorded.data["reason"]
    return reason


def _details(session: Session, model: type[Detail], body_id: int, as_of: AsOf) -> Sequence[Detail]:
    rows = session.scalars(
        select(model)
        .where(model.body_id == body_id, known(model, as_of.position))
        .order_by(model.id)
    )
    return [row for row in rows if covers(row.valid_from, row.valid_until, as_of.at)]


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


def _summaries(as_of: AsOf) -> Select[Body, BodyRecord, OrganisationRecord]:
    return (
        select(Body, BodyRecord, OrganisationRecord)
        .join(BodyRecord, BodyRecord.body_id == Body.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(known(BodyRecord, as_of.position), known(OrganisationRecord, as_of.position))
    )


def _summary_by_id(session: Session, ids: Sequence[int], as_of: AsOf) -> dict[int, BodySummary]:
    rows = session.execute(_summaries(as_of).where(Body.id.in_(ids)))
    return {row[0].id: BodySummary(*row) for row in rows}
