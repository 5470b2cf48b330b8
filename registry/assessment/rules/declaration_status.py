"""The status of a registered declaration on a day: its own events and its certificate's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.assessment import states
from registry.assessment.status import EventLike, PeriodLike, Status, status_on

WITHOUT_BASIS = "without_basis"


@dataclass(frozen=True, slots=True)
class DeclarationStatus:
    """One status and the first day it held; ``basis`` is its certificate's status, if any.

    Keys are those of ``declaration-status``. ``without_basis``: the declaration itself
    would be in force, but its certificate is not.
    """

    key: str
    since: date | None
    reason: str | None = None
    basis: Status | None = None


def declaration_status(
    declaration: PeriodLike,
    events: Sequence[EventLike],
    certificate: tuple[PeriodLike, Sequence[EventLike]] | None,
    day: date,
) -> DeclarationStatus:
    """Return the one status of a declaration on ``day``.

    Nothing is copied from the certificate: whoever suspends it changes this answer at once.
    """
    own = status_on(declaration, events, day)
    basis = status_on(*certificate, day) if certificate is not None else None
    if own.key == states.IN_FORCE and basis is not None and basis.key != states.IN_FORCE:
        since = max(filter(None, (own.since, basis.since)), default=None)
        return DeclarationStatus(WITHOUT_BASIS, since, basis.reason, basis)
    return DeclarationStatus(own.key, own.since, own.reason, basis)
