"""Tables of what the register signs with and of the status lists it publishes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class SigningKey(Fact, Base):
    """A public key that documents or credentials are or were signed with.

    ``use`` is "document" or "credential". ``key_id`` is the SHA-256 of the
    certificate in hexadecimal, or the JWK thumbprint (RFC 7638). Each use has one
    key that is not retired. What was signed before ``compromised_since`` cannot be
    told from a forgery with an earlier date, so it is signed anew.
    """

    __tablename__ = "signing_key"

    key_id: Mapped[str] = mapped_column(index=True)
    use: Mapped[str]
    algorithm: Mapped[str]
    jwk: Mapped[dict[str, Any]]
    certificate: Mapped[bytes | None] = mapped_column(LargeBinary)
    trial: Mapped[bool]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    retired_on: Mapped[date | None]
    compromised_since: Mapped[date | None]


class StatusIndex(Base):
    """The place of one version of a subject in the status lists, the same for each purpose.

    Never changed and never given again: a place that was used would tell the
    holders of an old credential the status of another.
    """

    __tablename__ = "status_index"
    __table_args__ = (
        UniqueConstraint("subject", "version"),
        UniqueConstraint("list_number", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    version: Mapped[int]
    list_number: Mapped[int]
    place: Mapped[int]
    assigned_position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"))


class StatusListCopy(Base):
    """A status list as it was signed last; a working table, made again when it is missing.

    ``state`` is a digest of what the list says and of who signs it.
    """

    __tablename__ = "status_list_copy"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    list_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str]
    token: Mapped[str]
    made_at: Mapped[datetime]
