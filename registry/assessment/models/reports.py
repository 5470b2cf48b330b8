"""Reports as submitted and what was decided on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Report(Base):
    """A test, calibration or inspection report as its body submitted it; never edited.

    ``content`` holds the items of ISO/IEC 17025:2017, 7.8.2.1 and the results as
    the submission schema loads them; ``digest`` is the SHA-256 of its canonical JSON.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("body_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    number: Mapped[str]
    issued_on: Mapped[date]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    submitted_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]
    demonstration: Mapped[bool] = mapped_column(default=False)


class ReportRecord(Fact, Base):
    """Where a report stands: received, accepted, refused, referred or replaced."""

    __tablename__ = "report_record"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    state: Mapped[str]
    state_since: Mapped[date]


class AcceptanceDecision(Fact, Base):
    """Whether a report was accepted for a regulation on a day, condition by condition.

    ``outcome`` is the engine's; ``decided_outcome`` the officer's, who may differ
    from it only with ``reasons`` in writing.
    """

    __tablename__ = "acceptance_decision"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    outcome: Mapped[str]
    conditions: Mapped[list[dict[str, Any]]]
    decided_outcome: Mapped[str]
    reasons: Mapped[str | None]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
