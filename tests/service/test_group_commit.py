"""Changes of several who wait, in one transaction: nobody's fault is another's loss."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
from sqlalchemy import event, select

from registry.actor import Actor, system_actor
from registry.container import Registry
from registry.errors import Busy, Conflict
from registry.group_commit import MOST, GroupCommit
from registry.journal.audit import audit
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.journal.verification import verify
from registry.unit_of_work import UnitOfWork

WHO: ContextVar[str] = ContextVar("who")


class Crowd:
    """Threads that all come while the first one's change is still being made."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.together = GroupCommit(registry.units)
        self.results: dict[str, Any] = {}
        self.commits = 0
        event.listen(registry.engine, "commit", self._count)

    def come(self, works: dict[str, Callable[[UnitOfWork], Any]]) -> None:
        """Let each actor come with its work, the first of them alone, the others meanwhile."""
        entered, go_on = threading.Event(), threading.Event()

        def first(_: UnitOfWork) -> None:
            entered.set()
            assert go_on.wait(10)

        threads = [threading.Thread(target=self._one, args=("first", first))]
        threads[0].start()
        assert entered.wait(10)
        for name, work in works.items():
            threads.append(threading.Thread(target=self._one, args=(name, work)))
            threads[-1].start()
        while len(self.together._waiting) < len(works):
            assert all(thread.is_alive() for thread in threads)
        self.commits = 0
        go_on.set()
        for thread in threads:
            thread.join()

    def _one(self, name: str, work: Callable[[UnitOfWork], Any]) -> None:
        WHO.set(name)
        try:
            self.results[name] = self.together(system_actor(name), work)
        except BaseException as error:
            self.results[name] = error

    def _count(self, _connection: object) -> None:
        self.commits += 1


@pytest.fixture
def crowd(empty_registry: Registry) -> Crowd:
    return Crowd(empty_registry)


def note(uow: UnitOfWork) -> tuple[int, str, str]:
    """Journal who acts; return the position, the unit's actor and the caller's context."""
    position = uow.record("note.add", f"note:{uow.actor.name}", {})
    assert [receipt.position for receipt in uow.receipts] == [position]
    return position, uow.actor.reference, WHO.get()


def fail(uow: UnitOfWork) -> None:
    uow.record("note.add", "note:bad", {})
    raise Conflict("The change is refused.")


def written(crowd: Crowd, after: int) -> dict[str, int]:
    """Return position by actor of what was written; the journal must verify."""
    with crowd.registry.units.reading() as session:
        assert list(verify(session)) == []
        assert list(audit(session)) == []
        rows = session.execute(
            select(JournalEntry.actor, JournalEntry.position).where(JournalEntry.position > after)
        )
        return {row.actor: row.position for row in rows}


def last(crowd: Crowd) -> int:
    with crowd.registry.units.reading() as session:
        return head(session)


def test_those_who_wait_share_a_commit_and_each_acts_as_themselves(crowd: Crowd) -> None:
    before = last(crowd)
    names = [f"n{number}" for number in range(5)]
    crowd.come(dict.fromkeys(names, note))
    # The first one's commit, and one for all who came meanwhile.
    assert crowd.commits == 2
    found = written(crowd, before)
    assert sorted(found.values()) == list(range(before + 1, before + 6))
    for name in names:
        reference = system_actor(name).reference
        assert crowd.results[name] == (found[reference], reference, name)


def test_one_that_fails_is_told_and_the_others_are_written(crowd: Crowd) -> None:
    before = last(crowd)
    crowd.come({"good": note, "bad": fail, "better": note})
    assert isinstance(crowd.results["bad"], Conflict)
    found = written(crowd, before)
    assert found.keys() == {system_actor(name).reference for name in ("good", "better")}
    assert sorted(found.values()) == [before + 1, before + 2]


def test_a_group_is_not_larger_than_others_can_wait_for(crowd: Crowd) -> None:
    before = last(crowd)
    crowd.come({f"n{number}": note for number in range(MOST + 1)})
    assert crowd.commits == 3
    assert len(written(crowd, before)) == MOST + 1


def test_without_the_writers_turn_nobody_waits_twice(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def busy(_units: object, _actor: Actor) -> Any:
        nonlocal tries
        tries += 1
        raise Busy("Many others are changing the register just now; try again in a moment.")

    def work(uow: UnitOfWork) -> None:
        monkeypatch.setattr(type(crowd.registry.units), "__call__", busy)

    crowd.together(system_actor("before"), work)
    changes = [threading.Thread(target=crowd._one, args=(name, note)) for name in ("a", "b")]
    with crowd.together._turn:
        for change in changes:
            change.start()
        while len(crowd.together._waiting) < len(changes):
            pass
    for change in changes:
        change.join()
    assert tries == 1
    assert all(isinstance(crowd.results[name], Busy) for name in ("a", "b"))
