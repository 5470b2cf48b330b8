"""Files that belong to reports: on their way in, and as part of a report."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class Upload(Base):
    """A file that a laboratory declared by its SHA-256 and is sending, or has sent.

    A working row: deleted when it is done with, never journalled. How many bytes have
    come is the size of the file on disk. ``media_type`` is what the file turned out to
    be, which is known when ``done_at`` is set; ``problem`` says why it is refused.
    ``facts`` are what a recognised file says of itself (a digital calibration certificate).
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    media_type: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class ReportAttachment(Base):
    """A file that is part of a report, by its SHA-256; never changed.

    ``media_type`` is what the content is, whatever its sender called it.
    """

    __tablename__ = "report_attachment"
    __table_args__ = (UniqueConstraint("report_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    name: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
