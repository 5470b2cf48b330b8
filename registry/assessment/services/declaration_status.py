"""Suspends, reinstates and withdraws registered declarations of conformity."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import Declaration, DeclarationEvent
from registry.assessment.services.checks import check_latest, refuse_own_matter
from registry.assessment.services.declarations import load_declaration
from registry.assessment.status import status_on
from registry.errors import Conflict, Invalid
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


def change_declaration(
    uow: UnitOfWork,
    action: str,
    number: str,
    data: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> Declaration:
    """Let "suspend", "reinstate" or "withdraw" befall a registered declaration from a day on.

    Data as ``StatusChangeSchema`` loads it. Raises ``BadTransition`` for what contradicts
    its status on the day, ``Invalid`` on "effective_on" for a day before the last event.
    """
    uow.actor.require(states.DECLARATION_STATUS.transitions[action].permission)
    declaration, record = load_declaration(uow, number)
    refuse_own_matter(uow, declaration.organisation_id)
    if record.state != states.REGISTERED:
        raise Conflict(Message("This declaration is not registered."))
    events = list(
        uow.session.scalars(
            select(DeclarationEvent)
            .where(DeclarationEvent.declaration_id == declaration.id, known(DeclarationEvent))
            .order_by(DeclarationEvent.id)
        )
    )
    check_latest(events, expected)
    day = data["effective_on"]
    if day < max(event.effective_on for event in events):
        raise Invalid.one("effective_on", Message("This day lies before the last event recorded."))
    own = status_on(declaration, events, day)
    kind = states.DECLARATION_STATUS.check(action, own.key, uow.actor)
    position = uow.record(
        f"declaration.{action}",
        f"declaration:{declaration.id}",
        {"number": declaration.number, **data},
    )
    uow.add(
        DeclarationEvent(
            declaration_id=declaration.id,
            kind=kind,
            effective_on=day,
            reason=data["reason"],
            decided_by_user_id=uow.actor.user_id,
        ),
        position=position,
    )
    uow.session.flush()
    return declaration
