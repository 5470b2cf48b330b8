"""How urgent a row of the officers' desk is: rules are terms, the reckoning is pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from registry.assessment.rules.terms import TermLike

LATE = "late"
NEAR = "near"
SUSPENDED_BEHIND = "suspended-behind"
CONTRADICTION = "contradiction"
REFERRED = "referred"
FOREIGN = "foreign-result"


@dataclass(frozen=True, slots=True)
class Risk:
    """A rule of ``desk-risk`` that a row meets, and what it weighs."""

    key: str
    weight: int


def risks_of(
    signals: Collection[str], due: date, today: date, rules: Iterable[TermLike]
) -> tuple[Risk, ...]:
    """Return the risks of a row, the heaviest first.

    ``signals`` are keys that its facts show; lateness follows from ``due``. A key
    without a rule on the day weighs nothing and is not shown.
    """
    met = []
    for rule in rules:
        if rule.key == LATE:
            applies = due < today
        elif rule.key == NEAR:
            applies = 0 <= (due - today).days <= rule.attributes["days"]
        else:
            applies = rule.key in signals
        if applies:
            met.append(Risk(rule.key, rule.attributes["weight"]))
    return tuple(sorted(met, key=lambda risk: (-risk.weight, risk.key)))


def score(risks: Iterable[Risk], age: int) -> int:
    """Return the urgency of a row: its risks together, and a point for each day it waits."""
    return sum(risk.weight for risk in risks) + max(0, age)
