"""Canonical JSON (RFC 8785) and the digests taken over it.

Two parties that hold the same facts get the same bytes, whatever language or
library they use; every hash in the registry is taken over these bytes.
"""

import hashlib
from typing import Any

import rfc8785


def canonical_json(value: Any) -> bytes:
    """Return ``value`` as RFC 8785 bytes.

    ``value`` may hold dicts with string keys, lists, tuples, strings, booleans,
    None, floats and integers of magnitude below 2**53 (I-JSON, RFC 7493).
    Dates and decimals must be strings by then: ``ValueError`` otherwise.
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def content_digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, in hexadecimal."""
    return sha256_hex(canonical_json(value))
