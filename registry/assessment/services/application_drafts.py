"""Keeps what an applicant fills in, so that nothing typed is lost and nothing is sent twice."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.models import ApplicationDraft
from registry.assessment.services.applications import submit_application
from registry.assessment.services.checks import person
from registry.errors import Invalid, NotFound
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

MOST_DRAFTS = 50
_LONGEST_VALUE = 20_000
_MOST_VALUES = 60
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def save_draft(uow: UnitOfWork, key: str, values: Mapping[str, str]) -> ApplicationDraft:
    """Keep the fields of a form as typed, under the unguessable ``key`` that the form carries.

    Raises ``Invalid`` for more than ``MOST_DRAFTS`` drafts or far too long texts.
    """
    uow.actor.require("application:submit")
    if not _KEY.fullmatch(key):
        raise Invalid.one("", Message("This form is not one of ours; please open it again."))
    draft = uow.session.get(ApplicationDraft, key)
    if draft is None:
        if len(drafts_of(uow.session, uow.actor)) >= MOST_DRAFTS:
            raise Invalid.one("", Message("At most {most} drafts are kept.", most=MOST_DRAFTS))
        draft = ApplicationDraft(key=key, user_id=person(uow), values={}, created_at=uow.now)
        uow.session.add(draft)
    _check_owner(uow.actor, draft)
    if len(values) > _MOST_VALUES or any(len(text) > _LONGEST_VALUE for text in values.values()):
        raise Invalid.one("", Message("This is too long to be kept."))
    if draft.sent_as is None:
        draft.values = dict(values)
    draft.saved_at = uow.now
    uow.session.flush()
    return draft


def send_draft(uow: UnitOfWork, key: str, data: Mapping[str, Any]) -> str:
    """Submit the application that was drafted under ``key``; return its number.

    Sent a second time it is the same application: the first number is returned again.
    """
    draft = find_draft(uow.session, uow.actor, key)
    if draft.sent_as is None:
        draft.sent_as = submit_application(uow, data).number
        draft.values = {}
        uow.session.flush()
    return draft.sent_as


def find_draft(session: Session, actor: Actor, key: str) -> ApplicationDraft:
    """Return one's own draft; ``NotFound`` otherwise."""
    draft = session.get(ApplicationDraft, key)
    if draft is None:
        raise NotFound(Message("There is no such draft."))
    _check_owner(actor, draft)
    return draft


def drafts_of(session: Session, actor: Actor) -> Sequence[ApplicationDraft]:
    """Return one's own drafts that are not sent, the one saved last first."""
    return session.scalars(
        select(ApplicationDraft)
        .where(ApplicationDraft.user_id == actor.user_id, ApplicationDraft.sent_as.is_(None))
        .order_by(ApplicationDraft.saved_at.desc(), ApplicationDraft.key)
    ).all()


def discard_draft(uow: UnitOfWork, key: str) -> None:
    """Delete one's own draft that was not sent."""
    uow.actor.require("application:submit")
    draft = find_draft(uow.session, uow.actor, key)
    if draft.sent_as is None:
        uow.session.delete(draft)


def _check_owner(actor: Actor, draft: ApplicationDraft) -> None:
    if actor.user_id != draft.user_id:
        raise NotFound(Message("There is no such draft."))
