"""Counts that other pages show."""

from typing import Any
from weakref import WeakSet

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation
from registry.assessment.models import Body, Certificate

_with_demonstration: WeakSet[Any] = WeakSet()


def count_bodies(session: Session) -> int:
    """Return how many bodies the register knows, demonstration bodies left out."""
    statement = select(func.count()).select_from(Body).where(Body.demonstration.is_(False))
    return session.scalar(statement) or 0


def count_certificates(session: Session) -> int:
    """Return how many certificates were ever issued, demonstrations left out."""
    statement = (
        select(func.count()).select_from(Certificate).where(Certificate.demonstration.is_(False))
    )
    return session.scalar(statement) or 0


def demonstration_loaded(session: Session) -> bool:
    """Whether invented records are in the register, which every page then says."""
    engine = session.get_bind()
    # Organisations are never removed: what was once there need not be asked again.
    if engine in _with_demonstration:
        return True
    statement = select(Organisation.id).where(Organisation.demonstration.is_(True)).limit(1)
    loaded = session.scalar(statement) is not None
    if loaded:
        _with_demonstration.add(engine)
    return loaded
