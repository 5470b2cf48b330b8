"""One question put to the rules, with the look-ups that several conditions share."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from registry.assessment.rules.facts import (
    AccreditationFact,
    Arrangements,
    BodyFact,
    Facts,
    ObligationFact,
    ReportFact,
    ResultFact,
)
from registry.assessment.rules.findings import Finding
from registry.assessment.rules.terms import Terms


@dataclass(frozen=True)
class Case:
    """A report offered for an obligation on a day, and what the register holds."""

    report: ReportFact
    obligation: ObligationFact
    on: date
    facts: Facts
    terms: Terms

    @cached_property
    def body(self) -> BodyFact | None:
        """The body that issued the report, as registered; the latest when there are several."""
        rows = [body for body in self.facts.bodies if body.reference == self.report.body]
        for body in rows:
            started = body.valid_from is None or body.valid_from <= self.on
            if started and (body.valid_until is None or self.on <= body.valid_until):
                return body
        return rows[-1] if rows else None

    @cached_property
    def arrangements(self) -> Arrangements:
        """All arrangements, with the answers that cases judged by the same ones share."""
        given = self.facts.arrangements
        return given if isinstance(given, Arrangements) else Arrangements(given)

    @cached_property
    def activity(self) -> str | None:
        """The activity that the report results from, when its type is known."""
        return self.terms.activity(self.report.result_type)

    def once(self, key: Hashable, find: Callable[[], Finding]) -> Finding:
        """The finding for ``key``, worked out the first time it is asked.

        Facts are keyed by identity: they live as long as the case and need not be hashable.
        """
        if key not in self._found:
            self._found[key] = find()
        return self._found[key]

    @cached_property
    def _found(self) -> dict[Hashable, Finding]:
        return {}

    def performer(self, result: ResultFact) -> str | None:
        """The body that performed a result: an external provider or the issuer itself."""
        return result.body or self.report.body

    def accreditations_of(self, body: str | None) -> tuple[AccreditationFact, ...]:
        """All accreditations of a body, whatever their dates."""
        return tuple(fact for fact in self.facts.accreditations if fact.body == body)

    def concerns_activity(self, activity: str | None) -> bool:
        """Whether something limited to ``activity`` can concern this report."""
        return activity is None or self.activity is None or activity == self.activity


def days_of(result: ResultFact) -> tuple[date, ...]:
    """First and last day of a result's performance; empty when not known."""
    first, last = result.performed_on, result.performed_until
    if first is None:
        return ()
    if last is None or last == first:
        return (first,)
    return (first, last) if first < last else (last, first)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Text for comparison: case and white space do not count."""
    return "".join(text.split()).casefold()


def same(one: str, other: str) -> bool:
    """Whether two keys or designations are the same but for case and white space."""
    return one == other or normal(one) == normal(other)
