"""Several who write at once: in threads, and in processes of their own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from registry.actor import Actor, system_actor
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import import_rows
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.services.editions import approve_edition
from registry.config import PROJECT_ROOT
from registry.container import Registry
from registry.errors import BadTransition, Stale
from registry.journal.audit import audit
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.journal.verification import verify
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory
from tests.conftest import ActorMaker
from tests.support.catalogue import SLUG, facts, imported, proposed, row

ACTOR = system_actor("test")
WRITERS, EACH = 8, 12


def at_once(work: Callable[[int], object], count: int) -> list[object]:
    """Run ``work`` in ``count`` threads that start together; return results or errors."""
    barrier = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def positions(registry: Registry) -> list[int]:
    with registry.units.reading() as session:
        assert list(verify(session)) == []
        assert list(audit(session)) == []
        return list(session.scalars(select(JournalEntry.position).order_by(JournalEntry.position)))


def test_positions_have_no_gaps_under_many_writers(empty_registry: Registry) -> None:
    start = len(positions(empty_registry))

    def write(number: int) -> list[int]:
        mine = []
        for count in range(EACH):
            with empty_registry.units(ACTOR) as uow:
                entries = [("note.add", f"note:{number}", {"n": count})] * (1 + count % 2)
                mine.append(uow.record_many(entries))
        return mine

    results = at_once(write, WRITERS)
    assert not [result for result in results if isinstance(result, Exception)]
    end = start + WRITERS * (EACH + EACH // 2)
    assert positions(empty_registry) == list(range(1, end + 1))


def test_a_writer_that_fails_leaves_no_gap(empty_registry: Registry) -> None:
    start = len(positions(empty_registry))

    def write(number: int) -> None:
        with empty_registry.units(ACTOR) as uow:
            uow.record("note.add", f"note:{number}", {})
            if number % 2:
                raise ZeroDivisionError

    results = at_once(write, WRITERS)
    assert [type(r) for r in results] == [type(None), ZeroDivisionError] * (WRITERS // 2)
    assert positions(empty_registry) == list(range(1, start + WRITERS // 2 + 1))


WRITER = f"""
import sys
from registry.actor import system_actor
from registry.config import load_settings
from registry.container import open_registry

registry = open_registry(load_settings())
for count in range({EACH}):
    with registry.units(system_actor(sys.argv[1])) as uow:
        uow.record("note.add", "note:1", {{"n": count}})
"""


def in_processes(registry: Registry, *commands: list[str]) -> list[tuple[int, str]]:
    """Run Python commands on ``registry``, all at once; return exit codes and output."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        "REGISTRY_DATA_DIR": str(registry.settings.data_dir),
        "REGISTRY_DATABASE_URL": registry.settings.database_url,
    }
    running = [
        subprocess.Popen(
            [sys.executable, *command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for command in commands
    ]
    return [(process.wait(), process.communicate()[0]) for process in running]


def test_positions_have_no_gaps_under_two_processes(empty_registry: Registry) -> None:
    start = len(positions(empty_registry))
    results = in_processes(empty_registry, ["-c", WRITER, "one"], ["-c", WRITER, "two"])
    assert results == [(0, ""), (0, "")]
    assert positions(empty_registry) == list(range(1, start + 2 * EACH + 1))


def test_of_two_approvals_at_once_exactly_one_succeeds(
    registry: Registry, acting: ActorMaker
) -> None:
    proposed(registry, acting("editor"))
    looked_at = facts(registry, SLUG, drafts=True).record.known_from
    approvers: list[Actor] = [acting("approver") for _ in range(4)]

    def approve(number: int) -> Edition:
        with registry.units(approvers[number]) as uow:
            # Half of them say which version they looked at, half do not.
            return approve_edition(uow, SLUG, looked_at if number % 2 else None)

    results = at_once(approve, len(approvers))
    assert len([result for result in results if isinstance(result, Edition)]) == 1
    refused = [result for result in results if not isinstance(result, Edition)]
    assert all(isinstance(result, (Stale, BadTransition)) for result in refused), refused
    with registry.units.reading() as session:
        approved = session.scalars(
            select(JournalEntry.actor).where(JournalEntry.action == "edition.approve")
        ).all()
    winner = next(n for n, result in enumerate(results) if isinstance(result, Edition))
    assert approved == [approvers[winner].reference]


class Overtaken:
    """Units of work that somebody else overtakes: their import comes in between."""

    def __init__(self, registry: Registry, rows: list[dict[str, Any]]) -> None:
        self.registry = registry
        self.rows = rows
        self.reading = registry.units.reading

    def __call__(self, actor: Actor) -> AbstractContextManager[UnitOfWork]:
        assert imported(self.registry, self.rows).bad == 0
        return self.registry.units(actor)


@pytest.mark.parametrize("known_before", [False, True], ids=["new", "changed"])
def test_the_same_rows_imported_twice_at_once_are_taken_once(
    empty_registry: Registry, known_before: bool
) -> None:
    rows = [row(f"TCVN {number}:2020") for number in range(2_000, 2_050)]
    if known_before:
        imported(empty_registry, [{**item, "note": "as it was"} for item in rows])
    with empty_registry.units.reading() as session:
        before = head(session)
    overtaken = cast(UnitOfWorkFactory, Overtaken(empty_registry, rows))
    numbered = [Row(number, item) for number, item in enumerate(rows, start=1)]
    report = import_rows(overtaken, ACTOR, numbered, national=True)
    assert (report.rows, report.new, report.changed, report.unchanged) == (50, 0, 0, 50)
    with empty_registry.units.reading() as session:
        assert head(session) == before + len(rows)
        current = select(func.count()).where(EditionRecord.known_until.is_(None))
        assert session.scalar(current) == len(rows)
