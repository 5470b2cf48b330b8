"""What a person has read of their organisation's notices."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.accounts.permissions import SIGNED_IN
from registry.notices.models import Notice, NoticeRead
from registry.unit_of_work import UnitOfWork


def mark_read(uow: UnitOfWork, data: Mapping[str, Any]) -> int:
    """Mark notices as read, by ``positions`` or up to ``until``; return how many were not yet.

    Data as ``ReadSchema`` loads it; positions that are no notices of the actor's
    organisation are passed over.
    """
    uow.actor.require(SIGNED_IN)
    if uow.actor.organisation_id is None or uow.actor.user_id is None:
        return 0
    seen = select(NoticeRead.position).where(NoticeRead.user_id == uow.actor.user_id)
    query = select(Notice.position).where(
        Notice.organisation_id == uow.actor.organisation_id, Notice.position.not_in(seen)
    )
    if data["until"] is not None:
        query = query.where(Notice.position <= data["until"])
    else:
        query = query.where(Notice.position.in_(data["positions"]))
    unread = uow.session.scalars(query).all()
    uow.session.add_all(
        NoticeRead(user_id=uow.actor.user_id, position=position) for position in unread
    )
    uow.session.flush()
    return len(unread)
