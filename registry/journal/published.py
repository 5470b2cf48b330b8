"""Questions to the checkpoints that were published."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.journal.models import JournalCheckpoint

_NEWEST = JournalCheckpoint.id.desc()


def latest_checkpoint(session: Session) -> JournalCheckpoint | None:
    """Return the checkpoint published last."""
    return session.scalar(select(JournalCheckpoint).order_by(_NEWEST).limit(1))


def first_covering(session: Session, position: int) -> JournalCheckpoint | None:
    """Return the first checkpoint published that covers the entry at ``position``.

    It stays the first for ever, so what is proven with it need not be made again.
    """
    covering = select(JournalCheckpoint).where(JournalCheckpoint.size >= position)
    order = (JournalCheckpoint.size, JournalCheckpoint.id)
    return session.scalar(covering.order_by(*order).limit(1))


def checkpoint_of(session: Session, size: int) -> JournalCheckpoint | None:
    """Return the last checkpoint published of that size: a new key may sign one again."""
    of_size = select(JournalCheckpoint).where(JournalCheckpoint.size == size)
    return session.scalar(of_size.order_by(_NEWEST).limit(1))


def checkpoints(
    session: Session, *, before: int | None = None, limit: int = 50
) -> Sequence[JournalCheckpoint]:
    """Return checkpoints, the latest first, those with an id below ``before`` only."""
    statement = select(JournalCheckpoint).order_by(_NEWEST).limit(limit)
    if before is not None:
        statement = statement.where(JournalCheckpoint.id < before)
    return session.scalars(statement).all()
