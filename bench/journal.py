"""The journal's tree at a million entries: appending, proving, signing, beside plain hashing."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from bench.report import heading, spread, table
from registry.actor import system_actor
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.journal import merkle, tree
from registry.journal.audit import audit
from registry.journal.keys import trial_signer
from registry.journal.models import JournalEntry
from registry.journal.publishing import publish_checkpoint
from registry.journal.queries import head
from registry.schema_versions import migrate

ENTRIES = 1_000_000
_BATCH = 1_000
_TRIES = 200
_ACTOR = system_actor("bench")
# As long as the data of an imported edition.
_DATA = b'{"title":"%s"}' % (b"x" * 400)


def run(folder: Path, entries: int = ENTRIES) -> None:
    """Fill a journal on SQLite and print what each operation takes at its end."""
    heading(f"Journal of {entries:,} entries (SQLite)")
    registry = open_registry(load_settings({"REGISTRY_DATA_DIR": str(folder / "journal")}))
    migrate(registry.engine)
    filling = _seconds(lambda: _fill(registry, entries))
    with registry.units.reading() as session:
        size = head(session)
        leaves = _leaves(session)
    hashing = _seconds(lambda: merkle.root(leaves))
    extending = _seconds(lambda: _extend(registry, leaves[:_BATCH]))
    print(f"filled in {filling:.0f} s; plain root over the same leaves in memory {hashing:.2f} s")
    with registry.units.reading() as session:
        connection = session.connection()
        rows = [
            ("one entry, committed", _spread(lambda: _append(registry, 1)), "–"),
            ("1,000 entries, committed", _spread(lambda: _append(registry, _BATCH), 10), "–"),
            ("  of which tree nodes", f"{extending * 1000:.2f}", _times(extending, leaves)),
            ("inclusion proof", _spread(lambda: _inclusion(connection, size)), "≤ 5 ms"),
            ("consistency proof", _spread(lambda: _consistency(connection, size)), "≤ 5 ms"),
            ("root", _spread(lambda: tree.root(connection, size)), "–"),
        ]
    signer = trial_signer(registry.settings)
    rows.append(("checkpoint", _spread(lambda: publish_checkpoint(registry.units, signer), 1), "–"))
    table(("", "ms: median (least–most)", "beside"), rows)
    with registry.units.reading() as session:
        auditing = _seconds(lambda: [*audit(session)])
    print(f"recomputing tree and checkpoints: {auditing:.1f} s, {auditing / hashing:.1f} × hashing")
    registry.engine.dispose()


def _fill(registry: Registry, entries: int) -> None:
    for _ in range(entries // _BATCH):
        _append(registry, _BATCH)


def _append(registry: Registry, count: int) -> None:
    with registry.units(_ACTOR) as uow:
        uow.record_many([("note.add", "note:1", _DATA)] * count)


def _extend(registry: Registry, leaves: list[bytes]) -> None:
    """Write the nodes of a batch, at a place where nothing stands yet, and take them back."""
    with registry.units.sessions() as session:
        tree.extend(session.connection(), 1 << 30, leaves)
        session.rollback()


def _leaves(session: Session) -> list[bytes]:
    hashes = select(JournalEntry.leaf_hash).order_by(JournalEntry.position)
    return list(session.scalars(hashes))


def _inclusion(connection: Connection, size: int) -> None:
    tree.inclusion_path(connection, 1 + secrets.randbelow(size), size)


def _consistency(connection: Connection, size: int) -> None:
    tree.consistency_path(connection, 1 + secrets.randbelow(size), size)


def _times(seconds: float, leaves: list[bytes]) -> str:
    plain = _seconds(lambda: merkle.root(leaves[:_BATCH]))
    return f"{seconds / plain:.1f} × hashing them"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _spread(work: Callable[[], object], tries: int = _TRIES) -> str:
    return spread([_seconds(work) * 1000 for _ in range(tries)])
