"""Who could test to a document on a day? Answered in one query."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    or_,
    select,
)
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


class AbleLine(NamedTuple):
    """The scope line by which a body is competent; see ``ScopeLine``."""

    activity: str
    product: str
    characteristic: str
    method: str
    range: str | None
    uncertainty: str | None
    valid_from: date
    valid_until: date | None


class AbleBody(NamedTuple):
    """A body competent to test for a document on the day, by one scope line.

    ``accreditation`` is the number its accreditor gave. ``designated`` and ``listed``
    tell whether a ministry designated it for the document and whether any arrangement
    lists it on that day.
    """

    slug: str
    demonstration: bool
    names: Mapping[str, str]
    country: str
    accreditation_id: int
    accreditation: str
    standard: str
    designated: bool
    listed: bool
    scope_line: AbleLine


def bodies_able_to_test(session: Session, designation: Designation, as_of: AsOf) -> list[AbleBody]:
    """Return, in one query, who was accredited to test to a document or edition on the day.

    A dated designation is met by lines for that edition and by undated lines; an
    undated one by lines for any edition of the document.
    """
    statement = _ABLE[is_dated(designation), as_of.position is None]
    asked = {
        "key": designation.key,
        "document_key": designation.document_key,
        "day": as_of.at,
        "position": as_of.position,
    }
    rows = session.execute(statement, asked)
    return [AbleBody._make((*row[:_OWN], AbleLine._make(row[_OWN:]))) for row in rows]


def for_method(designation: Designation) -> ColumnElement[bool]:
    """Whether a scope line names the edition, or its document without a year."""
    return _names(designation.key, designation.document_key, dated=is_dated(designation))


def _names(
    key: str | BindParameter[str], document_key: str | BindParameter[str], *, dated: bool
) -> ColumnElement[bool]:
    if dated:
        return or_(
            ScopeLine.method_key == key,
            and_(ScopeLine.method_dated.is_(False), ScopeLine.method_key == document_key),
        )
    editions = (
        select(Edition.key)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.key == document_key)
    )
    return or_(ScopeLine.method_key == document_key, ScopeLine.method_key.in_(editions))


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


_DAY: BindParameter[date] = bindparam("day", type_=Date)
_THEN: BindParameter[int] = bindparam("position", type_=Integer)
_KEY: BindParameter[str] = bindparam("key", type_=Text)
_DOCUMENT_KEY: BindParameter[str] = bindparam("document_key", type_=Text)

# How many columns are the body's own; those of the scope line follow.
_OWN = len(AbleBody._fields) - 1


def _select_able(*, dated: bool, position: BindParameter[int] | None) -> Select[Any]:
    designated = exists(
        select(BodyDesignation.id)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(
            BodyDesignation.body_id == Body.id,
            Document.key == _DOCUMENT_KEY,
            known(BodyDesignation, position),
            valid_on(BodyDesignation, _DAY),
        )
    )
    listed = exists(
        select(ArrangementListing.id).where(
            ArrangementListing.body_id == Body.id,
            known(ArrangementListing, position),
            valid_on(ArrangementListing, _DAY),
        )
    )
    return (
        select(
            Body.slug,
            Body.demonstration,
            OrganisationRecord.names,
            OrganisationRecord.country,
            AccreditationRecord.accreditation_id,
            AccreditationRecord.number,
            AccreditationRecord.standard,
            designated,
            listed,
            *(getattr(ScopeLine, name) for name in AbleLine._fields),
        )
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
            _names(_KEY, _DOCUMENT_KEY, dated=dated),
            known(ScopeLine, position),
            valid_on(ScopeLine, _DAY),
            known(AccreditationRecord, position),
            valid_on(AccreditationRecord, _DAY),
            accreditation_in_force(_DAY, position),
            known(BodyRecord, position),
            valid_on(BodyRecord, _DAY),
            known(OrganisationRecord, position),
        )
        .order_by(Body.slug, ScopeLine.id)
    )


# Made once, by whether the reference is dated and whether what is known now is asked:
# making a statement takes longer than the database takes to answer it.
_ABLE = {
    (dated, now): _select_able(dated=dated, position=None if now else _THEN)
    for dated in (True, False)
    for now in (True, False)
}
