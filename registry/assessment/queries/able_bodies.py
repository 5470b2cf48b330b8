"""Who can test or certify for each of several regulations on a day? Answered in two queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Accreditation,
    AccreditationRecord,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.queries.competence import accreditation_in_force, valid_on
from registry.catalog.designation import Designation
from registry.catalog.models import Document
from registry.db import ask
from registry.history import AsOf, known

Position = BindParameter[int] | None


@dataclass(slots=True)
class AbleForRegulation:
    """A body that could test or certify for a regulation on the day.

    ``accreditations`` are the numbers of those whose scope names the regulation;
    ``designated_for`` the activities for which a ministry designated the body.
    """

    slug: str
    demonstration: bool
    names: Mapping[str, str]
    country: str
    accreditations: list[str] = field(default_factory=list)
    designated_for: list[str] = field(default_factory=list)


class _Table:
    """The bodies found so far, by the key of the designation and the id of the body."""

    def __init__(self, designations: Sequence[Designation]) -> None:
        self.designations = designations
        self.found: dict[str, dict[int, AbleForRegulation]] = {d.key: {} for d in designations}

    def body(self, designation: Designation, row: Any) -> AbleForRegulation:
        able = AbleForRegulation(row.slug, row.demonstration, row.names, row.country)
        return self.found[designation.key].setdefault(row.id, able)


def able_for_regulations(
    session: Session, designations: Sequence[Designation], as_of: AsOf
) -> dict[str, Sequence[AbleForRegulation]]:
    """Return, by the key of each dated designation, who was accredited or designated on the day.

    A scope line counts for the edition it names or, undated, for every edition of its
    document. Designated bodies come first, then by name in the address.
    """
    table = _Table(designations)
    if designations:
        _accredited(session, table, as_of)
        _designated(session, table, as_of)
    return {
        key: sorted(bodies.values(), key=lambda body: (not body.designated_for, body.slug))
        for key, bodies in table.found.items()
    }


def _accredited(session: Session, table: _Table, as_of: AsOf) -> None:
    keys = {key for d in table.designations for key in (d.key, d.document_key)}
    asked = {"keys": sorted(keys), "day": as_of.at, "position": as_of.position}
    for row in ask(session, _ACCREDITED[as_of.position is None], asked):
        for designation in table.designations:
            wanted = designation.key if row.method_dated else designation.document_key
            if row.method_key == wanted:
                numbers = table.body(designation, row).accreditations
                if row.number not in numbers:
                    numbers.append(row.number)


def _designated(session: Session, table: _Table, as_of: AsOf) -> None:
    keys = sorted({d.document_key for d in table.designations})
    asked = {"keys": keys, "day": as_of.at, "position": as_of.position}
    for row in ask(session, _DESIGNATED[as_of.position is None], asked):
        for designation in table.designations:
            if row.key == designation.document_key:
                activities = table.body(designation, row).designated_for
                if row.activity not in activities:
                    activities.append(row.activity)


_DAY: BindParameter[date] = bindparam("day", type_=Date)
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)


def _registered(position: Position) -> Select[int, str, bool, dict[str, str], str]:
    """Select the bodies in the register on the day."""
    return (
        select(
            Body.id,
            Body.slug,
            Body.demonstration,
            OrganisationRecord.names,
            OrganisationRecord.country,
        )
        .select_from(Body)
        .join(BodyRecord, BodyRecord.body_id == Body.id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            known(BodyRecord, position),
            valid_on(BodyRecord, _DAY),
            known(OrganisationRecord, position),
        )
    )


def _select_accredited(position: Position) -> Select[Any]:
    return (
        _registered(position)
        .add_columns(AccreditationRecord.number, ScopeLine.method_key, ScopeLine.method_dated)
        .join(Accreditation, Accreditation.body_id == Body.id)
        .join(AccreditationRecord, AccreditationRecord.accreditation_id == Accreditation.id)
        .join(ScopeLine, ScopeLine.accreditation_id == Accreditation.id)
        .where(
            ScopeLine.method_key.in_(_KEYS),
            known(ScopeLine, position),
            valid_on(ScopeLine, _DAY),
            known(AccreditationRecord, position),
            valid_on(AccreditationRecord, _DAY),
            accreditation_in_force(_DAY, position),
        )
        .order_by(ScopeLine.id)
    )


def _select_designated(position: Position) -> Select[Any]:
    return (
        _registered(position)
        .add_columns(Document.key, BodyDesignation.activity)
        .join(BodyDesignation, BodyDesignation.body_id == Body.id)
        .join(Document, Document.id == BodyDesignation.document_id)
        .where(
            Document.key.in_(_KEYS),
            known(BodyDesignation, position),
            valid_on(BodyDesignation, _DAY),
        )
        .order_by(BodyDesignation.id)
    )


# Made once, by whether they ask for what is known now: making them takes longer than
# the database takes to answer.
_THEN: BindParameter[int] = bindparam("position", type_=Integer)
_ACCREDITED = {True: _select_accredited(None), False: _select_accredited(_THEN)}
_DESIGNATED = {True: _select_designated(None), False: _select_designated(_THEN)}
