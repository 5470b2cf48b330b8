"""What applicants fill in before they send it, and the earlier reports they rely on again."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class ApplicationDraft(Base):
    """An application being filled in: the fields of its form as typed.

    It says nothing about the register and is neither a fact nor journalled. ``key`` is
    unguessable and stands in the draft's address. ``sent_as`` is the number that it was
    sent under, so that sending it twice makes one application.
    """

    __tablename__ = "application_draft"

    key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sent_as: Mapped[str | None]


class ApplicationReliance(Fact, Base):
    """That an application rests on a report accepted for an earlier one of its applicant."""

    __tablename__ = "application_reliance"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
