"""Reports not yet submitted: working rows, which no journal entry speaks of."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class ReportDraft(Base):
    """A report being written, exactly as it was typed, valid or not; seen by its owner only.

    A working row: changed in place and deleted, never journalled. It belongs to the
    organisation of whoever began it, or to that person alone where there is none.

    ``content`` is what ``registry.web.forms.nested`` makes of the form. ``version``
    counts the saves. ``report_id`` is the report that was made of it: the draft stays
    so that a second click finds that report. ``batch`` joins drafts read from one
    file; ``origin`` says which cells of it were not understood.
    """

    __tablename__ = "report_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    batch: Mapped[str | None] = mapped_column(index=True)
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
