"""Who could test to a document on a day? Answered in one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    ArrangementListing,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.references import is_dated
from registry.catalog.designation import Designation
from registry.catalog.models import Document, Edition
from registry.history import AsOf, known

# Kinds of events after which an accreditation is, or again is, in force or not.
_HALTING = ("suspended", "withdrawn")
_TURNING = (*_HALTING, "reinstated")


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


def bodies_able_to_test(session: Session, designation: Designation, as_of: AsOf) -> list[AbleBody]:
    """Return, in one query, who was accredited to test to a document or edition on the day.

    A dated designation is met by lines for that edition and by undated lines; an
    undated one by lines for any edition of the document.
    """
    day, position = as_of.at, as_of.position
    designated = exists(
        select(BodyDesignation.id)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(
            BodyDesignation.body_id == Body.id,
            Document.key == designation.document_key,
            known(BodyDesignation, position),
            valid_on(BodyDesignation, day),
        )
    )
    listed = exists(
        select(ArrangementListing.id).where(
            ArrangementListing.body_id == Body.id,
            known(ArrangementListing, position),
            valid_on(ArrangementListing, day),
        )
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
            _for_method(designation),
            known(ScopeLine, position),
            valid_on(ScopeLine, day),
            known(AccreditationRecord, position),
            valid_on(AccreditationRecord, day),
            accreditation_in_force(day, position),
            known(BodyRecord, position),
            valid_on(BodyRecord, day),
            known(OrganisationRecord, position),
        )
        .order_by(Body.slug, ScopeLine.id)
    )
    return [AbleBody(*row) for row in rows]


def _for_method(designation: Designation) -> ColumnElement[bool]:
    if is_dated(designation):
        return or_(
            ScopeLine.method_key == designation.key,
            and_(
                ScopeLine.method_dated.is_(False),
                ScopeLine.method_key == designation.document_key,
            ),
        )
    editions = (
        select(Edition.key)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.key == designation.document_key)
    )
    return or_(ScopeLine.method_key == designation.document_key, ScopeLine.method_key.in_(editions))


def accreditation_in_force(
    day: date | BindParameter[date], position: int | BindParameter[int] | None
) -> ColumnElement[bool]:
    """Whether the last event by that day left the accreditation in force."""
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
    return or_(last_turn.is_(None), last_turn.not_in(_HALTING))


def valid_on(model: type[Any], day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether the closed period of ``model`` holds ``day``; None is open."""
    return and_(
        or_(model.valid_from.is_(None), model.valid_from <= day),
        or_(model.valid_until.is_(None), model.valid_until >= day),
    )
