"""Migrations: up, down and up again, and equal to the models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from registry.container import Registry, open_registry
from registry.models import metadata
from registry.schema_versions import migrate, migrate_down


@pytest.fixture
def engine(databases: Any, tmp_path: Path) -> Iterator[Engine]:
    """The engine of a database without any table."""
    settings = databases.blank(tmp_path)
    opened = open_registry(settings).engine
    yield opened
    opened.dispose()
    databases.drop(settings.database_url)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def functions_and_triggers(engine: Engine) -> int:
    statement = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    if engine.dialect.name == "postgresql":
        statement = (
            "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) + "
            "(SELECT count(*) FROM pg_proc WHERE proname LIKE 'registry%')"
        )
    with engine.connect() as connection:
        return connection.scalar(text(statement)) or 0


def test_up_down_and_up_again(engine: Engine) -> None:
    migrate(engine)
    expected = set(metadata.tables)
    assert tables(engine) == expected
    made = functions_and_triggers(engine)
    assert made > 0
    migrate_down(engine)
    assert tables(engine) == set()
    assert functions_and_triggers(engine) == 0
    migrate(engine)
    assert tables(engine) == expected
    assert functions_and_triggers(engine) == made


def test_migrating_again_changes_nothing(empty_registry: Registry) -> None:
    before = functions_and_triggers(empty_registry.engine)
    migrate(empty_registry.engine)
    assert functions_and_triggers(empty_registry.engine) == before


def test_a_filled_register_can_be_taken_down(empty_registry: Registry) -> None:
    migrate_down(empty_registry.engine)
    assert tables(empty_registry.engine) == set()


def test_models_and_migrations_are_equal(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
