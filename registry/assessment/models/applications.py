"""A business's request for assessment and where it stands."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Application(Base):
    """Identity of an application; ``number`` is what the applicant quotes."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    demonstration: Mapped[bool] = mapped_column(default=False)


class ApplicationRecord(Fact, Base):
    """Where an application stands since ``state_since``, and who acted on it.

    ``product`` is ``{"name": {lang: text}, "models": [...], "hs": [...],
    "description": text}``. The three persons are kept apart so that the
    four-eyes rules (ISO/IEC 17065, 7.5 and 7.6) can be checked.
    """

    __tablename__ = "application_record"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    state: Mapped[str]
    state_since: Mapped[date]
    product: Mapped[dict[str, Any]]
    method: Mapped[str]
    note: Mapped[str | None]
    submitted_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    evaluator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision_maker_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recommendation: Mapped[str | None]
    reasons: Mapped[str | None]
