"""The ``registry`` command: what it prints, how it exits, and what a second run does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registry.cli import main
from registry.clock import FixedClock
from registry.config import PROJECT_ROOT
from registry.container import Registry, open_registry
from registry.journal.queries import head
from registry.search.engine import SearchRequest
from registry.search.store import Store
from tests.support.catalogue import row, write_lines
from tests.support.tampering import unprotected


@pytest.fixture
def fresh(databases: Any, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """A registry on a database without any table."""
    settings = databases.blank(tmp_path)
    registry = open_registry(settings, clock)
    yield registry
    registry.engine.dispose()
    databases.drop(settings.database_url)


def run(registry: Registry, *arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], obj=registry)
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def end(registry: Registry) -> int:
    with registry.units.reading() as session:
        return head(session)


def test_init_sets_up_once_and_changes_nothing_again(fresh: Registry) -> None:
    first = run(fresh, "init")
    assert "new" in first.output
    assert str(fresh.settings.data_dir) in first.output
    before = end(fresh)
    assert before > 300
    request = SearchRequest("camera giam sat", {}, (), fresh.clock.today())
    assert fresh.search.search(request).total > 0
    again = run(fresh, "init")
    assert again.output == f"The registry is ready in {fresh.settings.data_dir}.\n"
    assert end(fresh) == before


@pytest.mark.parametrize("command", [("reindex",), ("journal", "verify"), ("drift",)])
def test_a_database_that_was_never_set_up_is_one_clear_line(
    fresh: Registry, command: tuple[str, ...]
) -> None:
    result = run(fresh, *command, code=1)
    assert "registry init" in result.output


def test_init_leaves_a_locked_index_to_catch_up(fresh: Registry) -> None:
    with Store(fresh.settings.index_dir).writing():
        assert "catch up" in run(fresh, "init").output
    run(fresh, "init")
    assert fresh.search.position() == end(fresh)


def test_import_says_what_it_did_and_what_is_wrong(
    empty_registry: Registry, tmp_path: Path
) -> None:
    rows = [row("TCVN 1:2000"), row("TCVN 2:2000", issued="soon"), "{", row("TCVN 1 : 2000")]
    path = write_lines(tmp_path / "rows.jsonl", rows)
    first = run(empty_registry, "import", "--national", path)
    assert "4 rows: 1 new, 0 changed, 0 unchanged, 3 not taken" in first.stdout
    assert "row 2, issued:" in first.stdout
    assert "(soon)" in first.stdout
    assert "row 3, line: not JSON" in first.stdout
    assert "row 4, designation: This is the same edition as row 1" in first.stdout
    again = run(empty_registry, "import", "--national", path)
    assert "0 new, 0 changed, 1 unchanged, 3 not taken" in again.stdout


def test_bad_rows_are_printed_whatever_is_in_them(empty_registry: Registry, tmp_path: Path) -> None:
    line = r'{"designation": "TCVN 1:2000", "titles": {"vi": "a\ud800\u001b[2J"}, "kind": "x"}'
    path = write_lines(tmp_path / "rows.jsonl", [line])
    result = run(empty_registry, "import", path)
    assert "row 1, titles.vi" in result.stdout
    assert "\x1b" not in result.stdout


def test_only_the_first_of_many_bad_rows_are_printed(
    empty_registry: Registry, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "rows.jsonl", ["{"] * 30)
    result = run(empty_registry, "import", path)
    assert result.stdout.count("not JSON") == 20
    assert "… and 10 more" in result.stdout


def test_export_writes_the_list(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    run(registry, "export", "national", "--output", path)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert "QCVN 135:2024/BTTTT" in {record["designation"] for record in records}
    assert run(registry, "export", "followed", "--form", "csv").stdout.count("\n") > 100
    run(registry, "export", "everything", code=2)


def test_reindex_builds_the_index(registry: Registry) -> None:
    registry.search.apply([], ["edition:1"], end(registry))
    result = run(registry, "reindex")
    assert f"journal position {end(registry)}." in result.stdout
    request = SearchRequest("", {}, (), registry.clock.today(), limit=1_000)
    assert "edition:1" in registry.search.search(request).subjects


def test_reindex_while_another_writes_asks_to_try_again(registry: Registry) -> None:
    with Store(registry.settings.index_dir).writing():
        result = run(registry, "reindex", code=1)
    assert "someone else" in result.stderr


def test_verify_exits_by_what_it_finds(registry: Registry) -> None:
    last = end(registry)
    assert run(registry, "journal", "verify").stdout == f"Positions 1 to {last} verified.\n"
    with unprotected(registry.engine) as connection:
        connection.exec_driver_sql("UPDATE journal_entry SET actor = 'user:1' WHERE position = 7")
    result = run(registry, "journal", "verify", code=1)
    assert "position 7: the leaf hash" in result.stderr
    assert f"1 faults in positions 1 to {last}" in result.stderr
    run(registry, "journal", "verify", "--from", "8")


def test_demo_prints_how_to_sign_in_once(registry: Registry) -> None:
    first = run(registry, "demo").stdout
    lines = [line for line in first.splitlines() if line.startswith("  ")]
    assert len(lines) >= 8
    passwords = {line.split()[1] for line in lines}
    assert len(passwords) == len(lines)
    before = end(registry)
    assert run(registry, "demo").stdout == ""
    assert end(registry) == before
    run(registry, "journal", "verify")


@pytest.mark.parametrize(
    ("name", "value"), [("REGISTRY_LANGUAGE", "xx"), ("REGISTRY_TIME_ZONE", "Mars/Base")]
)
def test_a_bad_setting_is_one_clear_line(tmp_path: Path, name: str, value: str) -> None:
    environment = {"REGISTRY_DATA_DIR": str(tmp_path), name: value}
    result = CliRunner(env=environment).invoke(main, ["journal", "verify"])
    assert result.exit_code == 1
    assert f"{name}: " in result.stderr
    assert "Traceback" not in result.stderr


def test_it_runs_as_a_program(registry: Registry) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT_ROOT),
        "REGISTRY_DATA_DIR": str(registry.settings.data_dir),
        "REGISTRY_DATABASE_URL": registry.settings.database_url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "registry", "journal", "verify"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Positions 1 to {end(registry)} verified.\n"
