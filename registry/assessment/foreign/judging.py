"""Judges foreign results by the rules that judge reports."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.assessment.foreign.demonstration import demonstration, obligation
from registry.assessment.models import Arrangement
from registry.assessment.queries.acceptance_facts import body_reference
from registry.assessment.queries.gathering import Holdings
from registry.assessment.rules.acceptance import Acceptance, ConditionVerdict, evaluate
from registry.assessment.rules.facts import (
    Facts,
    MethodReference,
    ReportFact,
    ResultFact,
    StatusEventFact,
)
from registry.assessment.rules.terms import Terms
from registry.history import AsOf

_TELLING = (ConditionVerdict.NOT_MET, ConditionVerdict.UNKNOWN)


class StatusEvent(NamedTuple):
    """A status of a foreign result; see ``ForeignResultStatus``."""

    kind: str
    effective_on: date | None
    effective_after: date | None
    effective_by: date | None


class Offered(NamedTuple):
    """A foreign result as it is to be judged; ``content`` as ``ForeignRow`` has it."""

    id: int
    scheme: str
    number: str
    issuer_id: int
    issued_on: date | None
    valid_until: date | None
    content: dict[str, Any]
    statuses: Sequence[StatusEvent]


class ForeignJudge:
    """Judges many foreign results under one arrangement, reading the register once."""

    def __init__(
        self, session: Session, arrangement: Arrangement, as_of: AsOf, zone: ZoneInfo
    ) -> None:
        self.as_of = as_of
        self._held = Holdings(session, as_of.position, zone)
        self._obligation = obligation(arrangement)

    @property
    def terms(self) -> Terms:
        """The vocabularies that the rules were asked with."""
        return self._held.terms

    def judge(self, offered: Offered) -> Acceptance:
        """Return whether the result is accepted on the day asked, condition by condition."""
        return evaluate(
            report_of(offered),
            self._obligation,
            self.as_of.at,
            Facts(
                bodies=self._held.bodies[offered.issuer_id],
                designations=self._held.designations[offered.issuer_id],
                arrangements=self._held.arrangements,
            ),
            self._held.terms,
        )


def report_of(offered: Offered) -> ReportFact:
    """Return a foreign result as the rules read it: one document certified, on its day of issue."""
    reference = f"foreign-result:{offered.id}"
    label = f"{offered.scheme.upper()} {offered.number}"
    standard = offered.content["standard"]
    return ReportFact(
        reference=reference,
        label=label,
        body=body_reference(offered.issuer_id),
        result_type=demonstration()["arrangement"]["result_type"],
        issued_on=offered.issued_on,
        valid_until=offered.valid_until,
        events=tuple(
            StatusEventFact(reference=reference, label=label, **event._asdict())
            for event in offered.statuses
        ),
        results=(
            ResultFact(
                reference=reference,
                label=label,
                characteristic=standard["label"],
                method=MethodReference(
                    standard["document"], standard["edition"], standard["label"]
                ),
                performed_on=offered.issued_on,
                statement="pass",
            ),
        ),
    )


def verdicts_of(acceptance: Acceptance) -> dict[str, str]:
    """Return the verdict of each condition by key."""
    return {condition.key: condition.verdict.value for condition in acceptance.conditions}


def reasons_of(acceptance: Acceptance) -> list[tuple[str, str]]:
    """Return condition and reason of everything that is not met or not known, each once."""
    pairs: Iterable[tuple[str, str]] = (
        (condition.key, reason.key)
        for condition in acceptance.conditions
        if condition.verdict in _TELLING
        for reason in condition.reasons
    )
    return list(dict.fromkeys(pairs))
