"""Tables of notices, mail and webhooks.

All are working tables: what is told follows from the journal, and neither an
endpoint nor a delivery says anything of the register. None is journalled but the
end of an endpoint that the registry itself disables.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base


class NoticeProgress(Base):
    """How far in the journal one follower of notices has come, in one row of its own."""

    __tablename__ = "notice_progress"

    follower: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class Notice(Base):
    """That a journal entry concerns an organisation; derived, can be made again.

    ``own`` says that somebody of that organisation made the change: it is listed, but
    nobody is woken by what they did themselves.
    """

    __tablename__ = "notice"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it.

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"), primary_key=True)
    own: Mapped[bool]


class NoticeRead(Base):
    """That a person has read a notice of their organisation."""

    __tablename__ = "notice_read"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it.

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)


class NoticeMail(Base):
    """One mail to an organisation's contact about the notices in ``positions``."""

    __tablename__ = "notice_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    first_position: Mapped[int]
    last_position: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    error: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class WebhookEndpoint(Base):
    """Where a program of an organisation wants to be told, and of what.

    ``secret`` signs; while ``previous_until`` lasts, ``previous_secret`` signs too, so
    that a receiver can change over. ``event_types`` are journal actions, or kinds of
    subject followed by ``.*``. ``state``: active, paused or disabled.
    """

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    url: Mapped[str]
    description: Mapped[str | None]
    event_types: Mapped[list[str]]
    state: Mapped[str]
    state_reason: Mapped[str | None]
    secret: Mapped[str]
    previous_secret: Mapped[str | None]
    previous_until: Mapped[datetime | None]
    from_position: Mapped[int]
    created_at: Mapped[datetime]
    created_by_user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    last_success_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message for one endpoint; ``body`` and ``message_id`` stay the same over retries.

    ``state``: waiting, delivered or failed. ``claimed_until`` keeps two workers from
    sending at once; when the worker was killed, it runs out and another one sends.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_due", "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"), index=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    event_type: Mapped[str]
    position: Mapped[int | None]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]


class WebhookAttempt(Base):
    """What came of sending a message once; ``status_code`` is None when nobody answered."""

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("webhook_delivery.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime]
    status_code: Mapped[int | None]
    milliseconds: Mapped[int]
    error: Mapped[str | None]
