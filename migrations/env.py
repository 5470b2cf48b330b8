"""Alembic environment: the connection comes from the registry's own settings."""

from alembic import context

from registry.db import Instant
from registry.models import metadata


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our column types as plain SQL types: a migration must outlive our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
