"""Reads a submitted report, and what it is offered for, as the acceptance rules want it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from registry.assessment.models import Report
from registry.assessment.queries.acceptance_facts import body_reference, method_reference
from registry.assessment.queries.edition_periods import EditionPeriod
from registry.assessment.rules.decision import DecisionRule, Limits, Measurement
from registry.assessment.rules.facts import (
    EditionFact,
    ItemState,
    MethodReference,
    ObligationFact,
    ReplacementFact,
    ReportFact,
    ResultFact,
)
from registry.assessment.rules.terms import TermLike
from registry.assessment.units import Incommensurable, UnknownUnit, conversion

HOME_COUNTRY = "VN"

# Items of ISO/IEC 17025:2017, 7.8.2.1 that are one text of the report.
_TEXT_ITEMS = {
    "a": "title",
    "b": "laboratory_address",
    "c": "location",
    "e": "customer",
    "k": "sampling",
    "n": "deviations",
    "o": "authorised_by",
    "p": "external_results",
}


def decision_rules(terms: Iterable[TermLike]) -> dict[str, DecisionRule]:
    """Return the decision rules of the vocabulary by key."""
    return {
        term.key: DecisionRule.from_attributes(term.key, term.attributes)
        for term in terms
        if term.vocabulary == "decision-rule"
    }


class Product(NamedTuple):
    """The product at hand: words for it, and HS codes."""

    words: tuple[str, ...]
    hs_codes: tuple[str, ...]


def report_fact(
    report: Report,
    designation: str,
    *,
    rules: Mapping[str, DecisionRule],
    providers: Mapping[str, int | None],
    replacement: ReplacementFact | None = None,
) -> ReportFact:
    """Return a report with its results and what replaced it.

    ``designation`` is that of the edition it is offered for; ``providers`` maps the slugs
    of the bodies that the results name to their ids.
    """
    specification = method_reference(designation)
    return ReportFact(
        reference=f"report:{report.id}",
        label=report.number,
        body=body_reference(report.body_id),
        result_type=report.content["result_type"],
        issued_on=report.issued_on,
        results=tuple(
            _result_fact(
                report, index, item, specification=specification, rules=rules, providers=providers
            )
            for index, item in enumerate(report.content["results"])
        ),
        items=report_items(report.content),
        replacement=replacement,
    )


def _result_fact(
    report: Report,
    index: int,
    item: Mapping[str, Any],
    *,
    specification: MethodReference,
    rules: Mapping[str, DecisionRule],
    providers: Mapping[str, int | None],
) -> ResultFact:
    performer = providers.get(item["provider"])
    return ResultFact(
        reference=f"report:{report.id}",
        label=f"{report.number}, {index + 1}: {item['characteristic']}",
        characteristic=item["characteristic"],
        method=method_reference(item["method"]) if item["method"] else None,
        specification=specification,
        performed_on=_day(item["performed_on"]),
        performed_until=_day(item["performed_until"]),
        body=None if performer is None else body_reference(performer),
        statement=item["statement"],
        measurement=measurement(item),
        limits=limits(item),
        rule=rules.get(item["decision_rule"]) if item["decision_rule"] else None,
    )


def measurement(item: Mapping[str, Any]) -> Measurement | None:
    """Return the measured value of a result, where there is one."""
    if item["value"] is None:
        return None
    return Measurement(
        value=Decimal(item["value"]),
        expanded_uncertainty=_decimal(item["expanded_uncertainty"]),
        coverage_factor=_decimal(item["coverage_factor"]),
        unit=item["unit"],
    )


def limits(item: Mapping[str, Any]) -> Limits | None:
    """Return the limits of a result, where there are any, in the unit of its value.

    Where the two units cannot be compared the limits stay in their own, which no
    assessment accepts.
    """
    lower, upper = _decimal(item["limit_lower"]), _decimal(item["limit_upper"])
    if lower is None and upper is None:
        return None
    unit = item["limit_unit"] or item["unit"]
    if unit == item["unit"] or not item["unit"]:
        return Limits(lower, upper, unit)
    try:
        convert = conversion(unit, item["unit"])
    except (UnknownUnit, Incommensurable):
        return Limits(lower, upper, unit)
    if convert is not None:
        lower = None if lower is None else convert(lower)
        upper = None if upper is None else convert(upper)
    return Limits(lower, upper, item["unit"])


def report_items(content: Mapping[str, Any]) -> dict[str, ItemState]:
    """Return which items of ISO/IEC 17025:2017, 7.8.2.1 a report carries, by letter."""
    results = content["results"]
    item = content["item"]
    present = {letter: bool(content[name]) for letter, name in _TEXT_ITEMS.items()}
    present |= {
        "d": True,
        "f": all(result["method"] for result in results),
        "g": bool(item["description"]),
        "h": bool(item["received_on"] or item["sampled_on"]),
        "i": all(result["performed_on"] for result in results),
        "j": True,
        "l": content["relates_only_to_items"],
        # The submission schema lets no value through without its unit.
        "m": True,
    }
    absent = content["not_applicable"]
    return {
        letter: ItemState.PRESENT
        if there
        else ItemState.NOT_APPLICABLE
        if letter in absent
        else ItemState.ABSENT
        for letter, there in sorted(present.items())
    }


def obligation_fact(
    edition_id: int,
    designation: str,
    regulation: str,
    periods: Iterable[EditionPeriod],
    product: Product,
) -> ObligationFact:
    """Return the regulation that a report is offered for, with the product at hand.

    ``periods`` are those in which editions of the document ``regulation`` count.
    """
    return ObligationFact(
        reference=f"edition:{edition_id}",
        label=designation,
        regulation=regulation,
        home_country=HOME_COUNTRY,
        editions=tuple(
            EditionFact(
                reference=f"edition:{period.edition_id}",
                label=period.designation,
                valid_from=period.first,
                valid_until=period.last,
                edition=MethodReference(
                    period.document_key, period.edition_key, period.designation
                ),
            )
            for period in periods
        ),
        product_words=product.words,
        hs_codes=product.hs_codes,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
