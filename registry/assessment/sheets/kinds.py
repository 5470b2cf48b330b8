"""What a file of rows may be about: which columns, how a row is judged, how it is written."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    AccreditationRecord,
    Arrangement,
    ArrangementScope,
    Body,
    BodyIdentifier,
    ScopeLine,
)
from registry.assessment.schemas.arrangements import ArrangementScopeLineSchema, ListingSchema
from registry.assessment.schemas.bodies import ScopeLineSchema
from registry.assessment.services import accreditations, arrangements
from registry.assessment.services.amendments import said_of
from registry.assessment.sheets.columns import ARRANGEMENT_SCOPE, LISTINGS, SCOPE
from registry.catalog.spreadsheets.columns import Column
from registry.errors import NotFound
from registry.history import known
from registry.messages import Message
from registry.schema_fields import CommandSchema
from registry.unit_of_work import UnitOfWork

Values = Mapping[str, Any]


class SheetKind(ABC):
    """Rows of one kind about one accreditation or arrangement, by its number.

    ``required`` are the fields that no row goes without, the surest of them first;
    ``defaults`` what a row means that leaves a field out.
    """

    key: ClassVar[str]
    permission: ClassVar[str]
    columns: ClassVar[Mapping[str, Column]]
    required: ClassVar[Sequence[str]]
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    schema: ClassVar[type[CommandSchema]]

    @abstractmethod
    def about(self, session: Session, subject_id: int) -> Any:
        """Return what the rows are of; ``NotFound`` when there is none."""

    @abstractmethod
    def values(self, session: Session, about: Any, data: Values) -> Values:
        """Return a loaded row's columns; ``Invalid`` says what is wrong with it."""

    @abstractmethod
    def standing(self, session: Session, subject_id: int) -> list[Values]:
        """Return the columns of what the register says already."""

    def refuse(self, values: Values, standing: Sequence[Values]) -> None:  # noqa: B027
        """Raise ``Invalid`` for a row that contradicts what stands; most never do."""

    @abstractmethod
    def write(self, uow: UnitOfWork, subject_id: int, rows: Sequence[Values]) -> None:
        """Write rows as ``values`` returned them."""


class _Scope(SheetKind):
    key = "scope"
    permission = "accreditation:record"
    columns = SCOPE
    required = ("method", "product", "valid_from")
    defaults = MappingProxyType({"activity": "testing"})
    schema = ScopeLineSchema

    def about(self, session: Session, subject_id: int) -> AccreditationRecord:
        return accreditations.accreditation_record(session, subject_id)

    def values(self, session: Session, about: Any, data: Values) -> Values:
        return accreditations.scope_line_values(session, about, data)

    def standing(self, session: Session, subject_id: int) -> list[Values]:
        lines = session.scalars(
            select(ScopeLine).where(ScopeLine.accreditation_id == subject_id, known(ScopeLine))
        )
        return [_without(said_of(line), "accreditation_id") for line in lines]

    def write(self, uow: UnitOfWork, subject_id: int, rows: Sequence[Values]) -> None:
        accreditations.write_scope_lines(uow, subject_id, rows)


class _OfArrangement(SheetKind):
    permission = "arrangement:record"

    def about(self, session: Session, subject_id: int) -> Arrangement:
        arrangement = session.get(Arrangement, subject_id)
        if arrangement is None:
            raise NotFound(Message("There is no arrangement at this address."))
        return arrangement


class _ArrangementScope(_OfArrangement):
    key = "arrangement-scope"
    columns = ARRANGEMENT_SCOPE
    required = ("result_type",)
    schema = ArrangementScopeLineSchema

    def values(self, session: Session, about: Any, data: Values) -> Values:
        return arrangements.arrangement_scope_values(session, data)

    def standing(self, session: Session, subject_id: int) -> list[Values]:
        lines = session.scalars(
            select(ArrangementScope).where(
                ArrangementScope.arrangement_id == subject_id, known(ArrangementScope)
            )
        )
        return [_without(said_of(line), "arrangement_id") for line in lines]

    def write(self, uow: UnitOfWork, subject_id: int, rows: Sequence[Values]) -> None:
        arrangements.write_arrangement_scope(uow, subject_id, rows)


class _Listings(_OfArrangement):
    key = "listings"
    columns = LISTINGS
    required = ("body", "valid_from")
    schema = ListingSchema

    def values(self, session: Session, about: Any, data: Values) -> Values:
        number = data["body"]
        body_id = session.scalar(
            select(BodyIdentifier.body_id).where(
                BodyIdentifier.value == number, known(BodyIdentifier)
            )
        )
        if body_id is not None:
            data = {**data, "body": session.get_one(Body, body_id).slug}
        return arrangements.listing_values(session, data)

    def standing(self, session: Session, subject_id: int) -> list[Values]:
        return list(arrangements.listings_of(session, subject_id))

    def refuse(self, values: Values, standing: Sequence[Values]) -> None:
        arrangements.refuse_overlap(values, standing)

    def write(self, uow: UnitOfWork, subject_id: int, rows: Sequence[Values]) -> None:
        for values in rows:
            slug = uow.session.get_one(Body, values["body_id"]).slug
            arrangements.write_listing(uow, subject_id, values, slug)


KINDS: Mapping[str, SheetKind] = {
    kind.key: kind for kind in (_Scope(), _ArrangementScope(), _Listings())
}


def _without(values: Mapping[str, Any], name: str) -> Values:
    return {key: value for key, value in values.items() if key != name}
