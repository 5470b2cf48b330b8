"""A journal with notes in it, and a key that signs it."""

from collections.abc import Sequence

from sqlalchemy import select

from registry.actor import system_actor
from registry.container import Registry
from registry.journal.keys import trial_signer
from registry.journal.models import JournalEntry
from registry.journal.published import latest_checkpoint
from registry.journal.publishing import publish_checkpoint

ACTOR = system_actor("test")


def note(registry: Registry, count: int = 1) -> None:
    """Record ``count`` entries in one unit of work."""
    with registry.units(ACTOR) as uow:
        uow.record_many([("note.add", f"note:{number}", {}) for number in range(count)])


def leaf_hashes(registry: Registry) -> list[bytes]:
    """Return the leaf hash of every entry, in order."""
    with registry.units.reading() as session:
        hashes = select(JournalEntry.leaf_hash).order_by(JournalEntry.position)
        return list(session.scalars(hashes))


def published(registry: Registry) -> str:
    """Sign the journal as it stands with the trial key; return the checkpoint."""
    publish_checkpoint(registry.units, trial_signer(registry.settings))
    with registry.units.reading() as session:
        found = latest_checkpoint(session)
    assert found is not None
    return found.note


def hexadecimal(hashes: Sequence[bytes]) -> list[str]:
    return [hashed.hex() for hashed in hashes]
