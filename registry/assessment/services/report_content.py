"""Checks a report's content against the register and turns it into what is stored."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.assessment.models import Body
from registry.assessment.queries.references import read_designation
from registry.assessment.queries.report_facts import decision_rules, limits, measurement
from registry.assessment.rules.decision import DecisionRule, assess
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, plain
from registry.vocabulary.checks import require_term
from registry.vocabulary.queries import terms

_NO_GUARD_BAND = DecisionRule("simple_acceptance", Decimal(0))


def check_content(uow: UnitOfWork, data: Mapping[str, Any]) -> None:
    """Raise ``Invalid`` with every result's field that the register cannot make sense of."""
    if data["issued_on"] > uow.today:
        raise Invalid.one("issued_on", Message("The report is dated in the future."))
    require_term(uow, "result-type", data["result_type"], "result_type")
    rules = decision_rules(terms(uow.session, "decision-rule", AsOf(uow.today)))
    errors: dict[str, list[str]] = {}
    for index, result in enumerate(data["results"]):
        path = f"results.{index}"
        for problem in _problems(uow, stored_content(result), rules):
            errors |= {f"{path}.{field}": texts for field, texts in problem.fields.items()}
    if errors:
        raise Invalid(errors)


def stored_content(value: Any) -> Any:
    """Return loaded data as plain JSON values: numbers as the text that was reported."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: stored_content(item) for key, item in value.items()}
    if isinstance(value, list):
        return [stored_content(item) for item in value]
    return plain(value)


def _problems(
    uow: UnitOfWork, result: Mapping[str, Any], rules: Mapping[str, DecisionRule]
) -> list[Invalid]:
    problems = []
    for check in (_check_method, _check_provider, _check_statement):
        try:
            check(uow, result)
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


def _check_method(_: UnitOfWork, result: Mapping[str, Any]) -> None:
    if result["method"] is not None:
        read_designation(result["method"], "method")


def _check_provider(uow: UnitOfWork, result: Mapping[str, Any]) -> None:
    slug = result["provider"]
    if slug and uow.session.scalar(select(Body.id).where(Body.slug == slug)) is None:
        raise Invalid.one("provider", Message("The register knows no body of this name."))


def _check_statement(uow: UnitOfWork, result: Mapping[str, Any]) -> None:
    require_term(uow, "statement-of-conformity", result["statement"], "statement")
