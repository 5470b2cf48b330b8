"""What an office asks an applicant for while an application is handled."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class InformationRequest(Base):
    """Identity of a request for information on an application."""

    __tablename__ = "information_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)


class InformationRequestRecord(Fact, Base):
    """What was asked, until when, and what was answered.

    From ``asked_on`` until ``closed_on`` the application waits for its applicant.
    """

    __tablename__ = "information_request_record"

    request_id: Mapped[int] = mapped_column(ForeignKey("information_request.id"), index=True)
    state: Mapped[str]
    text: Mapped[str]
    due_on: Mapped[date | None]
    asked_on: Mapped[date]
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closed_on: Mapped[date | None]
    answer: Mapped[str | None]
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class InformationAnswerFile(Base):
    """A file that came with an answer, by its SHA-256; never changed.

    ``media_type`` is what the content is, whatever its sender called it.
    """

    __tablename__ = "information_answer_file"
    __table_args__ = (UniqueConstraint("request_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("information_request.id"))
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str | None]
    name: Mapped[str]
