"""Is a report accepted for an obligation on a day? Every condition, with its reasons.

The conditions and their order are one table. Nothing is decided twice: the
outcome follows from the verdicts alone, so a refusal always carries each of its
reasons (TBT Agreement 6.1; OIML-CS Scheme A asks the same of its authorities).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.assessment.rules.case import Case
from registry.assessment.rules.coverage import (
    accreditation_covers_each_test,
    accreditor_signatory,
)
from registry.assessment.rules.facts import Evidence, Facts, ObligationFact, ReportFact
from registry.assessment.rules.findings import Finding, Parameter, Reason, merged
from registry.assessment.rules.recognition import recognition_path
from registry.assessment.rules.report_conditions import (
    body_registered,
    edition_accepted,
    report_complete,
    report_current,
    statements_hold,
)
from registry.assessment.rules.terms import Terms, bundled_terms

CONDITIONS: Mapping[str, Callable[[Case], Finding]] = {
    "body_registered": body_registered,
    "accreditation_covers_each_test": accreditation_covers_each_test,
    "accreditor_signatory": accreditor_signatory,
    "recognition_path": recognition_path,
    "edition_accepted": edition_accepted,
    "report_complete": report_complete,
    "report_current": report_current,
    "statements_hold": statements_hold,
}


class ConditionVerdict(StrEnum):
    """What the register can say about one condition."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class AcceptanceOutcome(StrEnum):
    """What follows: ``refer`` means that an officer must find out what is unknown."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, judged; ``key`` and ``reasons`` are terms of their vocabularies.

    ``legal_basis`` holds keys of the vocabulary ``legal-basis`` in force on the day.
    """

    key: str
    verdict: ConditionVerdict
    reasons: tuple[Reason, ...]
    evidence: tuple[Evidence, ...]
    legal_basis: tuple[str, ...]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The outcome on a day, with every condition exactly once, in fixed order."""

    outcome: AcceptanceOutcome
    on: date
    conditions: tuple[Condition, ...]

    def condition(self, key: str) -> Condition:
        """The condition of that key; KeyError when there is no such condition."""
        for condition in self.conditions:
            if condition.key == key:
                return condition
        raise KeyError(key)


def evaluate(
    report: ReportFact,
    obligation: ObligationFact,
    on: date,
    facts: Facts,
    terms: Terms | None = None,
) -> Acceptance:
    """Judge every condition of accepting ``report`` for ``obligation`` on the day ``on``.

    Never raises for facts that are incomplete or contradict each other: what cannot
    be told is "unknown". ``terms`` defaults to the vocabularies the product carries.
    """
    case = Case(report, obligation, on, facts, terms or bundled_terms())
    conditions = tuple(_judge(key, rule, case) for key, rule in CONDITIONS.items())
    return Acceptance(outcome_of(condition.verdict for condition in conditions), on, conditions)


def outcome_of(verdicts: Iterable[ConditionVerdict]) -> AcceptanceOutcome:
    """One condition not met refuses; else one unknown refers; else the report is accepted."""
    seen = set(verdicts)
    if ConditionVerdict.NOT_MET in seen:
        return AcceptanceOutcome.REFUSE
    if ConditionVerdict.UNKNOWN in seen:
        return AcceptanceOutcome.REFER
    return AcceptanceOutcome.ACCEPT


def _judge(key: str, rule: Callable[[Case], Finding], case: Case) -> Condition:
    finding = merged(rule(case))
    verdict = _verdict(finding)
    return Condition(
        key=key,
        verdict=verdict,
        reasons=() if verdict is ConditionVerdict.MET else finding.reasons,
        evidence=finding.evidence,
        legal_basis=case.terms.legal_bases(key, finding.paths, case.on),
        parameters=finding.parameters,
    )


def _verdict(finding: Finding) -> ConditionVerdict:
    if not finding.applicable:
        return ConditionVerdict.NOT_APPLICABLE
    if finding.truth is None:
        return ConditionVerdict.UNKNOWN
    return ConditionVerdict.MET if finding.truth else ConditionVerdict.NOT_MET
