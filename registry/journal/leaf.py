"""What exactly is hashed, by version, so that old entries stay verifiable for ever."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from registry.canonical import canonical_json, sha256_hex

CURRENT_HASH_VERSION = 1

# RFC 9162 section 2.1.1: a leaf is hashed after one zero byte, an inner node
# after a one, so that neither can be passed off as the other.
_LEAF_PREFIX = b"\x00"


def format_instant(instant: datetime) -> str:
    """Return ``instant`` in UTC as RFC 3339 with six decimals and a Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def leaf_content(
    *,
    position: int,
    recorded_at: datetime,
    actor: str,
    action: str,
    subject: str,
    data: bytes,
    sealed_digest: str | None,
) -> bytes:
    """Return the bytes of hash version 1: the entry's public members as canonical JSON.

    ``data`` is canonical JSON already and is put in where RFC 8785 would put it:
    members stand in the order of their names. ``sealed`` is a member only where
    the entry has a sealed part.
    """
    before = canonical_json({"action": action, "actor": actor})
    after: dict[str, Any] = {
        "position": position,
        "recorded_at": format_instant(recorded_at),
        "subject": subject,
    }
    if sealed_digest is not None:
        after["sealed"] = sealed_digest
    return before[:-1] + b',"data":' + data + b"," + canonical_json(after)[1:]


def leaf_hash(content: bytes) -> bytes:
    """Return the 32 bytes of the RFC 9162 leaf hash of ``content``."""
    return hashlib.sha256(_LEAF_PREFIX + content).digest()


def seal_digest(content: bytes, salt: str) -> str:
    """Return the commitment to a sealed ``content``, which is canonical JSON, in hexadecimal.

    It is the digest of the canonical JSON of ``{"content": …, "salt": …}``.
    """
    return sha256_hex(b'{"content":' + content + b',"salt":' + canonical_json(salt) + b"}")
