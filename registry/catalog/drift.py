"""Adoption drift: whether the edition that a national edition adopts is still current.

Pure functions of facts already gathered. What the register does not hold, or holds
without knowing whether it is current, is "not known" and never "current".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from registry.catalog.status import (
    AMENDED,
    ENDED,
    IN_FORCE,
    IN_FORCE_IN_PART,
    PREPARATION,
    PUBLIC_COMMENT,
    Change,
    period,
    status_on,
)

CURRENT = "current"
REPLACED = "replaced"
WITHDRAWN = "withdrawn"
NOT_KNOWN = "not-known"
STATES = (CURRENT, REPLACED, WITHDRAWN, NOT_KNOWN)

_CURRENT_STATUSES = (IN_FORCE, IN_FORCE_IN_PART, AMENDED)
_UNPUBLISHED = (PREPARATION, PUBLIC_COMMENT)


@dataclass(frozen=True, slots=True)
class EditionCourse:
    """An edition and its status over time.

    ``issued`` keeps the precision of its source; ``catalogue`` is the key of the
    followed catalogue that holds it, ``None`` where it came without one.
    """

    id: int
    slug: str
    designation: str
    national: bool
    catalogue: str | None
    issued: str | None
    effective_from: date | None
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Adoption:
    """That a national edition adopts an edition, with what replaced that over time.

    ``adopted`` is ``None`` where the register does not hold the adopted edition.
    ``chain`` leads from what took its place to the latest edition known; ``ministry``
    is who leads the adopting edition, or else who issued it.
    """

    relation_id: int
    adopting: EditionCourse
    domains: Sequence[str]
    ministry: str
    degree: str | None
    adopted_designation: str
    adopted: EditionCourse | None
    chain: Sequence[EditionCourse]

    @property
    def involved(self) -> set[int]:
        """Ids of the editions whose facts this rests on."""
        held = [self.adopted] if self.adopted else []
        return {edition.id for edition in (self.adopting, *held, *self.chain)}


class Drift(NamedTuple):
    """What became of an adopted edition by a day, and since when (``None``: not known)."""

    state: str
    since: date | None
    chain: Sequence[EditionCourse]


class Share(NamedTuple):
    """How many adoptions stand where; ``outdated`` are replaced or withdrawn."""

    current: int
    outdated: int
    not_known: int

    @property
    def total(self) -> int:
        """All adoptions counted."""
        return self.current + self.outdated + self.not_known


class YearShare(NamedTuple):
    """The share at the end of a year, or on the day asked in its own year."""

    year: int
    share: Share


def drift_on(adoption: Adoption, day: date) -> Drift:
    """Return what had become of the adopted edition by ``day``."""
    if adoption.adopted is None:
        return Drift(NOT_KNOWN, None, ())
    status = status_on(adoption.adopted.changes, day)
    if status.status in _CURRENT_STATUSES:
        return Drift(CURRENT, status.since, ())
    if status.status not in ENDED:
        return Drift(NOT_KNOWN, None, ())
    chain = tuple(
        newer
        for newer in adoption.chain
        if status_on(newer.changes, day).status not in _UNPUBLISHED
    )
    return Drift(REPLACED if chain else WITHDRAWN, status.since, chain)


def counts_on(adoption: Adoption, day: date) -> bool:
    """Whether the adopting edition was out on ``day`` and had not ended itself."""
    counted = _counted(adoption.adopting)
    if counted is None:
        return False
    first, end = counted
    return (first is None or first <= day) and day < end


def share_of(drifts: Iterable[Drift]) -> Share:
    """Count what became of adopted editions."""
    states = [drift.state for drift in drifts]
    current, not_known = states.count(CURRENT), states.count(NOT_KNOWN)
    return Share(current, len(states) - current - not_known, not_known)


def share_by_year(adoptions: Sequence[Adoption], last: date) -> list[YearShare]:
    """Return the share at the end of each year from the first adoption to the day ``last``.

    An adoption counts as in ``counts_on``; the year of ``last`` is counted on that day.
    """
    counted = [(a, period) for a in adoptions if (period := _counted(a.adopting)) is not None]
    begun = (began for _, (began, _) in counted if began is not None and began <= last)
    earliest = min(begun, default=None)
    if earliest is None:
        return []
    first = earliest.year
    years = last.year - first + 1

    def index(day: date | None) -> int:
        """The first year whose counted day is not before ``day``."""
        if day is None:
            return 0
        return years if day > last else max(day.year - first, 0)

    # Each period adds one where it begins and takes it away where it ends.
    steps = {group: [0] * (years + 1) for group in (CURRENT, REPLACED, NOT_KNOWN)}
    for adoption, (began, ended) in counted:
        out, end = index(began), index(ended)
        for group, since, until in _periods(adoption):
            start = max(index(since), out)
            stop = min(index(until) if until else years, end)
            if start < stop:
                steps[group][start] += 1
                steps[group][stop] -= 1
    shares = zip(*(accumulate(steps[g]) for g in steps), strict=True)
    return [
        YearShare(year, Share(*share))
        for year, share in zip(range(first, last.year + 1), shares, strict=False)
    ]


def _counted(edition: EditionCourse) -> tuple[date | None, date] | None:
    """Return from which day on an edition surely was out and from which it had ended.

    ``None`` for the first day where no source tells it; ``None`` altogether for an
    edition that is not published.
    """
    out = next((c for c in edition.changes if c.status not in _UNPUBLISHED), None)
    if out is None:
        return None
    issued = period(edition.issued).latest if edition.issued else edition.effective_from
    days = [day for day in (out.since, issued) if day is not None]
    ended = next((c.since for c in edition.changes if c.status in ENDED and c.since), date.max)
    return max(days, default=None), ended


def _periods(adoption: Adoption) -> Iterable[tuple[str, date | None, date | None]]:
    """Yield (group, first day, day after the last) of what became of the adopted edition."""
    if adoption.adopted is None:
        yield NOT_KNOWN, None, None
        return
    changes = adoption.adopted.changes
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        if change.status in _CURRENT_STATUSES:
            group = CURRENT
        else:
            group = REPLACED if change.status in ENDED else NOT_KNOWN
        yield group, change.since, following.since if following else None


def selected(
    adoptions: Iterable[Adoption],
    day: date,
    *,
    domain: str | None = None,
    ministry: str | None = None,
    state: str | None = None,
) -> list[tuple[Adoption, Drift]]:
    """Return the adoptions that count on ``day`` and fit the filters, with their drift."""
    found = []
    for adoption in adoptions:
        if domain is not None and domain not in adoption.domains:
            continue
        if ministry is not None and ministry != adoption.ministry:
            continue
        if not counts_on(adoption, day):
            continue
        drift = drift_on(adoption, day)
        if state is None or drift.state == state:
            found.append((adoption, drift))
    return found
