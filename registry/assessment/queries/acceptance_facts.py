"""Gathers what the register holds about bodies and arrangements, for the acceptance rules."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.references import is_dated
from registry.assessment.queries.successions import predecessors_by_arrangement
from registry.assessment.rules.facts import (
    AccreditationFact,
    ArrangementFact,
    ArrangementScopeFact,
    BodyFact,
    DesignationFact,
    Label,
    ListingFact,
    MethodReference,
    ScopeLineFact,
    StatusEventFact,
    joined,
)
from registry.catalog.designation import parse
from registry.catalog.models import Document
from registry.history import known

Row = TypeVar("Row")


def body_reference(body_id: int) -> str:
    """Return the journal subject of a body."""
    return f"body:{body_id}"


def printed_name(names: Mapping[str, str]) -> str:
    """Return a name for evidence labels, in every language that it is known in."""
    return Label(names)


def method_reference(text: str) -> MethodReference:
    """Return a designation as the rules compare it."""
    designation = parse(text)
    return MethodReference(
        document=designation.document_key,
        edition=designation.key if is_dated(designation) else None,
        label=designation.printed,
    )


def body_facts(
    session: Session, ids: Collection[int], position: int | None
) -> tuple[BodyFact, ...]:
    """Return the registration of the bodies ``ids``."""
    rows = session.execute(
        select(BodyRecord, OrganisationRecord)
        .join(Body, Body.id == BodyRecord.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            BodyRecord.body_id.in_(ids),
            known(BodyRecord, position),
            known(OrganisationRecord, position),
        )
        .order_by(BodyRecord.id)
    )
    return tuple(
        BodyFact(
            reference=body_reference(body.body_id),
            label=printed_name(organisation.names),
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            country=organisation.country,
        )
        for body, organisation in rows
    )


def accreditation_facts(
    session: Session, body_ids: Collection[int], position: int | None
) -> tuple[AccreditationFact, ...]:
    """Return the accreditations of the bodies with their events and scope lines."""
    rows = session.execute(
        select(Accreditation.body_id, AccreditationRecord)
        .join(AccreditationRecord, AccreditationRecord.accreditation_id == Accreditation.id)
        .where(Accreditation.body_id.in_(body_ids), known(AccreditationRecord, position))
        .order_by(AccreditationRecord.id)
    ).all()
    ids = [record.accreditation_id for _, record in rows]
    events = _by(
        "accreditation_id",
        session.scalars(
            select(AccreditationEvent)
            .where(
                AccreditationEvent.accreditation_id.in_(ids), known(AccreditationEvent, position)
            )
            .order_by(AccreditationEvent.id)
        ),
    )
    lines = _by(
        "accreditation_id",
        session.scalars(
            select(ScopeLine)
            .where(ScopeLine.accreditation_id.in_(ids), known(ScopeLine, position))
            .order_by(ScopeLine.id)
        ),
    )
    names = {
        fact.reference: fact.label
        for fact in body_facts(session, {record.accreditor_id for _, record in rows}, position)
    }
    return tuple(
        AccreditationFact(
            reference=f"accreditation:{record.accreditation_id}",
            label=record.number,
            valid_from=record.valid_from,
            valid_until=record.valid_until,
            body=body_reference(body_id),
            accreditor=body_reference(record.accreditor_id),
            accreditor_label=names.get(body_reference(record.accreditor_id), "?"),
            standard=parse(record.standard).document_key,
            events=tuple(_event(event, record) for event in events[record.accreditation_id]),
            scope_lines=tuple(_scope_line(line) for line in lines[record.accreditation_id]),
        )
        for body_id, record in rows
    )


def designation_facts(
    session: Session, body_ids: Collection[int], position: int | None
) -> tuple[DesignationFact, ...]:
    """Return what ministries designated the bodies for."""
    rows = session.execute(
        select(BodyDesignation, Document)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(BodyDesignation.body_id.in_(body_ids), known(BodyDesignation, position))
        .order_by(BodyDesignation.id)
    )
    return tuple(
        DesignationFact(
            reference=body_reference(designation.body_id),
            label=designation.instrument or document.designation,
            valid_from=designation.valid_from,
            valid_until=designation.valid_until,
            body=body_reference(designation.body_id),
            regulation=document.key,
            activity=designation.activity,
        )
        for designation, document in rows
    )


def arrangement_facts(session: Session, position: int | None) -> tuple[ArrangementFact, ...]:
    """Return every arrangement with its scope and its listings."""
    scopes = _by(
        "arrangement_id",
        session.scalars(
            select(ArrangementScope)
            .where(known(ArrangementScope, position))
            .order_by(ArrangementScope.id)
        ),
    )
    listings: dict[int, list[tuple[ArrangementListing, str]]] = defaultdict(list)
    for listing, names in session.execute(
        select(ArrangementListing, OrganisationRecord.names)
        .join(Body, Body.id == ArrangementListing.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(known(ArrangementListing, position), known(OrganisationRecord, position))
        .order_by(ArrangementListing.id)
    ):
        listings[listing.arrangement_id].append((listing, printed_name(names)))
    before = predecessors_by_arrangement(session, position)
    records = session.scalars(
        select(ArrangementRecord)
        .join(Arrangement, Arrangement.id == ArrangementRecord.arrangement_id)
        .where(known(ArrangementRecord, position))
        .order_by(ArrangementRecord.arrangement_id)
    )
    return tuple(
        _arrangement(
            record,
            scopes[record.arrangement_id],
            listings[record.arrangement_id],
            before.get(record.arrangement_id, ()),
        )
        for record in records
    )


def _arrangement(
    record: ArrangementRecord,
    scopes: Iterable[ArrangementScope],
    listings: Iterable[tuple[ArrangementListing, str]],
    predecessors: Iterable[int],
) -> ArrangementFact:
    reference = f"arrangement:{record.arrangement_id}"
    label = printed_name(record.titles)
    return ArrangementFact(
        reference=reference,
        label=label,
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        kind=record.kind,
        phase=record.phase,
        parties=tuple(_party(party) for party in record.parties),
        article=record.article,
        scope_lines=tuple(
            ArrangementScopeFact(
                reference=reference,
                label=label,
                valid_from=line.valid_from,
                valid_until=line.valid_until,
                regulation=line.document_key,
                product_words=(line.product,) if line.product else (),
                hs_codes=tuple(line.hs_codes),
                result_type=line.result_type,
                direction=line.direction,
            )
            for line in scopes
        ),
        listings=tuple(
            ListingFact(
                reference=reference,
                label=joined("{}: {}", label, name),
                valid_from=listing.valid_from,
                valid_until=listing.valid_until,
                body=body_reference(listing.body_id),
                standard=parse(listing.standard).document_key if listing.standard else None,
            )
            for listing, name in listings
        ),
        predecessors=tuple(f"arrangement:{id_}" for id_ in predecessors),
        transition_until=record.transition_until,
    )


def _party(party: Mapping[str, Any]) -> str:
    economy: str | None = party.get("economy")
    return economy or body_reference(party["body_id"])


def _event(event: AccreditationEvent, record: AccreditationRecord) -> StatusEventFact:
    return StatusEventFact(
        reference=f"accreditation:{event.accreditation_id}",
        label=record.number,
        kind=event.kind,
        effective_on=event.effective_on,
    )


def _scope_line(line: ScopeLine) -> ScopeLineFact:
    return ScopeLineFact(
        reference=f"accreditation:{line.accreditation_id}",
        label=": ".join(filter(None, (line.method, line.characteristic))),
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        method=method_reference(line.method),
        activity=line.activity,
        characteristics=(line.characteristic,) if line.characteristic else (),
    )


def _by(name: str, rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups
