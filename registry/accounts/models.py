"""Tables of organisations and accounts.

Organisations are facts of the register. Accounts are not: a password hash has
no history worth keeping; that an account was made, given a role or closed is
journalled, and roles are dated facts.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Organisation(Base):
    """Identity of an organisation: authority, ministry, body, accreditor or business."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    demonstration: Mapped[bool] = mapped_column(default=False)


class OrganisationRecord(Fact, Base):
    """What is known of an organisation. Contacts are for officers' eyes only."""

    __tablename__ = "organisation_record"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    names: Mapped[dict[str, str]]
    country: Mapped[str]
    identifier_scheme: Mapped[str | None]
    identifier: Mapped[str | None]
    address: Mapped[str | None]
    website: Mapped[str | None]
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]


class User(Base):
    """A person's account. ``session_epoch`` grows to sign all their sessions out."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    active: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=1)
    language: Mapped[str | None]


class RoleGrant(Fact, Base):
    """A role that a person holds from one day until another."""

    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class ApiToken(Base):
    """A bearer token: only its SHA-256 is stored (256 random bits need no slow hash)."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    label: Mapped[str]
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SavedSearch(Base):
    """A question that a person keeps: the address parameters of a search page, under a name.

    It says nothing about the register, so it is neither a fact nor journalled.
    """

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    parameters: Mapped[str]
    created_at: Mapped[datetime]
