"""Checks a report's content against the register and turns it into what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import Body
from registry.assessment.queries.references import read_designation
from registry.assessment.queries.report_facts import decision_rules, limits, measurement
from registry.assessment.rules.decision import DecisionRule, assess
from registry.assessment.services.report_units import check_units
from registry.errors import Invalid
from registry.messages import Message
from registry.unit_of_work import plain
from registry.vocabulary.checks import check_key
from registry.vocabulary.queries import TermRow, terms_on

_NO_GUARD_BAND = DecisionRule("simple_acceptance", Decimal(0))


def check_content(session: Session, today: date, content: Mapping[str, Any]) -> None:
    """Raise ``Invalid`` with every result's field that the register cannot make sense of.

    Content as ``stored_content`` gives it.
    """
    if date.fromisoformat(content["issued_on"]) > today:
        raise Invalid.one("issued_on", Message("The report is dated in the future."))
    terms = terms_on(session, today)
    check_key(_keys(terms, "result-type"), content["result_type"], "result_type")
    known = _Known(
        session,
        _keys(terms, "statement-of-conformity"),
        decision_rules(terms["decision-rule"]),
    )
    errors: dict[str, list[str]] = {}
    for index, result in enumerate(content["results"]):
        path = f"results.{index}"
        for problem in _problems(known, result):
            errors |= {f"{path}.{field}": texts for field, texts in problem.fields.items()}
    if errors:
        raise Invalid(errors)


def stored_content(value: Any) -> Any:
    """Return loaded data as plain JSON values: numbers as the text that was reported."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: stored_content(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stored_content(item) for item in value]
    return plain(value)


class _Known(NamedTuple):
    """What results are checked against: the register, and the terms of the day."""

    session: Session
    statements: Sequence[str]
    rules: Mapping[str, DecisionRule]


def _keys(terms: Mapping[str, Sequence[TermRow]], vocabulary: str) -> list[str]:
    return [term.key for term in terms[vocabulary]]


def _problems(known: _Known, result: Mapping[str, Any]) -> list[Invalid]:
    rules = known.rules
    problems = []
    for check in (_check_method, _check_provider, _check_statement, _check_units):
        try:
            check(known, result)
        except Invalid as problem:
            problems.append(problem)
    key = result["decision_rule"]
    if key is not None and key not in rules:
        message = Message(
            "“{key}” is not known here; choose one of: {keys}.", key=key, keys=", ".join(rules)
        )
        problems.append(Invalid.one("decision_rule", message))
    measured, bounds = measurement(result), limits(result)
    if measured is not None and bounds is not None:
        try:
            assess(measured, bounds, rules.get(key) or _NO_GUARD_BAND)
        except Invalid as problem:
            problems.append(problem)
    return problems


def _check_method(_: _Known, result: Mapping[str, Any]) -> None:
    if result["method"] is not None:
        read_designation(result["method"], "method")


def _check_units(_: _Known, result: Mapping[str, Any]) -> None:
    check_units(result)


def _check_provider(known: _Known, result: Mapping[str, Any]) -> None:
    slug = result["provider"]
    if slug and known.session.scalar(select(Body.id).where(Body.slug == slug)) is None:
        raise Invalid.one("provider", Message("The register knows no body of this name."))


def _check_statement(known: _Known, result: Mapping[str, Any]) -> None:
    check_key(known.statements, result["statement"], "statement")
