"""Bitstring Status List v1.0 (W3C): one bit a credential, compressed and signed as one."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from registry.credentials import multibase

REVOCATION = "revocation"
SUSPENSION = "suspension"
PURPOSES = (REVOCATION, SUSPENSION)

SIZE = 131_072
"""Places of a list: the specification's minimum, so that one place says little about who it is."""

# A list may be longer than ours, but whoever reads one says how long at most.
_LONGEST = 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
CONTEXT = "https://www.w3.org/ns/credentials/v2"


class MalformedList(ValueError):
    """What should be an encoded list is none; the message says why."""


def encode(places: Iterable[int]) -> str:
    """Return the list in which the bits at ``places`` are set, place 0 leftmost (section 3.3)."""
    bits = bytearray(SIZE // 8)
    for place in places:
        if not 0 <= place < SIZE:
            raise ValueError(f"a list has no place {place}")
        bits[place >> 3] |= 0x80 >> (place & 7)
    # Without a time in its header, the same bits give the same text.
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return multibase.encode(packer.compress(bytes(bits)) + packer.flush())


def decode(encoded: str) -> bytes:
    """Return the bits of an encoded list, eight a byte; ``MalformedList`` if it is none."""
    try:
        packed = multibase.decode(encoded)
        unpacker = zlib.decompressobj(_GZIP)
        bits = unpacker.decompress(packed, _LONGEST)
    except (ValueError, zlib.error) as error:
        raise MalformedList(str(error)) from None
    if not unpacker.eof:
        raise MalformedList("it is cut off, or longer than a list may be")
    if len(bits) * 8 < SIZE:
        raise MalformedList("it is shorter than the specification allows")
    return bits


def is_set(bits: bytes, place: int) -> bool:
    """Whether the bit at ``place`` is set; ``MalformedList`` beyond the list's end."""
    if not 0 <= place < len(bits) * 8:
        raise MalformedList("the list has no such place")
    return bool(bits[place >> 3] & 0x80 >> (place & 7))


def address(base_url: str, purpose: str, number: int) -> str:
    """Return where the list ``number`` of a purpose is served."""
    return f"{base_url}/status/{purpose}/{number}"


def entries(base_url: str, number: int, place: int) -> list[dict[str, str]]:
    """Return the member ``credentialStatus`` of a credential at ``place`` of list ``number``."""
    return [
        {
            "id": f"{address(base_url, purpose, number)}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(place),
            "statusListCredential": address(base_url, purpose, number),
        }
        for purpose in PURPOSES
    ]


def claims(
    base_url: str,
    issuer: str,
    purpose: str,
    number: int,
    places: Iterable[int],
    *,
    made_at: datetime,
    valid_until: datetime,
    seconds_to_live: int,
) -> dict[str, Any]:
    """Return the status list credential that says which ``places`` are set."""
    where = address(base_url, purpose, number)
    return {
        "@context": [CONTEXT],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
        "validUntil": f"{valid_until:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(places),
            "ttl": seconds_to_live * 1000,
        },
    }
