"""Checks that several commands share."""

from collections.abc import Iterable
from datetime import date

from registry.errors import Denied
from registry.history import Fact
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_position


def person(uow: UnitOfWork) -> int:
    """Return the id of the person who acts; the registry itself never judges."""
    if uow.actor.user_id is None:
        raise Denied(Message("Only a person can do this."))
    return uow.actor.user_id


def refuse_own_matter(uow: UnitOfWork, *organisation_ids: int) -> None:
    """Impartiality (ISO/IEC 17065, 4.2): nobody acts on a matter of their own organisation."""
    if uow.actor.organisation_id in organisation_ids:
        raise Denied(Message("Nobody may act on a matter of their own organisation."))


def check_latest(facts: Iterable[Fact], expected: int | None) -> None:
    """Raise ``Stale`` unless the newest of ``facts`` is the one the actor looked at."""
    if expected is not None:
        check_position(max(fact.known_from for fact in facts), expected)


def overlap(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> bool:
    """Whether two closed periods share a day; None is open."""
    return (first[0] or date.min) <= (second[1] or date.max) and (second[0] or date.min) <= (
        first[1] or date.max
    )
