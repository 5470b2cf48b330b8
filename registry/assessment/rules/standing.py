"""Was something in force on a day? Periods and status events, three-valued."""

from datetime import date

from registry.assessment.rules.facts import DatedFact, Fact, StatusEventFact
from registry.assessment.rules.findings import Finding, Word, fails, shown, unknown
from registry.assessment.rules.terms import Terms


def in_period(fact: DatedFact, day: date) -> Finding:
    """Whether ``day`` lies in the fact's own period, both ends included."""
    if fact.valid_until is not None and day > fact.valid_until:
        return fails("ended", fact.evidence, what=fact.label, until=fact.valid_until, days=(day,))
    if fact.valid_from is None:
        if fact.START_MAY_BE_OPEN:
            return shown(fact.evidence)
        return unknown("start_unknown", fact.evidence, what=fact.label, days=(day,))
    if day < fact.valid_from:
        return fails("not_yet", fact.evidence, what=fact.label, since=fact.valid_from, days=(day,))
    return shown(fact.evidence)


def by_events(
    fact: Fact,
    events: tuple[StatusEventFact, ...],
    day: date,
    terms: Terms,
    line: str | None = None,
) -> Finding:
    """Whether the last event on or before ``day`` leaves the fact, or one ``line``, in force.

    Events of the same day count in the order given. An event of a kind that no vocabulary
    has makes the answer unknown unless it can do no harm, and so does one without a date
    on the days on which it may or may not have happened yet.
    """
    finding = shown()
    dated = [(since, event) for event in events if (since := _known_since(event)) is not None]
    for since, event in sorted(dated, key=lambda pair: pair[0]):
        if since > day:
            break
        if event.effective_until is not None and event.effective_until < day:
            continue
        if _concerns(event, line):
            finding = _after(finding, fact, event, day, terms)
    if finding.truth is True:
        for event in events:
            if (
                _may_have_happened(event, day)
                and _concerns(event, line)
                and _after(finding, fact, event, day, terms).truth is not True
            ):
                return unknown(
                    "event_undated",
                    event.evidence,
                    what=fact.label,
                    event=Word(terms.event_vocabulary(event.kind), event.kind),
                    days=(day,),
                )
    return finding


def _known_since(event: StatusEventFact) -> date | None:
    """The first day on which the event is known to have happened."""
    return event.effective_on or event.effective_by


def _may_have_happened(event: StatusEventFact, day: date) -> bool:
    """Whether an event without a date may have happened by ``day``, or not yet."""
    if event.effective_on is not None:
        return False
    return (event.effective_by is None or day < event.effective_by) and (
        event.effective_after is None or day > event.effective_after
    )


def _concerns(event: StatusEventFact, line: str | None) -> bool:
    return not event.scope_lines or line in event.scope_lines


def _after(before: Finding, fact: Fact, event: StatusEventFact, day: date, terms: Terms) -> Finding:
    effect = terms.event_effect(event.kind)
    word = Word(terms.event_vocabulary(event.kind), event.kind)
    if effect == "unchanged" or (effect == "reduced" and not event.scope_lines):
        # A reduction that names no line is carried out by the end dates of the lines.
        return before
    if effect == "in_force":
        return shown(event.evidence)
    if effect in ("suspended", "ended", "reduced"):
        return fails(
            "not_in_good_standing",
            fact.evidence,
            event.evidence,
            what=fact.label,
            event=word,
            since=_known_since(event),
            days=(day,),
        )
    if effect == "unlisted":
        # Absence from a list tells neither that it ended nor that it holds.
        return unknown(
            "no_longer_listed",
            fact.evidence,
            event.evidence,
            what=fact.label,
            since=_known_since(event),
            days=(day,),
        )
    return unknown("event_not_understood", event.evidence, what=fact.label, event=word, days=(day,))
