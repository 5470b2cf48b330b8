"""Searches that people keep for themselves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select

from registry.accounts.models import SavedSearch
from registry.accounts.permissions import SIGNED_IN
from registry.errors import Denied, Invalid, NotFound
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

MOST = 100


def save_search(uow: UnitOfWork, data: Mapping[str, Any]) -> SavedSearch:
    """Keep a search under a name; the same name again takes the new search.

    Data as ``SavedSearchSchema`` loads it: name, parameters.
    """
    user_id = _person(uow)
    present = uow.session.scalar(
        select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.name == data["name"])
    )
    if present is not None:
        present.parameters = data["parameters"]
        return present
    kept = uow.session.scalar(
        select(func.count()).select_from(SavedSearch).where(SavedSearch.user_id == user_id)
    )
    if (kept or 0) >= MOST:
        message = Message("You keep {most} searches; remove one first.", most=MOST)
        raise Invalid.one("name", message)
    saved = SavedSearch(
        user_id=user_id, name=data["name"], parameters=data["parameters"], created_at=uow.now
    )
    uow.session.add(saved)
    uow.session.flush()
    return saved


def forget_search(uow: UnitOfWork, saved_id: int) -> None:
    """Remove one of one's own searches."""
    gone = uow.session.execute(
        delete(SavedSearch)
        .where(SavedSearch.id == saved_id, SavedSearch.user_id == _person(uow))
        .returning(SavedSearch.id)
    ).all()
    if not gone:
        raise NotFound("You keep no such search.")


def _person(uow: UnitOfWork) -> int:
    uow.actor.require(SIGNED_IN)
    if uow.actor.user_id is None:
        raise Denied("Only a person can do this.")
    return uow.actor.user_id
