"""Certificates of conformity: reserved number, frozen snapshot, events."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class CertificateNumber(Base):
    """A number set aside for one application, before anything else is done with it.

    A crash after this leaves a number that the next attempt for the same
    application takes up again: none is lost, none given twice.
    """

    __tablename__ = "certificate_number"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int]
    serial: Mapped[int]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    reserved_position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"))


class Certificate(Base):
    """What was certified, frozen at the decision; never changed afterwards."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("certificate_number.number"), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    snapshot: Mapped[dict[str, Any]]
    digest: Mapped[str]
    issued_position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"))
    demonstration: Mapped[bool] = mapped_column(default=False)


class CertificateEvent(Fact, Base):
    """Issued, suspended, reinstated, withdrawn or replaced, from a day on, and why."""

    __tablename__ = "certificate_event"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    reason: Mapped[str | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
