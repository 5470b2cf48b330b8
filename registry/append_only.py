"""Statements by which the database itself refuses to change or lose history.

Migrations run them; the tests compare what they made with the models.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION registry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def protect(connection: Connection, table: str, fixed_columns: Iterable[str] | None = None) -> None:
    """Make ``table`` refuse DELETE and UPDATE.

    With ``fixed_columns`` only those may not change, and a fact's
    ``known_until`` may be set once, from NULL.
    """
    columns = None if fixed_columns is None else ", ".join(f'"{name}"' for name in fixed_columns)
    changed = "UPDATE" if columns is None else f"UPDATE OF {columns}"
    _refuse(connection, table, "delete", "DELETE")
    _refuse(connection, table, "update", changed)
    if columns is not None:
        _refuse(
            connection,
            table,
            "reopen",
            'UPDATE OF "known_until"',
            "OLD.known_until IS NOT NULL OR NEW.known_until IS NULL",
        )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse()"
        )


def prepare(connection: Connection) -> None:
    """Create what the triggers of this database need."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL_FUNCTION.replace("%", "%%"))


def remove(connection: Connection) -> None:
    """Remove what ``prepare`` made; the triggers go with their tables."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS registry_refuse() CASCADE")


def _refuse(
    connection: Connection, table: str, name: str, change: str, condition: str | None = None
) -> None:
    when = f" WHEN ({condition})" if condition else ""
    if connection.dialect.name == "postgresql":
        body = "EXECUTE FUNCTION registry_refuse()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_no_{name} BEFORE {change} ON {table} FOR EACH ROW{when} {body}"
    )
