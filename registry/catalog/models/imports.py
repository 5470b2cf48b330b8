"""Imports of files: what was uploaded, how far it is, and what was decided of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ImportJob(Base):
    """A file that somebody wants imported, and how far the registry is with it.

    The file is kept by its ``content_hash``. ``layout`` says how a spreadsheet is read,
    ``choice`` what is done when the check is over without asking again. ``counts`` and
    ``problems`` (a stored file) are what the last check found; ``written`` is what the
    import wrote so far, changed in the transaction that writes. ``claimed_until`` keeps
    a second worker away; nobody renews it when the first one was killed.
    """

    __tablename__ = "import_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(index=True)
    filename: Mapped[str]
    form: Mapped[str]
    national: Mapped[bool]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]
    uploaded_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    phase: Mapped[str] = mapped_column(index=True)
    layout: Mapped[dict[str, Any]]
    choice: Mapped[str | None]
    rows_total: Mapped[int]
    rows_done: Mapped[int]
    counts: Mapped[dict[str, Any]]
    problems: Mapped[str | None]
    written: Mapped[dict[str, Any]]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int]


class ImportRecord(Fact, Base):
    """What was decided of an import: submitted, approved or returned, finished.

    ``choice`` is "all" (all rows or none) or "good" (good rows only); ``counts`` what
    was foreseen when it was submitted and, once finished, what it did.
    """

    __tablename__ = "import_record"

    job_id: Mapped[int] = mapped_column(ForeignKey("import_job.id"), index=True)
    state: Mapped[str]
    choice: Mapped[str]
    counts: Mapped[dict[str, Any]]
    submitted_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None]
