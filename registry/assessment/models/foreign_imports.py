"""Lists of foreign schemes on their way in, and the day up to which time has been looked at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class ForeignImport(Base):
    """An uploaded list that a worker takes in, slice by slice.

    A working table without a journal: what an import changes is journalled by itself.
    ``rows_done`` counts the rows of the file that need not be looked at again; ``report`` is
    what they did, written together with them. ``phase`` is "waiting", "done" or "refused",
    then ``problem`` says why.
    """

    __tablename__ = "foreign_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(index=True)
    read_on: Mapped[date]
    content_hash: Mapped[str]
    filename: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    phase: Mapped[str] = mapped_column(index=True)
    rows_done: Mapped[int]
    report: Mapped[dict[str, Any]]
    problem: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int]
    finished_at: Mapped[datetime | None]


class ForeignReview(Base):
    """The day for which foreign results were last judged because time had passed.

    A working table of one row without a journal: what came out otherwise is journalled.
    """

    __tablename__ = "foreign_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    through: Mapped[date]
