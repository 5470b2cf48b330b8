"""What a correction changes of a published record: the fields that differ, before and after."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """A field that a correction changes; values as the command carries them."""

    field: str
    before: Any
    after: Any


# Texts and particulars that a form shows only in part: what it does not show stays.
_MERGED = ("titles", "scope", "instrument")


def differences(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Difference]:
    """Return the fields of ``wanted`` that say something else than ``present``.

    Both are in the fields of ``EditionSchema``; fields that ``wanted`` lacks stay as
    they are, and so do languages and particulars that it does not name.
    """
    found = []
    for field, value in wanted.items():
        before = present.get(field)
        after = {**(before or {}), **(value or {})} if field in _MERGED else value
        if _plain(before) != _plain(after):
            found.append(Difference(field, before, after))
    return found


def _plain(value: Any) -> Any:
    """Return ``value`` as it is compared: dates as text, nothing given as nothing."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item not in (None, "")}
    if isinstance(value, (list, tuple)):
        items = [_plain(item) for item in value]
        # The order of domains, codes and relations says nothing.
        return sorted(items, key=repr)
    return value or None
