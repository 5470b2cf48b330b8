"""Migrations: up, down and up again, and equal to the models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from registry.assessment.services.documents import signed_pdf
from registry.container import Registry, open_registry
from registry.models import metadata
from registry.schema_versions import migrate, migrate_down
from tests.support.assessment import World


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


def test_files_that_one_table_alone_names_are_kept(world: World) -> None:
    """Certificates of the foundation had an unsigned file, named in a table that is no more."""
    registry, engine = world.registry, world.registry.engine
    signed, unsigned = world.certificate().id, world.certificate().id
    sha256 = signed_pdf(registry, signed)
    migrate_down(engine, "0002")
    with engine.begin() as connection:
        named = connection.execute(text("SELECT certificate_id, sha256 FROM certificate_file"))
        assert (signed, sha256) in {tuple(row) for row in named}
        connection.execute(
            text(
                "INSERT INTO certificate_file (certificate_id, sha256, size, rendered_at) "
                "SELECT :id, 'abc', 7, rendered_at FROM certificate_file LIMIT 1"
            ),
            {"id": unsigned},
        )
    for _ in range(2):
        migrate(engine)
        assert documents(engine, unsigned) == [("unsigned-pdf", "abc", 7)]
        assert [kind for kind, _, _ in documents(engine, signed)] == ["credential", "pdf"]
        migrate_down(engine, "0002")
    migrate(engine)
    # What was never signed is not handed out.
    assert signed_pdf(registry, unsigned) != "abc"


def documents(engine: Engine, certificate_id: int) -> list[tuple[Any, ...]]:
    """Return kind, SHA-256 and size of each file of a certificate, in the order made."""
    statement = text(
        "SELECT kind, sha256, size FROM certificate_document WHERE certificate_id = :id ORDER BY id"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement, {"id": certificate_id})]
