"""Who is listed under an arrangement on a day, also across a succession of arrangements."""

from dataclasses import dataclass
from datetime import date

from registry.assessment.rules.case import Case, same
from registry.assessment.rules.facts import ArrangementFact, ListingFact
from registry.assessment.rules.findings import Finding, all_of, any_of, fails
from registry.assessment.rules.standing import in_period

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """A body looked for, as a signatory for ``standard`` when that is given."""

    body: str
    standard: str | None = None


def member_on(case: Case, arrangement: ArrangementFact, member: Member, day: date) -> Finding:
    """Whether ``member`` is listed under ``arrangement`` on ``day``.

    A predecessor answers for the days before its successor; whoever it listed on its
    last day is still listed under the successor while the transition lasts.
    """
    return case.arrangements.once(
        ("member", id(arrangement), member, day),
        lambda: _member_on(case, arrangement, member, day, _NOBODY),
    )


def _member_on(
    case: Case,
    arrangement: ArrangementFact,
    member: Member,
    day: date,
    visited: frozenset[str],
) -> Finding:
    if arrangement.reference in visited:
        # Facts may contradict themselves; a circle of predecessors leads nowhere.
        return _not_listed(arrangement, day)
    visited |= {arrangement.reference}
    ways = [
        all_of([in_period(arrangement, day), in_period(listing, day)])
        for listing in _listings(arrangement, member)
    ]
    if arrangement.covers_all_bodies:
        ways.append(in_period(arrangement, day))
    for predecessor in _predecessors(case, arrangement):
        ways.append(_member_on(case, predecessor, member, day, visited))
    ways.extend(_inherited(case, arrangement, member, day))
    # A way that names nobody explains less than one that names a listing with its dates.
    telling = [way for way in ways if way.truth is not False or not _says_only_not_listed(way)]
    return any_of(telling, otherwise=_not_listed(arrangement, day))


def ever_listed(case: Case, arrangement: ArrangementFact, body: str) -> bool:
    """Whether the arrangement or one of its predecessors lists the body at any time."""
    return case.arrangements.once(
        ("ever listed", id(arrangement), body),
        lambda: _ever_listed(case, arrangement, body, _NOBODY),
    )


def _ever_listed(
    case: Case, arrangement: ArrangementFact, body: str, visited: frozenset[str]
) -> bool:
    if arrangement.reference in visited:
        return False
    visited |= {arrangement.reference}
    return bool(_listings(arrangement, Member(body))) or any(
        _ever_listed(case, predecessor, body, visited)
        for predecessor in _predecessors(case, arrangement)
    )


def _inherited(
    case: Case,
    arrangement: ArrangementFact,
    member: Member,
    day: date,
    visited: frozenset[str] = _NOBODY,
) -> list[Finding]:
    """Ways in which a listing of a predecessor's last day lives on under the successor."""
    if not arrangement.inherits_listings or arrangement.reference in visited:
        return []
    visited |= {arrangement.reference}
    ways = []
    for predecessor in _predecessors(case, arrangement):
        last_day = predecessor.valid_until
        if last_day is None or day <= last_day:
            continue
        succession = [in_period(arrangement, day), _transition(arrangement, day)]
        for listing in _listings(predecessor, member):
            held = [in_period(listing, last_day)]
            if listing.valid_until is not None and listing.valid_until > last_day:
                # A listing that was to end after the succession still ends on its own day.
                held.append(in_period(listing, day))
            ways.append(all_of([*succession, *held]))
        ways.extend(
            all_of([*succession, way])
            for way in _inherited(case, predecessor, member, last_day, visited)
        )
    return ways


def _transition(arrangement: ArrangementFact, day: date) -> Finding:
    until = arrangement.transition_until
    if until is None or day <= until:
        return Finding(True, evidence=(arrangement.evidence,))
    return fails(
        "transition_over", arrangement.evidence, what=arrangement.label, until=until, days=(day,)
    )


def _listings(arrangement: ArrangementFact, member: Member) -> tuple[ListingFact, ...]:
    return tuple(
        listing
        for listing in arrangement.listings
        if listing.body == member.body
        and (
            member.standard is None
            or listing.standard is None
            or same(listing.standard, member.standard)
        )
    )


def _predecessors(case: Case, arrangement: ArrangementFact) -> tuple[ArrangementFact, ...]:
    return tuple(fact for fact in case.arrangements if fact.reference in arrangement.predecessors)


def _not_listed(arrangement: ArrangementFact, day: date) -> Finding:
    return fails("not_listed", arrangement.evidence, what=arrangement.label, days=(day,))


def _says_only_not_listed(finding: Finding) -> bool:
    return all(reason.key == "not_listed" for reason in finding.reasons)
