"""Cursor paging: a page is asked for by the key after which it starts, never by number."""

import base64
import json
from typing import Any

from registry.errors import Invalid
from registry.messages import Message

MAX_LIMIT = 200
_DIGITS = 9


def encode_cursor(*key: Any) -> str:
    """Return an opaque, URL-safe cursor for the sort key of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """Return the key in ``cursor``, checked to hold ``types``; ``Invalid`` if it is not ours."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != len(types) or not all(map(_fits, key, types)):
        raise Invalid.one("cursor", "This is not a cursor of this list; start again without it.")
    return tuple(key)


def checked_limit(text: str | None, default: int = 50) -> int:
    """Return the page size asked for, 1 to 200; ``Invalid`` names ``limit`` otherwise."""
    if not text:
        return default
    limit = whole_number(text)
    if limit is None or not 1 <= limit <= MAX_LIMIT:
        message = Message("The page size must be a number from 1 to {most}.", most=MAX_LIMIT)
        raise Invalid.one("limit", message)
    return limit


def whole_number(text: str) -> int | None:
    """Return a typed number of at most nine digits, which every database takes; else ``None``."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def _fits(part: Any, kind: type) -> bool:
    if kind is int:
        return type(part) is int and 0 <= part < 10**_DIGITS
    return isinstance(part, kind)
