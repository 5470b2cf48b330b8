"""Brings a database to the schema of this release, or back, by Alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from registry.config import MIGRATION_FOLDER


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade the database to ``revision``; does nothing when it is there already."""
    _run(engine, command.upgrade, revision)


def migrate_down(engine: Engine, revision: str = "base") -> None:
    """Downgrade the database to ``revision``. Facts recorded since are lost with their tables."""
    _run(engine, command.downgrade, revision)


def make_revision(engine: Engine, message: str) -> None:
    """Write a new migration that takes the database to the models as they are now."""
    with engine.connect() as connection:
        number = len(list((MIGRATION_FOLDER / "versions").glob("*.py"))) + 1
        command.revision(
            _config(connection), message=message, autogenerate=True, rev_id=f"{number:04}"
        )


def _run(engine: Engine, step: object, revision: str) -> None:
    with engine.connect() as connection:
        step(_config(connection), revision)  # type: ignore[operator]
        connection.commit()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATION_FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
