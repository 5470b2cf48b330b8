"""What is known of a body besides its organisation's name: numbers, places, people to ask.

The organisation's own record keeps one identifier, address and contact; a body may have
more of each (a laboratory's sites, its number in a foreign list), each with its dates.
"""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class BodyIdentifier(Fact, Base):
    """A number under which somebody else knows the body, from one day until another."""

    __tablename__ = "body_identifier"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    scheme: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class BodyAddress(Fact, Base):
    """Where the body is: its seat, a site where it works, or where it takes letters.

    ``province`` is the first-level division as the country names it; ``country`` ISO
    3166-1 alpha-2.
    """

    __tablename__ = "body_address"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    kind: Mapped[str]
    address: Mapped[str]
    province: Mapped[str | None]
    country: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class BodyContact(Fact, Base):
    """Whom officers ask at the body, and for what. The journal seals name and numbers."""

    __tablename__ = "body_contact"

    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    purpose: Mapped[str]
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
