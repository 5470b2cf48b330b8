"""Proofs as plain data, and their check by whoever has nothing but the data.

Hashes are hexadecimal, as everywhere in the register; ``checkpoint`` is the
signed note as it was published.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from registry.errors import Conflict, Invalid
from registry.journal import merkle, tree
from registry.journal.checkpoint import Checkpoint, open_checkpoint
from registry.journal.leaf import leaf_hash
from registry.journal.models import JournalCheckpoint
from registry.journal.notes import NoteError, Verifier
from registry.journal.published import checkpoint_of, first_covering
from registry.journal.queries import entry, head
from registry.messages import Message

# A tree of 2**63 leaves is 63 levels high.
_LONGEST = 63


class WrongProof(NoteError):
    """The proof does not lead from this entry to the root that was signed."""


def inclusion_for(session: Session, position: int, size: int | None = None) -> dict[str, Any]:
    """Return the proof that the entry at ``position`` is in the journal.

    Without ``size`` it is proven in the first checkpoint that covers it, and the
    answer never changes; ``Conflict`` while there is none. With ``size`` it is
    proven in the journal's first ``size`` entries, and ``checkpoint`` is ``None``
    unless one was published of that size.

    Shape: ``{"position", "index", "leaf_hash", "size", "root", "path": [hex],
    "checkpoint": str | None}``; ``index`` counts from 0. Raises ``NotFound``
    beyond the journal's end and ``Invalid`` for a size that does not hold the entry.
    """
    found = entry(session, position)
    if size is None:
        published = first_covering(session, position)
        if published is None:
            raise Conflict("No checkpoint covers this entry yet; ask again in a minute.")
        size = published.size
    else:
        _check_size(session, "size", size, at_least=position)
        published = checkpoint_of(session, size)
    connection = session.connection()
    return {
        "position": position,
        "index": position - 1,
        "leaf_hash": found.leaf_hash,
        "size": size,
        "root": tree.root(connection, size).hex(),
        "path": [hashed.hex() for hashed in tree.inclusion_path(connection, position, size)],
        "checkpoint": _note(published),
    }


def consistency_for(session: Session, old: int, new: int) -> dict[str, Any]:
    """Return the proof that the first ``old`` entries begin the first ``new`` ones.

    Shape: ``{"from", "to", "from_root", "to_root", "path": [hex],
    "from_checkpoint", "to_checkpoint": str | None}``. ``Invalid`` names ``from``
    or ``to`` unless ``1 <= from <= to <=`` the journal's last position.
    """
    _check_size(session, "from", old, at_least=1)
    _check_size(session, "to", new, at_least=old)
    connection = session.connection()
    return {
        "from": old,
        "to": new,
        "from_root": tree.root(connection, old).hex(),
        "to_root": tree.root(connection, new).hex(),
        "path": [hashed.hex() for hashed in tree.consistency_path(connection, old, new)],
        "from_checkpoint": _note(checkpoint_of(session, old)),
        "to_checkpoint": _note(checkpoint_of(session, new)),
    }


def verify_inclusion(
    content: bytes, proof: Mapping[str, Any], checkpoint: str, keys: Iterable[Verifier]
) -> tuple[Checkpoint, Verifier]:
    """Check offline that an entry is in the journal that one of ``keys`` signed.

    ``content`` is what the entry's leaf hash is taken over
    (``registry.journal.leaf.leaf_content``), ``proof`` has the members ``index``
    and ``path`` of ``inclusion_for``. Returns what was signed and by which key;
    raises ``WrongProof`` or another ``NoteError`` that says what does not hold.
    """
    signed, key = open_checkpoint(checkpoint, keys)
    index, path = proof.get("index"), proof.get("path")
    if type(index) is not int or not isinstance(path, list) or len(path) > _LONGEST:
        raise WrongProof("it is not an index and a path")
    try:
        hashes = [bytes.fromhex(hashed) for hashed in path]
    except (TypeError, ValueError):
        raise WrongProof("the path is not hexadecimal hashes") from None
    if not merkle.verify_inclusion(leaf_hash(content), index, signed.size, hashes, signed.root):
        raise WrongProof("the path does not lead from this entry to the signed root")
    return signed, key


def proof_file(proof: Mapping[str, Any]) -> str:
    """Return what ``inclusion_for`` gave as a C2SP tlog-proof: one text that needs no other."""
    hashes = [base64.b64encode(bytes.fromhex(hashed)).decode() for hashed in proof["path"]]
    lines = ["c2sp.org/tlog-proof@v1", f"index {proof['index']}", *hashes, "", proof["checkpoint"]]
    return "\n".join(lines)


def _check_size(session: Session, field: str, size: int, *, at_least: int) -> None:
    most = head(session)
    if not at_least <= size <= most:
        message = Message(
            "A whole number from {least} to {most} is needed here.", least=at_least, most=most
        )
        raise Invalid.one(field, message)


def _note(published: JournalCheckpoint | None) -> str | None:
    return published.note if published else None
