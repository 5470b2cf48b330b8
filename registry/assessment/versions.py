"""Which version of a certificate holds on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

RENEWED = "renewed"
SCOPE_REDUCED = "scope_reduced"

# The events that begin a new version of the same number.
VERSION_EVENTS = frozenset({RENEWED, SCOPE_REDUCED})


class VersionLike(Protocol):
    """A version by its number, and the first day on which it holds."""

    @property
    def number(self) -> int: ...
    @property
    def effective_on(self) -> date: ...


V = TypeVar("V", bound=VersionLike)


def version_on(versions: Sequence[V], day: date) -> V:
    """Return the one version that holds on ``day``: the last that had begun by then.

    The first holds on every day before the others begin. ``versions`` is not empty.
    """
    ordered = sorted(versions, key=lambda version: version.number)
    begun = [version for version in ordered if version.effective_on <= day]
    return begun[-1] if begun else ordered[0]
