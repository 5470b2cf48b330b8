"""The programme of work: which entries are planned, and how far each has come."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class PlannedEntry(Base):
    """Identity of an entry of the programme; its number is its public name."""

    __tablename__ = "planned_entry"

    id: Mapped[int] = mapped_column(primary_key=True)


class PlannedEntryRecord(Fact, Base):
    """What is planned: the document, who leads, which unit works on it, by when.

    ``due`` is a month ("2026-11": by its last day) or a day. ``ministry`` is a key of
    ``issuing-body``; ``unit`` names the department or committee in its own words.
    """

    __tablename__ = "planned_entry_record"
    __table_args__ = (Index("ix_planned_entry_record_current", "planned_entry_id", "known_until"),)

    planned_entry_id: Mapped[int] = mapped_column(ForeignKey("planned_entry.id"))
    titles: Mapped[dict[str, str]]
    designation: Mapped[str | None]
    domain: Mapped[str]
    ministry: Mapped[str | None]
    unit: Mapped[str | None]
    due: Mapped[str]
    note: Mapped[str | None]
    source: Mapped[str | None]


class ProgrammeStep(Fact, Base):
    """That a planned entry reached ``state`` on a day.

    ``edition_id`` is the edition that it became; ``note`` says why it was dropped.
    """

    __tablename__ = "programme_step"
    __table_args__ = (Index("ix_programme_step_entry", "planned_entry_id", "known_until"),)

    planned_entry_id: Mapped[int] = mapped_column(ForeignKey("planned_entry.id"))
    state: Mapped[str]
    on: Mapped[date] = mapped_column("on_date")
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    note: Mapped[str | None]
