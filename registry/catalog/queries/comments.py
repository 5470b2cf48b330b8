"""Public comment on an edition, as it stood on a day and as known at a journal position."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.models import (
    CommentAnswer,
    CommentPeriod,
    Edition,
    EditionComment,
    EditionRecord,
)
from registry.catalog.states import PUBLIC_COMMENT
from registry.errors import NotFound
from registry.history import AsOf, covers, known


@dataclass(frozen=True, slots=True)
class Commented:
    """A comment with its answer, as far as there is one on the day asked."""

    comment: EditionComment
    answer: CommentAnswer | None


@dataclass(frozen=True, slots=True)
class Consultation:
    """The comment period of an edition and what was said in it, by number.

    ``open`` tells that comments are taken on the day asked; ``days_left`` counts that
    day and the last one.
    """

    edition: Edition
    record: EditionRecord
    period: CommentPeriod
    comments: Sequence[Commented]
    open: bool
    days_left: int


def consultation(session: Session, slug: str, as_of: AsOf) -> Consultation:
    """Return the public comment on an edition; ``NotFound`` when there was none by then."""
    row = session.execute(
        select(Edition, CommentPeriod, EditionRecord)
        .join(CommentPeriod, CommentPeriod.edition_id == Edition.id)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(
            Edition.slug == slug,
            known(CommentPeriod, as_of.position),
            known(EditionRecord, as_of.position),
        )
    ).first()
    if row is None:
        raise NotFound("This edition was not put to public comment by then.")
    edition, period, record = row
    is_open = record.state == PUBLIC_COMMENT and covers(period.first_day, period.last_day, as_of.at)
    return Consultation(
        edition=edition,
        record=record,
        period=period,
        comments=comments_of(session, edition.id, as_of),
        open=is_open,
        days_left=(period.last_day - as_of.at).days + 1 if is_open else 0,
    )


def comments_of(session: Session, edition_id: int, as_of: AsOf) -> list[Commented]:
    """Return the comments made by the day asked, with their answers."""
    rows = session.execute(
        select(EditionComment, CommentAnswer)
        .outerjoin(
            CommentAnswer,
            (CommentAnswer.comment_id == EditionComment.id)
            & known(CommentAnswer, as_of.position)
            & (CommentAnswer.on <= as_of.at),
        )
        .where(
            EditionComment.edition_id == edition_id,
            known(EditionComment, as_of.position),
            EditionComment.on <= as_of.at,
        )
        .order_by(EditionComment.number)
    )
    return [Commented(comment, answer) for comment, answer in rows]
