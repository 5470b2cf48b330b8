"""Reads a submitted report, and what it is offered for, as the acceptance rules want it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import ApplicationRecord, Body, Report, ReportRecord
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
from registry.catalog.models import Document, Edition, Obligation
from registry.history import known

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


def report_fact(
    session: Session,
    report: Report,
    rules: Mapping[str, DecisionRule],
    position: int | None = None,
) -> ReportFact:
    """Return a report with its results and what replaced it, as known at ``position``."""
    providers = _providers(session, report.content)
    specification = method_reference(_designation(session, report.edition_id))
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
        replacement=_replacement(session, report, position),
    )


def _result_fact(
    report: Report,
    index: int,
    item: Mapping[str, Any],
    *,
    specification: MethodReference,
    rules: Mapping[str, DecisionRule],
    providers: Mapping[str, int],
) -> ResultFact:
    provider = item["provider"]
    return ResultFact(
        reference=f"report:{report.id}",
        label=f"{report.number}, {index + 1}: {item['characteristic']}",
        characteristic=item["characteristic"],
        method=method_reference(item["method"]) if item["method"] else None,
        specification=specification,
        performed_on=_day(item["performed_on"]),
        performed_until=_day(item["performed_until"]),
        body=body_reference(providers[provider]) if provider in providers else None,
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
    """Return the limits of a result, where there are any."""
    lower, upper = _decimal(item["limit_lower"]), _decimal(item["limit_upper"])
    if lower is None and upper is None:
        return None
    return Limits(lower, upper, item["limit_unit"] or item["unit"])


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
    session: Session,
    report: Report,
    periods: Iterable[EditionPeriod],
    position: int | None = None,
) -> ObligationFact:
    """Return the regulation that a report is offered for, with the product at hand."""
    edition, document = session.execute(
        select(Edition, Document)
        .join(Document, Document.id == Edition.document_id)
        .where(Edition.id == report.edition_id)
    ).one()
    words, codes = _product(session, report, position)
    return ObligationFact(
        reference=f"edition:{edition.id}",
        label=edition.designation,
        regulation=document.key,
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
            if period.document_key == document.key
        ),
        product_words=words,
        hs_codes=codes,
    )


def _product(
    session: Session, report: Report, position: int | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words and HS codes of the product: the application's, else the obligations'."""
    if report.application_id is not None:
        record = session.scalars(
            select(ApplicationRecord).where(
                ApplicationRecord.application_id == report.application_id,
                known(ApplicationRecord, position),
            )
        ).first()
        if record is not None:
            return tuple(record.product["name"].values()), tuple(record.product["hs"])
    rows = list(
        session.scalars(
            select(Obligation).where(
                Obligation.edition_id == report.edition_id, known(Obligation, position)
            )
        )
    )
    words = [text for row in rows for text in row.product.values()]
    codes = [code for row in rows for code in row.hs_codes]
    return tuple(words), tuple(codes)


def _providers(session: Session, content: Mapping[str, Any]) -> dict[str, int]:
    slugs = {result["provider"] for result in content["results"]} - {None}
    if not slugs:
        return {}
    rows = session.execute(select(Body.slug, Body.id).where(Body.slug.in_(slugs)))
    return dict(rows.all())


def _designation(session: Session, edition_id: int) -> str:
    return session.scalars(select(Edition.designation).where(Edition.id == edition_id)).one()


def _replacement(session: Session, report: Report, position: int | None) -> ReplacementFact | None:
    statement = (
        select(Report)
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .where(Report.replaces_id == report.id, known(ReportRecord, position))
    )
    newer = session.scalars(statement.order_by(Report.id.desc())).first()
    if newer is None:
        return None
    return ReplacementFact(
        reference=f"report:{newer.id}", label=newer.number, replaced_on=newer.issued_on
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
