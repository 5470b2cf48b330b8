"""Notices of one organisation, for one of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.queries.subjects import SubjectFacts, describe
from registry.history import AsOf
from registry.journal.queries import EntryView, entry
from registry.notices.models import Notice, NoticeRead


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice: the entry, what it is about as it stands on the day asked, and whether read.

    ``cause`` is what brought it about, where that is another thing.
    """

    entry: EntryView
    about: SubjectFacts | None
    own: bool
    read: bool
    cause: SubjectFacts | None = None


def notices(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    unread: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[NoticeFacts]:
    """Return the notices of the actor's organisation, the newest first."""
    if actor.organisation_id is None:
        return []
    seen = _seen(actor)
    query = (
        select(Notice, seen.label("seen"))
        .where(Notice.organisation_id == actor.organisation_id)
        .order_by(Notice.position.desc())
        .limit(limit)
    )
    if unread:
        query = query.where(not_(seen), not_(Notice.own))
    if before is not None:
        query = query.where(Notice.position < before)
    if as_of.position is not None:
        query = query.where(Notice.position <= as_of.position)
    found = []
    for notice, read in session.execute(query):
        said = entry(session, notice.position)
        about = describe(session, said.subject, as_of)
        seen_by = bool(read) or notice.own
        cause = described_cause(session, said.data, as_of)
        found.append(NoticeFacts(said, about, notice.own, seen_by, cause))
    return found


def described_cause(session: Session, data: Mapping[str, Any], as_of: AsOf) -> SubjectFacts | None:
    """Return what an entry names as its cause ("accreditation:3"); None where it names none."""
    cause = data.get("cause")
    return describe(session, cause, as_of) if isinstance(cause, str) else None


def unread_count(session: Session, actor: Actor) -> int:
    """Return how many notices the actor has not read; 0 for who belongs to no organisation."""
    if actor.organisation_id is None or actor.user_id is None:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(Notice)
            .where(
                Notice.organisation_id == actor.organisation_id,
                not_(Notice.own),
                not_(_seen(actor)),
            )
        )
        or 0
    )


def _seen(actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(NoticeRead.position).where(
            and_(NoticeRead.user_id == actor.user_id, NoticeRead.position == Notice.position)
        )
    )
