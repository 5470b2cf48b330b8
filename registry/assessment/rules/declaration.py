"""When a declaration of conformity is registered at once: pure conditions over plain facts.

A declaration is its declarer's own statement (ISO/IEC 17050-1); the register does not
repeat the assessment behind it. It asks whether what the declaration names is in force,
whether the law lets it rest on that basis, and whether the register itself can show the
basis. What it cannot show is for an officer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.assessment.rules.facts import Evidence
from registry.assessment.states import ACCEPTED, IN_FORCE
from registry.catalog.status import AMENDED, IN_FORCE_IN_PART
from registry.catalog.status import IN_FORCE as EDITION_IN_FORCE
from registry.catalog.status import UNKNOWN as EDITION_UNKNOWN

DESIGNATED = "designated-certification"
REGISTERED = "registered-certification"
OWN_ASSESSMENT = "self-assessment"
RECOGNISED = "recognised-results"
CERTIFICATION = frozenset({DESIGNATED, REGISTERED})

# What else meets a demand: certification by a designated body is as much as any of them asks.
_SATISFIES = {
    DESIGNATED: frozenset({DESIGNATED, REGISTERED, OWN_ASSESSMENT, RECOGNISED}),
    REGISTERED: frozenset({REGISTERED, OWN_ASSESSMENT}),
    OWN_ASSESSMENT: frozenset({OWN_ASSESSMENT}),
    RECOGNISED: frozenset({RECOGNISED, OWN_ASSESSMENT}),
}
_APPLIES = frozenset({EDITION_IN_FORCE, IN_FORCE_IN_PART, AMENDED})


class Verdict(StrEnum):
    """Whether a condition holds, as far as the register knows."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Outcome(StrEnum):
    """What follows: registered at once, or looked at by an officer."""

    REGISTER = "register"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class ClaimedEdition:
    """An edition that conformity is claimed with; ``status`` is its status on the day.

    ``bases`` are those its obligations ask for; empty where the register knows none.
    """

    id: int
    designation: str
    mandatory: bool
    status: str
    bases: frozenset[str] = frozenset()

    @property
    def evidence(self) -> Evidence:
        """Return the edition as a condition cites it."""
        return Evidence(f"edition:{self.id}", self.designation)


@dataclass(frozen=True, slots=True)
class CertificateBasis:
    """A certificate of this register; no ``models`` means that it lists none."""

    id: int
    number: str
    own: bool
    edition_ids: frozenset[int]
    status: str
    valid_until: date | None
    models: frozenset[str] = frozenset()

    @property
    def evidence(self) -> Evidence:
        """Return the certificate as a condition cites it."""
        return Evidence(f"certificate:{self.id}", self.number)


@dataclass(frozen=True, slots=True)
class ResultBasis:
    """A report that this register judged for the declarer; ``foreign``: from another economy."""

    id: int
    number: str
    foreign: bool
    edition_id: int
    state: str

    @property
    def evidence(self) -> Evidence:
        """Return the report as a condition cites it."""
        return Evidence(f"report:{self.id}", self.number)


@dataclass(frozen=True, slots=True)
class DeclarationCase:
    """Everything that the conditions look at, on the day ``on``."""

    on: date
    basis: str
    valid_from: date
    valid_until: date | None
    editions: tuple[ClaimedEdition, ...]
    models: frozenset[str] = frozenset()
    certificate: CertificateBasis | None = None
    results: tuple[ResultBasis, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclarationFinding:
    """One condition: its key, whether it holds, on what evidence."""

    key: str
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclarationJudgement:
    """All conditions in their order, and what follows from them."""

    findings: tuple[DeclarationFinding, ...]

    @property
    def outcome(self) -> Outcome:
        """Register when nothing is open; what is not met or not known is for an officer."""
        holds = {Verdict.MET, Verdict.NOT_APPLICABLE}
        settled = all(finding.verdict in holds for finding in self.findings)
        return Outcome.REGISTER if settled else Outcome.REFER


def judge_declaration(case: DeclarationCase) -> DeclarationJudgement:
    """Judge a declaration by every condition."""
    return DeclarationJudgement(
        tuple(DeclarationFinding(key, *check(case)) for key, check in CONDITIONS.items())
    )


_Finding = tuple[Verdict, tuple[Evidence, ...]]


def _documents_in_force(case: DeclarationCase) -> _Finding:
    ended = [e for e in case.editions if e.status not in _APPLIES | {EDITION_UNKNOWN}]
    if ended:
        return Verdict.NOT_MET, tuple(edition.evidence for edition in ended)
    unknown = [edition for edition in case.editions if edition.status == EDITION_UNKNOWN]
    if unknown:
        return Verdict.UNKNOWN, tuple(edition.evidence for edition in unknown)
    return Verdict.MET, tuple(edition.evidence for edition in case.editions)


def _basis_suffices(case: DeclarationCase) -> _Finding:
    mandatory = [edition for edition in case.editions if edition.mandatory]
    if not mandatory:
        return Verdict.NOT_APPLICABLE, ()
    short = [e for e in mandatory if e.bases and not e.bases <= _SATISFIES[case.basis]]
    if short:
        return Verdict.NOT_MET, tuple(edition.evidence for edition in short)
    silent = [edition for edition in mandatory if not edition.bases]
    if silent and case.basis != DESIGNATED:
        return Verdict.UNKNOWN, tuple(edition.evidence for edition in silent)
    return Verdict.MET, tuple(edition.evidence for edition in mandatory)


def _evidence_stands(case: DeclarationCase) -> _Finding:
    if case.certificate is not None and case.basis in CERTIFICATION:
        sound = case.certificate.own and case.certificate.status == IN_FORCE
        return (Verdict.MET if sound else Verdict.NOT_MET), (case.certificate.evidence,)
    if case.results and case.basis == RECOGNISED:
        wrong = [r for r in case.results if not r.foreign or r.state != ACCEPTED]
        cited = tuple(result.evidence for result in wrong or case.results)
        return (Verdict.NOT_MET if wrong else Verdict.MET), cited
    return Verdict.UNKNOWN, ()


def _evidence_covers(case: DeclarationCase) -> _Finding:
    claimed = frozenset(edition.id for edition in case.editions)
    if case.certificate is not None and case.basis in CERTIFICATION:
        listed = case.certificate.models
        covered = claimed <= case.certificate.edition_ids and (
            not listed or (bool(case.models) and case.models <= listed)
        )
        return (Verdict.MET if covered else Verdict.NOT_MET), (case.certificate.evidence,)
    if case.results and case.basis == RECOGNISED:
        covered = claimed <= {result.edition_id for result in case.results}
        verdict = Verdict.MET if covered else Verdict.NOT_MET
        return verdict, tuple(result.evidence for result in case.results)
    return Verdict.UNKNOWN, ()


def _within_certificate(case: DeclarationCase) -> _Finding:
    certificate = case.certificate
    if certificate is None or case.basis not in CERTIFICATION:
        return Verdict.NOT_APPLICABLE, ()
    within = certificate.valid_until is None or (
        case.valid_until is not None and case.valid_until <= certificate.valid_until
    )
    return (Verdict.MET if within else Verdict.NOT_MET), (certificate.evidence,)


CONDITIONS: dict[str, Callable[[DeclarationCase], _Finding]] = {
    "documents_in_force": _documents_in_force,
    "basis_suffices": _basis_suffices,
    "evidence_stands": _evidence_stands,
    "evidence_covers": _evidence_covers,
    "within_certificate": _within_certificate,
}
