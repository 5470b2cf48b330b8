"""State machines as tables, run by one function that also writes the journal entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from registry.actor import Actor
from registry.errors import BadTransition
from registry.history import Fact
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a state table: from which states an action leads where, for whom."""

    sources: frozenset[str]
    target: str
    permission: str


class StatefulFact(Protocol):
    """A fact row with the state it gives its subject."""

    state: Any


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class StateMachine:
    """``{action: Transition}`` for one kind of subject ("edition", "application")."""

    subject_kind: str
    transitions: Mapping[str, Transition]

    def check(self, action: str, state: str, actor: Actor) -> str:
        """Return the state that ``action`` leads to.

        The permission is checked before the state, so that somebody who may not
        act learns nothing about where the subject stands.
        """
        transition = self.transitions[action]
        actor.require(transition.permission)
        if state not in transition.sources:
            raise BadTransition(
                Message(
                    "“{action}” is not possible while the state is “{state}”.",
                    action=action,
                    state=state,
                )
            )
        return transition.target

    def actions_from(self, state: str, actor: Actor) -> list[str]:
        """Return the actions that ``actor`` could take from ``state``, in table order."""
        return [
            action
            for action, transition in self.transitions.items()
            if state in transition.sources and actor.may(transition.permission)
        ]


def perform(
    uow: UnitOfWork,
    machine: StateMachine,
    action: str,
    subject_id: int,
    record: F,
    *,
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    sealed: Mapping[str, Any] | None = None,
) -> F:
    """Take ``action`` on a subject whose present facts are ``record``.

    Checks permission, then state; journals "<kind>.<action>"; closes ``record``
    and returns the row that takes its place, with the new state and ``changes``.
    """
    state: str = record.state  # type: ignore[attr-defined]
    target = machine.check(action, state, uow.actor)
    position = uow.record(
        f"{machine.subject_kind}.{action}",
        f"{machine.subject_kind}:{subject_id}",
        {"state": target, **(data or {})},
        sealed,
    )
    revised = record.revised(state=target, **(changes or {}))
    uow.replace(record, revised, position)
    uow.session.flush()
    return revised
