"""Supplier's declarations of conformity (ISO/IEC 17050-1): what was declared, where it stands."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Declaration(Base):
    """A declaration as its declarer submitted it; never edited.

    ``content`` holds the items of ISO/IEC 17050-1, clause 6, as the submission schema
    loads them; ``digest`` is the SHA-256 of its canonical JSON. ``basis`` is a key of
    ``declaration-basis``; ``certificate_number`` the certificate of this register it
    rests on, if any.
    """

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    basis: Mapped[str]
    certificate_number: Mapped[str | None] = mapped_column(
        ForeignKey("certificate.number"), index=True
    )
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    submitted_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]
    demonstration: Mapped[bool] = mapped_column(default=False)


class DeclarationEdition(Base):
    """That a declaration claims conformity with an edition."""

    __tablename__ = "declaration_edition"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True, index=True)


class DeclarationDocument(Base):
    """A supporting document that the declarer sent as a file, by its SHA-256; never changed.

    ``media_type`` is what the content is, whatever its sender called it. A document that
    the declarer only names by its hash, and keeps, has no row.
    """

    __tablename__ = "declaration_document"
    __table_args__ = (UniqueConstraint("declaration_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str | None]
    name: Mapped[str]


class DeclarationRecord(Fact, Base):
    """Where a declaration stands on its way into the register.

    ``findings`` are the conditions as ``services.declaration_findings`` writes them;
    ``decided_by_user_id`` is None where the register itself proved the basis.
    """

    __tablename__ = "declaration_record"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    state: Mapped[str]
    state_since: Mapped[date]
    findings: Mapped[list[dict[str, Any]]]
    reasons: Mapped[str | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DeclarationRegistration(Base):
    """What the receipt of a registered declaration says, frozen at its registration."""

    __tablename__ = "declaration_registration"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True)
    snapshot: Mapped[dict[str, Any]]
    digest: Mapped[str]
    registered_position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"))


class DeclarationEvent(Fact, Base):
    """Registered, suspended, reinstated or withdrawn, from a day on, and why."""

    __tablename__ = "declaration_event"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    reason: Mapped[str | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DeclarationFile(Base):
    """The receipt's PDF by content hash; derived, can be made again, not journalled."""

    __tablename__ = "declaration_file"

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]
    rendered_at: Mapped[datetime]
