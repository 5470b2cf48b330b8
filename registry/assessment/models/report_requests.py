"""Reports on their way into the register: what was sent, what was receipted, what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ReportRequest(Base):
    """A body's request that a report be taken into the register; never edited.

    Its id is the journal position of its first receipt. ``number`` is the body's own
    number of the report. It may be asked for again only after an earlier request was
    returned.
    """

    __tablename__ = "report_request"
    __table_args__ = (Index("ix_report_request_body_id_number", "body_id", "number"),)

    id: Mapped[int] = mapped_column(
        ForeignKey("journal_entry.position"), primary_key=True, autoincrement=False
    )
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    number: Mapped[str]


class ReportRequestContent(Base):
    """What was sent with a request, and who sent it; never edited.

    A report sent anew before it is judged is another row: the earlier one stays.
    ``position`` is that of the journal entry that is its receipt. ``content`` is as
    ``services.report_content.stored_content`` gives it, ``digest`` the SHA-256 of its
    canonical JSON.
    """

    __tablename__ = "report_request_content"

    position: Mapped[int] = mapped_column(
        ForeignKey("journal_entry.position"), primary_key=True, autoincrement=False
    )
    request_id: Mapped[int] = mapped_column(ForeignKey("report_request.id"), index=True)
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    sent_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]


class ReportRequestRecord(Fact, Base):
    """Where a request stands: received, judged (then it has a report) or returned.

    ``problems`` are the reasons of a return: ``[{"field", "pattern", "parameters"}]``.
    """

    __tablename__ = "report_request_record"
    __table_args__ = (
        # The worker looks for what is received and not yet judged.
        Index("ix_report_request_record_state_known_until", "state", "known_until"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("report_request.id"), index=True)
    content_position: Mapped[int] = mapped_column(ForeignKey("report_request_content.position"))
    state: Mapped[str]
    problems: Mapped[list[dict[str, Any]] | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
