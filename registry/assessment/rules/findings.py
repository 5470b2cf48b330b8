"""Three-valued findings with their reasons, and how they combine.

A finding is True (shown), False (shown not to be) or None (the register does not
know). What is unknown stays unknown unless another finding decides anyway.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from registry.assessment.rules.facts import Evidence


@dataclass(frozen=True, slots=True)
class Word:
    """A parameter that is a vocabulary term, shown by its label in the reader's language."""

    vocabulary: str
    key: str


Parameter = str | int | Decimal | date | None | Word | tuple["str | Word | date", ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not shown: a key of the vocabulary ``acceptance-reason``."""

    key: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer with what it rests on.

    ``applicable`` False means that the question does not arise. ``paths`` are the
    recognition paths that the answer is about.
    """

    truth: bool | None
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    applicable: bool = True
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()

    def about(self, tests: tuple[str, ...]) -> "Finding":
        """The same finding, each reason naming the tests it is about."""
        if not self.reasons:
            return self
        reasons = tuple(
            replace(reason, parameters={**reason.parameters, "tests": tests})
            for reason in self.reasons
        )
        return replace(self, reasons=reasons)

    def summed_up_as(self, key: str, *evidence: Evidence, **parameters: Parameter) -> "Finding":
        """The same truth with one reason in place of all, when there is a reason to give."""
        cited = tuple(dict.fromkeys([*evidence, *self.evidence]))
        reasons = () if self.truth is True else (Reason(key, parameters, cited),)
        return Finding(self.truth, reasons, cited)


def shown(*evidence: Evidence) -> Finding:
    """A True finding."""
    return Finding(True, evidence=evidence)


def not_applicable() -> Finding:
    """The question does not arise."""
    return Finding(True, applicable=False)


def fails(key: str, *evidence: Evidence, **parameters: Parameter) -> Finding:
    """A False finding with one reason."""
    return Finding(False, (Reason(key, parameters, evidence),), evidence)


def unknown(key: str, *evidence: Evidence, **parameters: Parameter) -> Finding:
    """A None finding with one reason."""
    return Finding(None, (Reason(key, parameters, evidence),), evidence)


def all_of(findings: Iterable[Finding]) -> Finding:
    """True when all are; False as soon as one is; the reasons of every one that is not True."""
    parts = tuple(findings)
    if len(parts) == 1:
        return Finding(parts[0].truth, parts[0].reasons, parts[0].evidence)
    truth: bool | None = True
    reasons: list[Reason] = []
    for part in parts:
        if part.truth is not True:
            reasons.extend(part.reasons)
            if truth is not False:
                truth = part.truth
    return Finding(truth, tuple(reasons), _evidence(parts))


def any_of(findings: Iterable[Finding], otherwise: Finding) -> Finding:
    """The first True one; else all that may yet be true; else all reasons together.

    ``otherwise`` answers when there is nothing to choose from.
    """
    parts = []
    for part in findings:
        if part.truth is True:
            return part
        parts.append(part)
    open_parts = [part for part in parts if part.truth is None]
    chosen = open_parts or parts
    if not chosen:
        return otherwise
    return Finding(
        None if open_parts else False,
        tuple(reason for part in chosen for reason in part.reasons),
        _evidence(chosen),
    )


def _evidence(parts: Iterable[Finding]) -> tuple[Evidence, ...]:
    """Evidence of all parts, each once, in the order first cited."""
    return tuple(dict.fromkeys(item for part in parts for item in part.evidence))


def merged(finding: Finding) -> Finding:
    """Tell each cause once, with all the tests, days and paths it concerns."""
    causes: dict[object, Reason] = {}
    for reason in finding.reasons:
        cause = (
            reason.key,
            frozenset(item for item in reason.parameters.items() if item[0] not in _COLLECTED),
        )
        causes[cause] = _joined(causes[cause], reason) if cause in causes else reason
    return replace(finding, reasons=tuple(causes.values())) if causes else finding


_COLLECTED = ("tests", "days", "paths")


def _joined(one: Reason, other: Reason) -> Reason:
    parameters = dict(one.parameters)
    for name in _COLLECTED:
        parts = [reason.parameters.get(name) for reason in (one, other)]
        items = [item for part in parts if isinstance(part, tuple) for item in part]
        if items:
            parameters[name] = tuple(dict.fromkeys(items))
    evidence = tuple(dict.fromkeys([*one.evidence, *other.evidence]))
    return Reason(one.key, parameters, evidence)
