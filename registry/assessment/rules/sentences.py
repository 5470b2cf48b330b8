"""Conditions and reasons in the reader's language, from the vocabularies' templates."""

from datetime import date
from decimal import Decimal
from typing import Any

from registry.assessment.rules.acceptance import Acceptance, Condition
from registry.assessment.rules.facts import Evidence, Label, in_language
from registry.assessment.rules.findings import Parameter, Reason, Word
from registry.assessment.rules.terms import Terms, bundled_terms

_LANGUAGES = ("vi", "en")
_DAY_FIRST = ("vi",)
_DECIMAL_COMMA = ("vi",)


def render(condition: Condition, language: str, terms: Terms | None = None) -> str:
    """One sentence: the verdict and, after a colon, each of its reasons."""
    terms = terms or bundled_terms()
    template = terms.sentence(condition.key, condition.verdict, language) or condition.key
    values = {name: _shown(value, language, terms) for name, value in condition.parameters.items()}
    lead = _filled(template, values)
    reasons = "; ".join(render_reason(reason, language, terms) for reason in condition.reasons)
    return f"{lead}: {reasons}." if reasons else f"{lead}."


def render_reason(reason: Reason, language: str, terms: Terms | None = None) -> str:
    """One reason as a clause without a full stop."""
    terms = terms or bundled_terms()
    template = terms.template("acceptance-reason", reason.key, "clause", language) or reason.key
    values = {name: _shown(value, language, terms) for name, value in reason.parameters.items()}
    return _filled(template, values)


def as_data(acceptance: Acceptance, terms: Terms | None = None) -> dict[str, Any]:
    """The acceptance as plain JSON data, with its sentences as they read on the day.

    Shape: ``{"outcome", "on", "conditions": [{"key", "verdict", "legal_basis": [key],
    "evidence": [{"reference", "label", "labels"?}], "reasons": [key],
    "sentences": {lang: text}}]}``.
    """
    return {
        "outcome": acceptance.outcome.value,
        "on": acceptance.on.isoformat(),
        "conditions": [
            {
                "key": condition.key,
                "verdict": condition.verdict.value,
                "legal_basis": list(condition.legal_basis),
                "evidence": [evidence_data(item) for item in condition.evidence],
                "reasons": [reason.key for reason in condition.reasons],
                "sentences": {
                    language: render(condition, language, terms) for language in _LANGUAGES
                },
            }
            for condition in acceptance.conditions
        ],
    }


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Evidence as JSON data; ``labels`` by language only where the words for it differ."""
    data: dict[str, Any] = {"reference": evidence.reference, "label": str(evidence.label)}
    if isinstance(evidence.label, Label) and len(set(evidence.label.texts.values())) > 1:
        data["labels"] = dict(evidence.label.texts)
    return data


class _Blanks(dict[str, str]):
    """Values of a template; one that is missing shows as a dash instead of failing."""

    def __missing__(self, name: str) -> str:
        return "–"


def _filled(template: str, values: dict[str, str]) -> str:
    return template.format_map(_Blanks(values))


def _shown(value: Parameter, language: str, terms: Terms) -> str:
    match value:
        case Word():
            text = terms.label(value.vocabulary, value.key, language)
        case tuple():
            text = ", ".join(_shown(item, language, terms) for item in value)
        case Label():
            text = in_language(value, language)
        case Decimal() if language in _DECIMAL_COMMA:
            text = str(value).replace(".", ",")
        case date() if language in _DAY_FIRST:
            text = f"{value.day:02}/{value.month:02}/{value.year:04}"
        case None:
            text = "–"
        case _:
            # Numbers as they are, dates as ISO 8601.
            text = str(value)
    return text
