"""Results of foreign certification schemes, with what became of them and of our view of them."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ForeignList(Fact, Base):
    """That a scheme's list was read as it stood on the day ``read_on``."""

    __tablename__ = "foreign_list"

    scheme: Mapped[str] = mapped_column(index=True)
    read_on: Mapped[date]
    sha256: Mapped[str]
    counts: Mapped[dict[str, Any]]


class ForeignResult(Base):
    """Identity of a certificate that a foreign scheme issued under a number of its own."""

    __tablename__ = "foreign_result"
    __table_args__ = (UniqueConstraint("scheme", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    number: Mapped[str]
    issuer_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    demonstration: Mapped[bool] = mapped_column(default=False)


class ForeignResultRecord(Fact, Base):
    """What the list says of a certificate; ``content`` as ``ForeignRow.content`` gives it."""

    __tablename__ = "foreign_result_record"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    product: Mapped[str | None]
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]


class ForeignResultStatus(Fact, Base):
    """Active, historical or revoked, from a day on.

    Lists tell the present status, seldom its day: then ``effective_by`` is the day of the
    list that first shows it, and ``effective_after`` that of the last list that did not.
    """

    __tablename__ = "foreign_result_status"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date | None]
    effective_after: Mapped[date | None]
    effective_by: Mapped[date | None]


class ForeignDecision(Fact, Base):
    """Whether a foreign result was accepted on a day, condition by condition."""

    __tablename__ = "foreign_decision"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    arrangement_id: Mapped[int] = mapped_column(ForeignKey("arrangement.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    outcome: Mapped[str]
    conditions: Mapped[dict[str, Any]]


class ForeignDecisionReason(Fact, Base):
    """One reason of a decision: which condition was not met, or is not known, and why."""

    __tablename__ = "foreign_decision_reason"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    condition: Mapped[str]
    reason: Mapped[str]


class ForeignReliance(Fact, Base):
    """That something rests on a foreign result: "application:3", "declaration:7"."""

    __tablename__ = "foreign_reliance"

    foreign_result_id: Mapped[int] = mapped_column(ForeignKey("foreign_result.id"), index=True)
    subject: Mapped[str] = mapped_column(index=True)
    since: Mapped[date]
