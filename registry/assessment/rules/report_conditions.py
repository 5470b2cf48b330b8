"""Conditions on the report itself: issuer, editions, completeness, currency, statements."""

from collections import Counter

from registry.assessment.rules.case import Case, same
from registry.assessment.rules.decision import Outcome, assess, statement_agrees
from registry.assessment.rules.facts import EditionFact, ItemState, MethodReference, ResultFact
from registry.assessment.rules.findings import (
    Finding,
    Parameter,
    Reason,
    Word,
    all_of,
    any_of,
    fails,
    not_applicable,
    shown,
    unknown,
)
from registry.assessment.rules.standing import by_events, in_period
from registry.errors import Invalid


def body_registered(case: Case) -> Finding:
    """The register keeps the body that issued the report on the day asked."""
    if case.report.body is None:
        return unknown("performer_unknown", case.report.evidence, tests=())
    if case.body is None:
        return fails("body_not_registered", case.report.evidence)
    return in_period(case.body, case.on)


def edition_accepted(case: Case) -> Finding:
    """What was tested to the regulation was tested to an edition accepted on the day asked.

    Results to documents that the regulation does not name are further information
    and do not count here.
    """
    accepted = case.obligation.editions
    if not accepted:
        return unknown("accepted_editions_unknown", case.obligation.evidence)
    documents = {fact.edition.document for fact in accepted}
    findings = [
        _edition(case, result, tested)
        for result in case.report.results
        if (tested := result.specification or result.method) is not None
        and any(same(tested.document, document) for document in documents)
    ]
    if findings:
        return all_of(findings)
    unclear = [
        result for result in case.report.results if (result.specification or result.method) is None
    ]
    if unclear or not case.report.results:
        return unknown("edition_tested_unknown", case.report.evidence)
    return fails("not_tested_to_regulation", case.report.evidence, regulation=case.obligation.label)


def report_complete(case: Case) -> Finding:
    """The report carries every item of ISO/IEC 17025:2017, 7.8.2.1 that applies to it."""
    governed = case.terms.has_report_items(case.report.result_type)
    result_type = Word("result-type", case.report.result_type)
    if governed is None:
        return unknown("result_type_not_understood", case.report.evidence, result_type=result_type)
    if not governed:
        return not_applicable()
    lacking, unclear = [], []
    for letter, may_not_apply in case.terms.report_items.items():
        state = case.report.items.get(letter)
        excused = state is ItemState.NOT_APPLICABLE and may_not_apply
        if state is None:
            unclear.append(Word("report-item", letter))
        elif state is not ItemState.PRESENT and not excused:
            lacking.append(Word("report-item", letter))
    parts = [shown(case.report.evidence)]
    if lacking:
        parts.append(fails("items_lacking", case.report.evidence, items=tuple(lacking)))
    if unclear:
        parts.append(unknown("items_unknown", case.report.evidence, items=tuple(unclear)))
    return all_of(parts)


def report_current(case: Case) -> Finding:
    """The report was issued, and not replaced, suspended or expired, by the day asked.

    Source: ISO/IEC 17025:2017, 7.8.8 (amendments to reports).
    """
    report = case.report
    parts = [by_events(report, report.events, case.on, case.terms)]
    if report.issued_on is None:
        parts.append(unknown("issue_date_unknown", report.evidence))
    elif report.issued_on > case.on:
        parts.append(
            fails(
                "not_yet",
                report.evidence,
                what=report.label,
                since=report.issued_on,
                days=(case.on,),
            )
        )
    if report.valid_until is not None and case.on > report.valid_until:
        parts.append(
            fails(
                "ended",
                report.evidence,
                what=report.label,
                until=report.valid_until,
                days=(case.on,),
            )
        )
    if report.replacement is not None:
        by, since = report.replacement.evidence, report.replacement.replaced_on
        if since is None:
            parts.append(unknown("replaced_at_unknown_date", by, by=by.label))
        elif since <= case.on:
            parts.append(fails("replaced", by, by=by.label, since=since))
    parts.append(shown(report.evidence))
    return all_of(parts)


def statements_hold(case: Case) -> Finding:
    """No statement of conformity contradicts the numbers it was made from (7.8.6).

    A statement without numbers stands alone. That a statement holds does not mean
    that it is favourable: ``parameters`` count those that say "fail".
    """
    results = case.report.results
    if not results:
        return unknown("no_results", case.report.evidence)
    found = all_of(_statement(result) for result in results)
    stated = Counter(result.statement for result in results)
    failing = stated[Outcome.FAIL] + stated[Outcome.CONDITIONAL_FAIL]
    parameters = {"results": len(results), "unfavourable": failing}
    return Finding(found.truth, found.reasons, found.evidence, parameters=parameters)


def _edition(case: Case, result: ResultFact, tested: MethodReference) -> Finding:
    tests = (result.characteristic,)
    any_edition = [
        fact
        for fact in case.obligation.editions
        if fact.edition.edition is None and same(fact.edition.document, tested.document)
    ]
    if tested.edition is None and not any_edition:
        return unknown("edition_not_stated", result.evidence, tests=tests, method=tested.label)
    # A regulation that names a document without a year accepts every edition of it.
    return case.once(
        ("edition accepted", tested), lambda: _accepted_on(case, tested, any_edition)
    ).about(tests)


def _accepted_on(case: Case, tested: MethodReference, any_edition: list[EditionFact]) -> Finding:
    windows = any_edition + [
        fact
        for fact in case.obligation.editions
        if same(fact.edition.document, tested.document)
        and fact.edition.edition is not None
        and tested.edition is not None
        and same(fact.edition.edition, tested.edition)
    ]
    return any_of(
        (in_period(fact, case.on) for fact in windows),
        otherwise=fails(
            "edition_not_accepted",
            case.obligation.evidence,
            method=tested.label,
            days=(case.on,),
        ),
    )


def _statement(result: ResultFact) -> Finding:
    tests = (result.characteristic,)
    if result.measurement is None or result.limits is None:
        if result.statement is None:
            return unknown("statement_missing", result.evidence, tests=tests)
        return shown(result.evidence)
    if result.rule is None:
        return unknown("decision_rule_missing", result.evidence, tests=tests)
    try:
        verdict = assess(result.measurement, result.limits, result.rule)
    except Invalid:
        return unknown("numbers_unusable", result.evidence, tests=tests)
    agreement = statement_agrees(result.statement, verdict)
    if agreement.agrees:
        return shown(result.evidence)
    parameters: dict[str, Parameter] = {
        "tests": tests,
        "value": verdict.value,
        "unit": result.measurement.unit,
        "stated": None
        if result.statement is None
        else Word("statement-of-conformity", result.statement),
        "computed": Word("statement-of-conformity", verdict.outcome),
        "rule": Word("decision-rule", result.rule.key),
    }
    reason = Reason(agreement.reason or "statement_missing", parameters, (result.evidence,))
    return Finding(agreement.agrees, (reason,), (result.evidence,))
