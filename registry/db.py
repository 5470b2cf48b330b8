"""Database connection, column types and the declarative base.

SQLite and PostgreSQL behave alike here: foreign keys hold, instants come back
aware and in UTC, and a writing transaction takes its turn before it reads, so
that what it checked is still true when it writes.
"""

import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Executable,
    MetaData,
    Text,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from registry.errors import Busy

# Constraint names are fixed so that migrations can name what they change.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Any one number will do, as long as every writer of this registry takes the same.
_WRITER_LOCK = 7_202_301

# Seconds that a writer waits for its turn, and between two times that it asks for it.
_LONGEST_WAIT = 30
_ASK_AGAIN = 0.001

# Held by the one thread of this process that asks for the writer's turn.
_ASKING = threading.Lock()

_READING = "registry_reading"
_WRITING = "registry_writing"


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which has no zones, holds it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    # JSON columns keep exactly what was put in; nothing is queried inside them.
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute.
        datetime: Instant,
        str: Text,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
    }


def make_engine(url: str) -> Engine:
    """Return an engine for a SQLite or PostgreSQL ``url``."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, connect_args={"timeout": _LONGEST_WAIT, "factory": _ClosingConnection}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "reset", _close_answers)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


class _ClosingConnection(sqlite3.Connection):
    """A connection that knows its cursors, so that none is left open when it goes back.

    An answer that was not read to its end keeps a connection in the past, and from writing,
    for as long as somebody holds it: an exception's traceback does, until it is collected.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.cursors: weakref.WeakSet[sqlite3.Cursor] = weakref.WeakSet()

    def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
        """Return a cursor, as ``sqlite3.Connection`` does."""
        made = super().cursor(factory)
        self.cursors.add(made)
        return made


def _close_answers(connection: _ClosingConnection, *_: Any) -> None:
    for cursor in list(connection.cursors):
        cursor.close()


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def ask(
    session: Session, statement: Executable, asked: Mapping[str, Any]
) -> CursorResult[*tuple[Any, ...]]:
    """Ask for columns, not for objects, past the mapper: that takes a third of the time.

    What the session has not written yet is written first, as the mapper would.
    """
    session.flush()
    return session.connection().execute(statement, asked)


def begin_reading(session: Session) -> None:
    """Start the session's transaction as a reader: all its questions see one snapshot."""
    session.connection(execution_options={_READING: True})


def begin_writing(session: Session) -> None:
    """Start the session's transaction as the one writer.

    Waits for the writer before it: readers are never kept waiting.
    """
    session.connection(execution_options={_WRITING: True})


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # The driver would otherwise open transactions late and close them around DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # A receipt is given out with each commit, so a commit must outlive a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITING):
        _await_turn(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _await_turn(connection: Connection) -> None:
    """Take the writer's turn, or raise ``Busy`` after ``_LONGEST_WAIT`` seconds.

    SQLite's own waiting sleeps longer and longer, up to a tenth of a second, while
    others take the turns: asking again soon keeps the turns short and fair. Threads of
    one process queue up first, so that a process has one of them asking at a time.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    until = time.monotonic() + _LONGEST_WAIT
    with _turn(until):
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    driver.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
                    if time.monotonic() > until:
                        raise _busy() from None
                    time.sleep(_ASK_AGAIN)
                else:
                    return
        finally:
            driver.execute(f"PRAGMA busy_timeout = {int(_LONGEST_WAIT * 1000)}")


@contextmanager
def _turn(until: float) -> Iterator[None]:
    if not _ASKING.acquire(timeout=max(0.0, until - time.monotonic())):
        raise _busy()
    try:
        yield
    finally:
        _ASKING.release()


def _busy() -> Busy:
    return Busy("Many others are changing the register just now; try again in a moment.")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_WRITING):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
    elif options.get(_READING):
        # SQLite's readers have one snapshot anyway; here every statement would have its own.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
