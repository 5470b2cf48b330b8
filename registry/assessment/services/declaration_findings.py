"""Writes down why a declaration was registered or referred, as it reads on the day."""

from typing import Any

from registry.assessment.rules.declaration import DeclarationFinding, DeclarationJudgement
from registry.config import LANGUAGES
from registry.history import AsOf, covers
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.models import Term
from registry.vocabulary.queries import terms


def findings_as_data(uow: UnitOfWork, judgement: DeclarationJudgement) -> list[dict[str, Any]]:
    """Return the conditions as plain data, in the shape of ``rules.sentences.as_data``."""
    as_of = AsOf(uow.today)
    conditions = {term.key: term for term in terms(uow.session, "declaration-condition", as_of)}
    bases = {
        term.key
        for term in terms(uow.session, "legal-basis", as_of)
        if covers(term.valid_from, term.valid_until, uow.today)
    }
    return [_data(finding, conditions[finding.key], bases) for finding in judgement.findings]


def _data(finding: DeclarationFinding, term: Term, bases: set[str]) -> dict[str, Any]:
    named = ", ".join(item.label for item in finding.evidence)
    sentences = term.attributes["sentences"][finding.verdict]
    return {
        "key": finding.key,
        "verdict": finding.verdict.value,
        "sentences": {
            language: sentences[language].format(evidence=named) for language in LANGUAGES
        },
        "legal_basis": [key for key in term.attributes["legal_basis"] if key in bases],
        "evidence": [
            {"reference": item.reference, "label": item.label} for item in finding.evidence
        ],
    }
