"""Changes of several who wait at the same time, made in one transaction.

The turn as the writer, the transaction around it and the wait for the disk cost as much as
a short change itself. Whoever comes while another thread of the process writes queues up;
the next to write makes the changes of all who queue, and commits them together. An answer
still waits for the commit that holds its change (ADR 27).
"""

import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any, TypeVar

from registry.actor import Actor
from registry.errors import Busy
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

T = TypeVar("T")

# How many changes one transaction holds at most: others who write wait for it.
MOST = 16


class GroupCommit:
    """Makes changes; those that wait at the same time share a transaction."""

    def __init__(self, units: UnitOfWorkFactory) -> None:
        self._units = units
        self._waiting: deque[_Change] = deque()
        self._turn = threading.Lock()

    def __call__(self, actor: Actor, work: Callable[[UnitOfWork], T]) -> T:
        """Let ``actor`` change the register by ``work``; return what that returns.

        On return the change is durable. What ``work`` raises is raised here, and is
        nobody else's loss. ``work`` may run in another thread, in a copy of this one's
        context, and runs again when another change of its group fails: it must not
        change anything but what its unit of work holds.
        """
        change = _Change(actor, work)
        self._waiting.append(change)
        while not change.settled:
            with self._turn:
                if not change.settled:
                    self._make(self._next_group())
        result: T = change.outcome()
        return result

    def _next_group(self) -> list["_Change"]:
        return [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]

    def _make(self, group: list["_Change"]) -> None:
        try:
            with self._units(group[0].actor) as uow:
                for change in group:
                    if change is not group[0]:
                        uow.next_change(change.actor)
                    change.run(uow)
        except BaseException as error:
            # Without the writer's turn each alone would wait as long again.
            if len(group) == 1 or isinstance(error, Busy) or not isinstance(error, Exception):
                for change in group:
                    change.fail(error)
            else:
                for change in group:
                    self._make([change])
        else:
            for change in group:
                change.settled = True


class _Change:
    """A change that somebody waits for."""

    def __init__(self, actor: Actor, work: Callable[[UnitOfWork], Any]) -> None:
        self.actor = actor
        self.settled = False
        self._work = work
        self._context: Context = copy_context()
        self._result: Any = None
        self._error: BaseException | None = None

    def run(self, uow: UnitOfWork) -> None:
        self._result = self._context.run(self._work, uow)

    def fail(self, error: BaseException) -> None:
        self._error = error
        self.settled = True

    def outcome(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result
