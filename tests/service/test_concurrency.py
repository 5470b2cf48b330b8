"""Several who write at once: in threads, and in processes of their own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from registry.actor import Actor, system_actor
from registry.catalog.models import Edition, EditionRecord
from registry.catalog.services.editions import approve_edition
from registry.config import PROJECT_ROOT
from registry.container import Registry
from registry.errors import BadTransition, Stale
from registry.journal.models import JournalEntry
from registry.journal.queries import head
from registry.journal.verification import verify
from tests.conftest import ActorMaker
from tests.support.catalogue import SLUG, facts, proposed, row, write_lines

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


WRITER = """
import sys
from registry.actor import system_actor
from registry.config import load_settings
from registry.container import open_registry

registry = open_registry(load_settings())
for count in range({each}):
    with registry.units(system_actor(sys.argv[1])) as uow:
        uow.record("note.add", "note:1", {{"n": count}})
""".format(each=EACH)


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


@pytest.mark.parametrize("known_before", [False, True], ids=["new", "changed"])
def test_the_same_file_imported_by_two_processes_at_once_is_taken_once(
    empty_registry: Registry, tmp_path: Path, known_before: bool
) -> None:
    rows = [row(f"TCVN {number}:2020") for number in range(2_000, 2_400)]
    path = write_lines(tmp_path / "rows.jsonl", rows)
    command = ["-m", "registry", "import", "--national", str(path)]
    if known_before:
        older = [row_ | {"note": "as it was"} for row_ in rows]
        old = write_lines(tmp_path / "older.jsonl", older)
        in_processes(empty_registry, [*command[:-1], str(old)])
    with empty_registry.units.reading() as session:
        before = head(session)
    results = in_processes(empty_registry, command, command)
    assert [code for code, _ in results] == [0, 0], results
    with empty_registry.units.reading() as session:
        assert head(session) == before + len(rows)
        current = select(func.count()).where(EditionRecord.known_until.is_(None))
        assert session.scalar(current) == len(rows)
