"""Public comment on drafts: the period, the comments, what the editors answered."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from registry.db import Base
from registry.history import Fact


class CommentPeriod(Fact, Base):
    """That a draft is open for public comment from one day to another, both included."""

    __tablename__ = "comment_period"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]


class EditionComment(Fact, Base):
    """One comment, in the fields of the ISO commenting template.

    ``number`` counts the comments of an edition. ``source`` says on whose behalf the
    comment is made; ``type`` is "ge" (general), "te" (technical) or "ed" (editorial).
    """

    __tablename__ = "edition_comment"
    __table_args__ = (Index("ix_edition_comment_edition", "edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    on: Mapped[date] = mapped_column("on_date")
    source: Mapped[str | None]
    line: Mapped[str | None]
    clause: Mapped[str]
    paragraph: Mapped[str | None]
    type: Mapped[str]
    comment: Mapped[str]
    proposed_change: Mapped[str | None]


class CommentAnswer(Fact, Base):
    """The editors' observation on a comment, and whether it was accepted."""

    __tablename__ = "comment_answer"

    comment_id: Mapped[int] = mapped_column(ForeignKey("edition_comment.id"), index=True)
    on: Mapped[date] = mapped_column("on_date")
    outcome: Mapped[str]
    observation: Mapped[str]
