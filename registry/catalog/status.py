"""Status of an edition on a date: computed from facts, never stored.

A *timeline* is the list of days on which the status changes. Where a source
gives only a month or a year, the days between the earliest and the latest
reading are "unknown": the register does not guess.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from registry.catalog.stages import is_draft, is_published, is_withdrawn
from registry.messages import Message

PREPARATION = "preparation"
PUBLIC_COMMENT = "public-comment"
NOT_YET_IN_FORCE = "not-yet-in-force"
IN_FORCE = "in-force"
IN_FORCE_IN_PART = "in-force-in-part"
AMENDED = "amended"
SUPERSEDED = "superseded"
WITHDRAWN = "withdrawn"
UNKNOWN = "unknown"

# What has ended stays in the register and is found, after what has not.
ENDED = (SUPERSEDED, WITHDRAWN)

# Workflow states of a record and the status they mean whatever the dates say.
_STATES_BEFORE_PUBLICATION = {
    "draft": PREPARATION,
    "proposed": PREPARATION,
    "public-comment": PUBLIC_COMMENT,
}


class Change(NamedTuple):
    """From ``since`` on (``None``: always) the status is ``status``."""

    since: date | None
    status: str


class Period(NamedTuple):
    """The earliest and the latest day that a date of limited precision can mean."""

    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Succession:
    """That a published edition took this one's place.

    ``on`` is when, with the precision known ("2022", "2022-02", a day), or
    ``None``; until ``coexistence_until``, inclusive, both may be used.
    ``recorded_on`` is the day the register learned of it.
    """

    on: str | None
    recorded_on: date
    coexistence_until: date | None = None


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status depends on; dates as in ``EditionRecord``.

    ``recorded_on`` is the day the register learned of the record: the last resort
    where a source says that an edition was withdrawn but not when. ``parts_ended_on``
    are the first days on which some part of it no longer applied. ``comment_period`` is
    the first and last day on which a draft may be commented on.
    """

    state: str
    national: bool
    stage: str | None
    issued: str | None
    effective_from: date | None
    effective_until: date | None
    withdrawn_on: date | None
    recorded_on: date
    successions: Sequence[Succession] = ()
    amended_on: Sequence[str] = ()
    parts_ended_on: Sequence[date] = ()
    comment_period: tuple[date, date] | None = None


@lru_cache(maxsize=10_000)
def period(text: str) -> Period:
    """Return what "2022", "2022-02" or "2022-02-15" can mean."""
    pieces = [int(piece) for piece in text.split("-")]
    year = pieces[0]
    if len(pieces) == 1:
        return Period(date(year, 1, 1), date(year, 12, 31))
    month = pieces[1]
    if len(pieces) == 2:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    day = date(year, month, pieces[2])
    return Period(day, day)


def out_of_order(
    issued: str | None, first: date | None, last: date | None
) -> tuple[str, Message] | None:
    """Return the field that contradicts the dates before it and why; ``None`` if none does.

    ``issued`` may be imprecise; ``first`` and ``last`` are the first and last day in force.
    """
    if first and last and last < first:
        return "effective_until", Message("The last day lies before the first day.")
    if issued and first and first < period(issued).earliest:
        return "effective_from", Message("An edition cannot be in force before it is issued.")
    return None


def timeline(facts: StatusFacts) -> list[Change]:
    """Return the changes of status, ascending; the first is without a day."""
    if facts.state in _STATES_BEFORE_PUBLICATION:
        return _before_publication(facts)
    if facts.stage is not None and not facts.national and is_draft(facts.stage):
        return [Change(None, PUBLIC_COMMENT if facts.stage.startswith("40") else PREPARATION)]
    beginning = _beginning(facts)
    amendments = _amendments(facts)
    end = _end(facts)
    course = _in_part(beginning + _after(amendments, beginning), facts.parts_ended_on)
    changes = _cut(course, end)
    return _merged(changes)


def _before_publication(facts: StatusFacts) -> list[Change]:
    """A draft is open for comment on the days of its period only, in preparation on others."""
    status = _STATES_BEFORE_PUBLICATION[facts.state]
    if status != PUBLIC_COMMENT or facts.comment_period is None:
        return [Change(None, status)]
    first, last = facts.comment_period
    return [
        Change(None, PREPARATION),
        Change(first, PUBLIC_COMMENT),
        Change(last + timedelta(days=1), PREPARATION),
    ]


def status_on(changes: Sequence[Change], day: date) -> Change:
    """Return the change in effect on ``day``: its status and since when."""
    current = changes[0]
    for change in changes[1:]:
        if change.since is None or change.since > day:
            break
        current = change
    return current


def _beginning(facts: StatusFacts) -> list[Change]:
    """From preparation to in force."""
    start = facts.effective_from
    if start is None and not facts.national and facts.issued is not None:
        # A followed edition has no day of entry into force: it is current once published,
        # where its catalogue says that it still is.
        if is_published(facts.stage) or is_withdrawn(facts.stage):
            return _gradually(PREPARATION, period(facts.issued), IN_FORCE)
        return [Change(None, PREPARATION), Change(period(facts.issued).earliest, UNKNOWN)]
    if start is None:
        return [Change(None, UNKNOWN)]
    issued = period(facts.issued) if facts.issued else None
    if issued is None:
        return [Change(None, UNKNOWN), Change(start, IN_FORCE)]
    if issued.earliest >= start:
        return [Change(None, PREPARATION), Change(start, IN_FORCE)]
    before = _gradually(PREPARATION, issued, NOT_YET_IN_FORCE)
    return [c for c in before if c.since is None or c.since < start] + [Change(start, IN_FORCE)]


def _amendments(facts: StatusFacts) -> list[Change]:
    """From unknown to amended: possible with the first reading, certain with the first latest."""
    readings = [period(text) for text in facts.amended_on]
    if not readings:
        return []
    possible = min(reading.earliest for reading in readings)
    certain = min(reading.latest for reading in readings)
    changes = [Change(possible, UNKNOWN)] if possible < certain else []
    return [*changes, Change(certain, AMENDED)]


def _end(facts: StatusFacts) -> list[Change]:
    """How it ended, if it did: the earliest end that is certain counts."""
    ends: list[list[Change]] = []
    withdrawn = is_withdrawn(facts.stage)
    if facts.withdrawn_on:
        ends.append([Change(facts.withdrawn_on, WITHDRAWN)])
    if facts.effective_until:
        ends.append([Change(facts.effective_until + timedelta(days=1), WITHDRAWN)])
    # A national edition is superseded; one that its publisher withdrew is withdrawn,
    # and the relation says what took its place.
    word = WITHDRAWN if withdrawn and not facts.national else SUPERSEDED
    for succession in facts.successions:
        ends.append(_succession_end(facts, succession, word))
    if withdrawn and not ends:
        ends.append(_since_recorded(facts, facts.recorded_on, WITHDRAWN))
    return min(ends, key=lambda changes: changes[-1].since or date.min) if ends else []


def _succession_end(facts: StatusFacts, succession: Succession, word: str) -> list[Change]:
    if succession.coexistence_until:
        return [Change(succession.coexistence_until + timedelta(days=1), word)]
    if succession.on is None:
        return _since_recorded(facts, succession.recorded_on, word)
    reading = period(succession.on)
    if reading.earliest == reading.latest:
        return [Change(reading.latest, word)]
    return [Change(reading.earliest, UNKNOWN), Change(reading.latest, word)]


def _since_recorded(facts: StatusFacts, recorded_on: date, word: str) -> list[Change]:
    """It ended on a day that no source tells: unknown since it began, certain since recorded."""
    start = facts.effective_from or (period(facts.issued).latest if facts.issued else None)
    first = [Change(start, UNKNOWN)] if start and start < recorded_on else []
    return [*first, Change(recorded_on, word)]


def _gradually(before: str, reading: Period, after: str) -> list[Change]:
    changes = [Change(None, before)]
    if reading.earliest != reading.latest:
        changes.append(Change(reading.earliest, UNKNOWN))
    return [*changes, Change(reading.latest, after)]


def _after(amendments: list[Change], beginning: list[Change]) -> list[Change]:
    """Amendments count from when the edition is in force."""
    start = next((c.since for c in beginning if c.status == IN_FORCE), None)
    if start is None:
        return []
    return [Change(max(c.since, start), c.status) for c in amendments if c.since is not None]


def _in_part(changes: list[Change], parts_ended_on: Sequence[date]) -> list[Change]:
    """Once a part has ended, that matters more than whether the rest was amended."""
    start = next((c.since for c in changes if c.status == IN_FORCE), None)
    if start is None or not parts_ended_on:
        return changes
    day = max(start, min(parts_ended_on))
    before = [c for c in changes if c.since is None or c.since < day]
    return [*before, Change(day, IN_FORCE_IN_PART)]


def _cut(changes: list[Change], end: list[Change]) -> list[Change]:
    if not end:
        return changes
    first = end[0].since
    kept = [c for c in changes if c.since is None or first is None or c.since < first]
    return kept + end


def _merged(changes: list[Change]) -> list[Change]:
    """Drop changes that a later one on the same day overrides, or that change nothing."""
    merged: list[Change] = []
    for change in changes:
        if merged and merged[-1].since == change.since:
            merged.pop()
        if not merged or merged[-1].status != change.status:
            merged.append(change)
    return merged
