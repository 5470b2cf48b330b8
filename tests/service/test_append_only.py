"""The database itself refuses to change or lose history."""

from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import Engine, Executable, Table, delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from registry.container import Registry
from registry.db import Base
from registry.history import Fact
from registry.models import metadata
from tests.support.assessment import World

# Tables of which no row ever changes.
FIXED = {
    "journal_entry",
    "journal_seal",
    "journal_node",
    "journal_checkpoint",
    "foreign_laboratory",
    "foreign_result",
    "report",
    "report_request",
    "report_request_content",
    "report_attachment",
    "certificate",
    "certificate_number",
    "certificate_document",
    "status_index",
    "declaration",
    "information_answer_file",
    "declaration_document",
    "declaration_edition",
    "declaration_registration",
}


def fact_tables() -> list[Table]:
    """Return the table of every mapped fact: a new one is in here by itself."""
    mappers = Base.registry.mappers
    tables = [m.local_table for m in mappers if issubclass(m.class_, Fact)]
    return sorted((t for t in tables if isinstance(t, Table)), key=lambda table: table.name)


def triggers(engine: Engine) -> dict[str, set[tuple[str, str]]]:
    """Return what the triggers of each table are for: ("update", column), ("delete", "") …"""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            rows = connection.execute(
                text(
                    "SELECT c.relname, t.tgtype, a.attname FROM pg_trigger t "
                    "JOIN pg_class c ON c.oid = t.tgrelid "
                    "LEFT JOIN pg_attribute a "
                    "ON a.attrelid = c.oid AND a.attnum = ANY (t.tgattr) "
                    "WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
                )
            )
            for table, kind, column in rows:
                for bit, name in ((8, "delete"), (16, "update"), (32, "truncate")):
                    if kind & bit:
                        found[table].add((name, column or ""))
            return found
        rows = connection.execute(
            text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        for table, statement in rows:
            change = statement.partition("BEFORE ")[2].partition(" ON ")[0]
            kind, _, columns = change.partition(" OF ")
            for column in columns.split(", "):
                found[table].add((kind.lower(), column.strip('"')))
    return found


def must_refuse(registry: Registry, statement: Executable | str) -> None:
    what = text(statement) if isinstance(statement, str) else statement
    with (
        registry.engine.connect() as connection,
        pytest.raises(DatabaseError, match="is append-only"),
    ):
        connection.execute(what)


def test_there_are_facts_in_every_part_of_the_register() -> None:
    assert {"edition_record", "term", "role_grant", "certificate_event"} <= {
        table.name for table in fact_tables()
    }


@pytest.mark.parametrize("table", fact_tables(), ids=lambda table: table.name)
def test_a_fact_may_only_be_ended(empty_registry: Registry, table: Table) -> None:
    expected = {("update", column.name) for column in table.columns} | {("delete", "")}
    if empty_registry.engine.dialect.name == "postgresql":
        expected.add(("truncate", ""))
    assert triggers(empty_registry.engine)[table.name] == expected


@pytest.mark.parametrize("name", sorted(FIXED))
def test_fixed_rows_refuse_every_change(empty_registry: Registry, name: str) -> None:
    expected = {("update", ""), ("delete", "")}
    if empty_registry.engine.dialect.name == "postgresql":
        expected.add(("truncate", ""))
    assert triggers(empty_registry.engine)[name] == expected


def test_the_database_refuses_what_the_triggers_are_for(world: World) -> None:
    registry = world.registry
    tables = [*fact_tables(), *(metadata.tables[name] for name in sorted(FIXED))]
    tried = 0
    for table in tables:
        with registry.engine.connect() as connection:
            if connection.execute(select(table).limit(1)).first() is None:
                continue
        tried += 1
        must_refuse(registry, delete(table))
        for column in table.columns:
            if column.name != "known_until":
                must_refuse(registry, update(table).values({column: column}))
        if registry.engine.dialect.name == "postgresql":
            must_refuse(registry, f"TRUNCATE {table.name} CASCADE")
    assert tried > 20


def test_known_until_is_set_once(empty_registry: Registry) -> None:
    end = "UPDATE term SET known_until = {} WHERE id = 1"
    with empty_registry.engine.begin() as connection:
        assert connection.execute(text(end.format(1))).rowcount == 1
    must_refuse(empty_registry, end.format(2))
    must_refuse(empty_registry, end.format(1))
    must_refuse(empty_registry, end.format("NULL"))


def test_a_fact_is_not_reopened_by_the_way(empty_registry: Registry) -> None:
    must_refuse(empty_registry, "UPDATE term SET known_until = NULL WHERE id = 1")
    must_refuse(empty_registry, "UPDATE term SET known_until = 1, labels = '{}' WHERE id = 1")


def test_every_fact_names_the_entries_that_recorded_and_ended_it() -> None:
    for table in fact_tables():
        targets: dict[str, Any] = {
            key.parent.name: key.target_fullname for key in table.foreign_keys
        }
        assert targets["known_from"] == targets["known_until"] == "journal_entry.position"
        assert not table.columns["known_from"].nullable


def test_a_fact_cannot_end_with_an_entry_that_is_not_there(empty_registry: Registry) -> None:
    with empty_registry.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE term SET known_until = 999999 WHERE id = 1"))
