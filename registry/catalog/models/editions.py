"""Documents, editions and what is said of them.

A *document* is a normative document independent of year; an *edition* is its
dated publication. Both are identities: what is said of an edition stands in
``EditionRecord`` rows, one for each time the register said something new.
"""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base
from registry.history import Fact


class Document(Base):
    """Identity of a normative document over all its editions."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    designation: Mapped[str]


class Edition(Base):
    """Identity of one dated publication, under its printed designation.

    ``national`` tells the register's own list from the followed catalogues.
    """

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    designation: Mapped[str]
    national: Mapped[bool] = mapped_column(index=True)

    document: Mapped[Document] = relationship(lazy="raise")


class EditionRecord(Fact, Base):
    """What the register says of an edition.

    ``issued`` keeps the precision of its source ("2023", "2023-12" or a day).
    ``effective_until`` is the last day in force when it was set in advance;
    ``withdrawn_on`` the first day no longer in force. ``digest`` is taken over
    the record as imported: an import that brings the same digest changes nothing.
    ``catalogue`` is the key of the followed catalogue that holds the edition, and
    ``source_id`` what that catalogue calls it.
    """

    __tablename__ = "edition_record"
    __table_args__ = (Index("ix_edition_record_current", "edition_id", "known_until"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    state: Mapped[str]
    kind: Mapped[str]
    titles: Mapped[dict[str, str]]
    scope: Mapped[dict[str, str]]
    publisher: Mapped[str]
    lead_ministry: Mapped[str | None]
    doctype: Mapped[str | None]
    stage: Mapped[str | None]
    issued: Mapped[str | None]
    effective_from: Mapped[date | None]
    effective_until: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    instrument: Mapped[dict[str, Any]]
    ics: Mapped[list[str]]
    domains: Mapped[list[str]]
    languages: Mapped[list[str]]
    committee: Mapped[list[str]]
    drafted_by: Mapped[str | None]
    pages: Mapped[int | None]
    url: Mapped[str | None]
    status_source: Mapped[str | None]
    source: Mapped[str]
    evidence: Mapped[str | None]
    note: Mapped[str | None]
    digest: Mapped[str | None]
    catalogue: Mapped[str | None] = mapped_column(index=True)
    source_id: Mapped[str | None]
    drafted_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    edition: Mapped[Edition] = relationship(lazy="raise")


class EditionDomain(Fact, Base):
    """That an edition belongs to one of the domains of the list."""

    __tablename__ = "edition_domain"
    __table_args__ = (Index("ix_edition_domain_domain", "domain", "known_until"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    domain: Mapped[str]


class PartialEnd(Fact, Base):
    """That a part of a published edition ("clause 2.3") no longer applies from a day on."""

    __tablename__ = "partial_end"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    part: Mapped[str]
    first_day: Mapped[date]
    reason: Mapped[str]
    source: Mapped[str | None]


class Relation(Fact, Base):
    """A typed relation from one edition to another, named by its designation.

    The target is joined by ``target_key``: a relation may name an edition that
    the register does not hold yet, and finds it as soon as it does.
    """

    __tablename__ = "relation"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    type: Mapped[str]
    degree: Mapped[str | None]
    target_designation: Mapped[str]
    target_key: Mapped[str] = mapped_column(index=True)
    on: Mapped[date | None] = mapped_column("on_date")
    coexistence_until: Mapped[date | None]
    source: Mapped[str | None]
