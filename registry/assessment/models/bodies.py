"""Conformity assessment bodies, their accreditations, scopes and designations."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Body(Base):
    """Identity of a conformity assessment or accreditation body: an organisation in that role."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    demonstration: Mapped[bool] = mapped_column(default=False)


class BodyRecord(Fact, Base):
    """That the register knows a body, of which kinds, from one day until another."""

    __tablename__ = "body_record"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    kinds: Mapped[list[str]]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class Accreditation(Base):
    """Identity of an accreditation, under the number its accreditor gave."""

    __tablename__ = "accreditation"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)


class AccreditationRecord(Fact, Base):
    """An accreditor's attestation of a body's competence (ISO/IEC 17000, 7.7)."""

    __tablename__ = "accreditation_record"

    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id"), index=True)
    accreditor_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    standard: Mapped[str]
    number: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    source: Mapped[str | None]


class AccreditationEvent(Fact, Base):
    """Granted, extended, reduced, suspended, reinstated or withdrawn, from a day on."""

    __tablename__ = "accreditation_event"

    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    reason: Mapped[str | None]


class ScopeLine(Fact, Base):
    """What an accreditation says the body is competent for.

    ``method_key`` is the key of an edition (dated reference) or, when
    ``method_dated`` is false, of a document: then every edition is meant.
    """

    __tablename__ = "scope_line"

    accreditation_id: Mapped[int] = mapped_column(ForeignKey("accreditation.id"), index=True)
    activity: Mapped[str]
    product: Mapped[str]
    characteristic: Mapped[str]
    method: Mapped[str]
    method_key: Mapped[str] = mapped_column(index=True)
    method_dated: Mapped[bool]
    range: Mapped[str | None]
    uncertainty: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class BodyDesignation(Fact, Base):
    """A ministry's permission for a body to test or certify for a regulation."""

    __tablename__ = "body_designation"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    activity: Mapped[str]
    ministry: Mapped[str]
    instrument: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
