"""A journal entry as programs get it."""

from typing import Any

from registry.journal.leaf import format_instant
from registry.journal.queries import EntryView


def public_entry(row: EntryView) -> dict[str, Any]:
    """Return an entry as programs get it: what was hashed, and the hash."""
    public: dict[str, Any] = {
        "position": row.position,
        "recorded_at": format_instant(row.recorded_at),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "data": row.data,
        "hash_version": row.hash_version,
        "leaf_hash": row.leaf_hash,
    }
    if row.sealed_digest is not None:
        public["sealed"] = row.sealed_digest
    return public
