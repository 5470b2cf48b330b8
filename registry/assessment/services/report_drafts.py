"""Keeps reports that are being written, exactly as typed, for whoever writes them."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.models import ReportDraft
from registry.assessment.queries.references import application_at
from registry.errors import Conflict, Invalid, NotFound, Stale
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

MOST_DRAFTS = 2_000
# Ten times what the largest report of 500 results comes to.
LARGEST = 2_000_000


def start_draft(
    uow: UnitOfWork,
    content: Mapping[str, Any],
    *,
    application: str | None = None,
    batch: str | None = None,
    origin: Mapping[str, Any] | None = None,
) -> ReportDraft:
    """Begin a draft, for an application where its number is given.

    Raises ``NotFound`` when there is no such application and ``Conflict`` when the
    owner keeps as many drafts as are kept.
    """
    uow.actor.require("report:submit")
    count = select(func.count()).select_from(ReportDraft).where(_open_of(uow.actor))
    if (uow.session.scalar(count) or 0) >= MOST_DRAFTS:
        raise Conflict(
            Message("You keep {most} drafts already; submit or delete some.", most=MOST_DRAFTS)
        )
    draft = ReportDraft(
        organisation_id=uow.actor.organisation_id,
        user_id=uow.actor.user_id,
        application_id=application_at(uow.session, application).id if application else None,
        content=_bounded(content),
        batch=batch,
        origin=dict(origin or {}),
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.session.add(draft)
    uow.session.flush()
    return draft


def save_draft(
    uow: UnitOfWork,
    draft_id: int,
    part: Mapping[str, Any],
    *,
    fields: Collection[str],
    expected: int | None = None,
) -> ReportDraft:
    """Store what was typed into ``fields``, valid or not; what else the draft holds stays.

    Raises ``Stale`` when somebody saved after version ``expected``, ``Conflict`` when
    the draft was submitted meanwhile.
    """
    draft = find_draft(uow.session, uow.actor, draft_id)
    _refuse_submitted(draft)
    if expected is not None and draft.version != expected:
        raise Stale(Message("This draft was saved from another window or device meanwhile."))
    kept = {name: value for name, value in draft.content.items() if name not in fields}
    typed = {name: value for name, value in part.items() if name in fields}
    draft.content = _bounded(kept | typed)
    draft.version += 1
    draft.updated_at = uow.now
    return draft


def delete_draft(uow: UnitOfWork, draft_id: int) -> None:
    """Delete a draft; one that was submitted is a report, and stays."""
    draft = find_draft(uow.session, uow.actor, draft_id)
    _refuse_submitted(draft)
    uow.session.delete(draft)


def find_draft(session: Session, actor: Actor, draft_id: int) -> ReportDraft:
    """Return a draft of the actor's; ``NotFound`` for anybody else's."""
    draft = session.scalar(select(ReportDraft).where(ReportDraft.id == draft_id, _owned(actor)))
    if draft is None:
        raise NotFound(Message("There is no such draft."))
    return draft


def open_drafts(
    session: Session, actor: Actor, *, application_id: int | None = None, limit: int = 100
) -> Sequence[ReportDraft]:
    """Return the actor's drafts that are not submitted, the latest saved first."""
    query = select(ReportDraft).where(_open_of(actor))
    if application_id is not None:
        query = query.where(ReportDraft.application_id == application_id)
    return session.scalars(
        query.order_by(ReportDraft.updated_at.desc(), ReportDraft.id.desc()).limit(limit)
    ).all()


def drafts_of_batch(session: Session, actor: Actor, batch: str) -> Sequence[ReportDraft]:
    """Return the drafts read from one file, in its order; ``NotFound`` when there are none."""
    query = select(ReportDraft).where(ReportDraft.batch == batch, _owned(actor))
    found = session.scalars(query.order_by(ReportDraft.id)).all()
    if not found:
        raise NotFound(Message("There is no such draft."))
    return found


def _open_of(actor: Actor) -> ColumnElement[bool]:
    return and_(ReportDraft.report_id.is_(None), _owned(actor))


def _owned(actor: Actor) -> ColumnElement[bool]:
    if actor.organisation_id is not None:
        return ReportDraft.organisation_id == actor.organisation_id
    return and_(ReportDraft.organisation_id.is_(None), ReportDraft.user_id == actor.user_id)


def _refuse_submitted(draft: ReportDraft) -> None:
    if draft.report_id is not None:
        raise Conflict(Message("This draft was submitted; it is a report now."))


def _bounded(content: Mapping[str, Any]) -> dict[str, Any]:
    if len(json.dumps(content)) > LARGEST:
        raise Invalid.one("", Message("This is more than a draft can hold."))
    return dict(content)
