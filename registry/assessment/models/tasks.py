"""What an officer has to look at again, and surveillance that is planned."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class Task(Base):
    """Identity of a task: what to look at again, and what made that needful.

    ``kind`` is what the thing is to its cause ("report", "certificate"); ``subject``
    and ``cause`` name things as the journal does ("certificate:3", "accreditation:5");
    ``cause_kind`` is what befell the cause ("suspended") and ``cause_from`` its first day.
    """

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    cause: Mapped[str] = mapped_column(index=True)
    cause_kind: Mapped[str]
    cause_from: Mapped[date]
    opened_on: Mapped[date]
    opened_position: Mapped[int] = mapped_column(ForeignKey("journal_entry.position"))


class TaskRecord(Fact, Base):
    """Where a task stands: open, done or closed; with whom, and by when.

    ``role`` may do it; ``assigned_user_id`` took it on. ``reason`` is what its end
    was for: what an officer decided, or why it no longer needs anybody.
    """

    __tablename__ = "task_record"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    state: Mapped[str]
    state_since: Mapped[date]
    role: Mapped[str]
    assigned_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date]
    reason: Mapped[str | None]


class Surveillance(Base):
    """Identity of one surveillance activity on a certificate or an accreditation."""

    __tablename__ = "surveillance"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)


class SurveillanceRecord(Fact, Base):
    """A surveillance activity: planned for a day, then done with a result, or dropped.

    ISO/IEC 17065, 7.9 and ISO/IEC 17011, 7.9 ask for surveillance at planned intervals.
    """

    __tablename__ = "surveillance_record"

    surveillance_id: Mapped[int] = mapped_column(ForeignKey("surveillance.id"), index=True)
    state: Mapped[str]
    planned_on: Mapped[date]
    activity: Mapped[str]
    done_on: Mapped[date | None]
    result: Mapped[str | None]
    note: Mapped[str | None]


class CalendarAddress(Base):
    """The address at which one person's calendar program reads the surveillance plan.

    A working table: only the SHA-256 of the address's unguessable part is kept, and
    making a new one ends the one before. It says nothing of the register.
    """

    __tablename__ = "calendar_address"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    created_at: Mapped[datetime]
