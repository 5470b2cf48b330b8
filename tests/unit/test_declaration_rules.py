"""When a declaration is registered at once: a table of cases, each spoilt in one fact."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.assessment.rules.declaration import (
    DESIGNATED,
    OWN_ASSESSMENT,
    RECOGNISED,
    REGISTERED,
    CertificateBasis,
    ClaimedEdition,
    DeclarationCase,
    Outcome,
    ResultBasis,
    judge_declaration,
)
from registry.assessment.rules.declaration_status import declaration_status

ON = date(2026, 11, 20)
LAST = date(2028, 11, 20)

QCVN = ClaimedEdition(1, "QCVN 135:2024/BTTTT", True, "in-force", frozenset({DESIGNATED}))
TCVN = ClaimedEdition(2, "TCVN 9:2020", False, "in-force")
CERTIFICATE = CertificateBasis(7, "VN-1", True, frozenset({1}), "in_force", LAST, frozenset("AB"))
RESULT = ResultBasis(5, "KR-1", True, 1, "accepted")
SOUND = DeclarationCase(
    on=ON,
    basis=DESIGNATED,
    valid_from=ON,
    valid_until=LAST,
    editions=(QCVN,),
    models=frozenset("A"),
    certificate=CERTIFICATE,
)
FOREIGN = replace(
    SOUND,
    basis=RECOGNISED,
    certificate=None,
    results=(RESULT,),
    editions=(replace(QCVN, bases=frozenset({RECOGNISED})),),
)


def verdicts(case: DeclarationCase) -> dict[str, str]:
    return {finding.key: finding.verdict.value for finding in judge_declaration(case).findings}


@pytest.mark.parametrize("case", [SOUND, FOREIGN], ids=["certificate", "foreign"])
def test_what_the_register_can_show_is_registered_at_once(case: DeclarationCase) -> None:
    assert judge_declaration(case).outcome is Outcome.REGISTER


def edition(**changes: Any) -> tuple[ClaimedEdition, ...]:
    return (replace(QCVN, **changes),)


SPOILT: list[tuple[DeclarationCase, str, str]] = [
    (replace(SOUND, editions=edition(status="withdrawn")), "documents_in_force", "not_met"),
    (replace(SOUND, editions=edition(status="superseded")), "documents_in_force", "not_met"),
    (replace(SOUND, editions=edition(status="not-yet-in-force")), "documents_in_force", "not_met"),
    (replace(SOUND, editions=edition(status="unknown")), "documents_in_force", "unknown"),
    (replace(SOUND, basis=OWN_ASSESSMENT), "basis_suffices", "not_met"),
    (replace(SOUND, basis=REGISTERED), "basis_suffices", "not_met"),
    (
        replace(SOUND, basis=REGISTERED, editions=edition(bases=frozenset())),
        "basis_suffices",
        "unknown",
    ),
    (replace(SOUND, certificate=replace(CERTIFICATE, own=False)), "evidence_stands", "not_met"),
    (
        replace(SOUND, certificate=replace(CERTIFICATE, status="suspended")),
        "evidence_stands",
        "not_met",
    ),
    (
        replace(SOUND, certificate=replace(CERTIFICATE, status="expired")),
        "evidence_stands",
        "not_met",
    ),
    (replace(SOUND, certificate=None), "evidence_stands", "unknown"),
    (replace(SOUND, models=frozenset("AZ")), "evidence_covers", "not_met"),
    (replace(SOUND, models=frozenset()), "evidence_covers", "not_met"),
    (replace(SOUND, editions=(QCVN, TCVN)), "evidence_covers", "not_met"),
    (replace(SOUND, valid_until=date(2029, 1, 1)), "within_certificate", "not_met"),
    (replace(SOUND, valid_until=None), "within_certificate", "not_met"),
    (replace(FOREIGN, results=(replace(RESULT, foreign=False),)), "evidence_stands", "not_met"),
    (replace(FOREIGN, results=(replace(RESULT, state="refused"),)), "evidence_stands", "not_met"),
    (replace(FOREIGN, results=(replace(RESULT, edition_id=9),)), "evidence_covers", "not_met"),
    (replace(FOREIGN, results=()), "evidence_stands", "unknown"),
]


@pytest.mark.parametrize(("case", "key", "verdict"), SPOILT)
def test_what_it_cannot_show_is_for_an_officer(
    case: DeclarationCase, key: str, verdict: str
) -> None:
    assert verdicts(case)[key] == verdict
    assert judge_declaration(case).outcome is Outcome.REFER


def test_a_certificate_that_lists_no_models_covers_them_all() -> None:
    case = replace(SOUND, certificate=replace(CERTIFICATE, models=frozenset()))
    assert judge_declaration(case).outcome is Outcome.REGISTER


def test_a_standard_is_declared_voluntarily_on_any_basis() -> None:
    case = replace(SOUND, basis=OWN_ASSESSMENT, editions=(TCVN,), certificate=None)
    assert verdicts(case)["basis_suffices"] == "not_applicable"
    assert verdicts(case)["within_certificate"] == "not_applicable"
    assert verdicts(case)["evidence_stands"] == "unknown"


class Event:
    def __init__(self, kind: str, effective_on: date) -> None:
        self.kind, self.effective_on, self.reason = kind, effective_on, "Thử lại"


def test_the_status_follows_the_certificate_but_its_own_end_comes_first() -> None:
    suspended = (SOUND, [Event("suspended", date(2027, 1, 1))])
    before = declaration_status(SOUND, [], suspended, date(2026, 12, 31))
    after = declaration_status(SOUND, [], suspended, date(2027, 1, 1))
    assert (before.key, after.key) == ("in_force", "without_basis")
    assert (after.since, after.reason) == (date(2027, 1, 1), "Thử lại")
    ended = [Event("withdrawn", date(2026, 12, 1))]
    own = declaration_status(SOUND, ended, suspended, date(2027, 2, 1))
    assert (own.key, own.since) == ("withdrawn", date(2026, 12, 1))
