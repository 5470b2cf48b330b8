"""Changes past the program, as somebody with the database in their hands could make them."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text


@contextmanager
def unprotected(engine: Engine) -> Iterator[Connection]:
    """Give a connection for which no trigger and no foreign key holds; commit at the end."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            connection.commit()
            return
        # SQLite heeds this pragma outside of transactions only.
        connection.rollback()
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        yield connection
        connection.commit()
        driver.execute("PRAGMA foreign_keys = ON")
