"""Recognition arrangements, what they cover and whom they list."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Arrangement(Base):
    """Identity of a recognition arrangement."""

    __tablename__ = "arrangement"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    demonstration: Mapped[bool] = mapped_column(default=False)


class ArrangementRecord(Fact, Base):
    """What an arrangement says: kind, phase, parties (economies or organisations), dates."""

    __tablename__ = "arrangement_record"

    arrangement_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    titles: Mapped[dict[str, str]]
    kind: Mapped[str]
    phase: Mapped[str | None]
    parties: Mapped[list[dict[str, Any]]]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("arrangement.id"))
    transition_until: Mapped[date | None]
    article: Mapped[str | None]
    source: Mapped[str | None]


class ArrangementScope(Fact, Base):
    """One line of what results an arrangement covers.

    ``document_key`` names a regulation, ``None`` any; ``direction`` is "inward",
    "outward" or "both" as seen from the economy that keeps this register.
    """

    __tablename__ = "arrangement_scope"

    arrangement_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    document_key: Mapped[str | None]
    product: Mapped[str | None]
    hs_codes: Mapped[list[str]]
    result_type: Mapped[str]
    direction: Mapped[str]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class ArrangementListing(Fact, Base):
    """That a body (or, in a multilateral, an accreditor) is listed under an arrangement."""

    __tablename__ = "arrangement_listing"

    arrangement_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    standard: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
