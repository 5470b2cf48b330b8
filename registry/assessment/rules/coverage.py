"""Does an accreditation cover each result on its date, under an accreditor then recognised?"""

from collections.abc import Hashable, Sequence
from datetime import date

from registry.assessment.rules.case import Case, days_of, same
from registry.assessment.rules.facts import (
    AccreditationFact,
    MethodReference,
    ResultFact,
    ScopeLineFact,
)
from registry.assessment.rules.findings import (
    Finding,
    all_of,
    any_of,
    fails,
    not_applicable,
    shown,
    unknown,
)
from registry.assessment.rules.membership import Member, member_on
from registry.assessment.rules.standing import by_events, in_period


def accreditation_covers_each_test(case: Case) -> Finding:
    """Every result was produced inside an accredited scope in force on its days.

    Source: ISO/IEC 17011 scopes; TBT Agreement 6.1.1 (accreditation as an
    indication of competence). It is not asked where a scheme answers for its laboratories.
    """
    if case.terms.laboratories_by_scheme(case.report.result_type):
        return not_applicable()
    if not case.report.results:
        return unknown("no_results", case.report.evidence)
    return all_of(_covered(case, result) for result in case.report.results)


def accreditor_signatory(case: Case) -> Finding:
    """The accreditor was a signatory of a multilateral arrangement on each result's days.

    Judged on the accreditations that cover the result, so that the coverage of one
    accreditation is never joined to the standing of another's accreditor.
    """
    if case.terms.laboratories_by_scheme(case.report.result_type):
        return not_applicable()
    if not case.report.results:
        return unknown("no_results", case.report.evidence)
    return all_of(_recognised(case, result) for result in case.report.results)


def _covered(case: Case, result: ResultFact) -> Finding:
    body = case.performer(result)
    if body is None:
        return unknown("performer_unknown", result.evidence, tests=(result.characteristic,))
    findings = (
        _covered_by(case, result, accreditation) for accreditation in case.accreditations_of(body)
    )
    return any_of(
        findings,
        otherwise=fails("no_accreditation", case.report.evidence, tests=(result.characteristic,)),
    )


def _recognised(case: Case, result: ResultFact) -> Finding:
    tests = (result.characteristic,)
    coverage = [
        (accreditation, _covered_by(case, result, accreditation))
        for accreditation in case.accreditations_of(case.performer(result))
    ]
    covering = [pair for pair in coverage if pair[1].truth is True]
    possible = [pair for pair in coverage if pair[1].truth is None]
    if not coverage:
        return fails("no_accreditor", case.report.evidence, tests=tests)
    found = any_of(
        (_signatory(case, result, accreditation) for accreditation, _ in covering or coverage),
        otherwise=shown(),
    )
    if found.truth is False and covering and possible:
        # Another accreditation may turn out to cover the result.
        others = [_signatory(case, result, accreditation) for accreditation, _ in possible]
        if any(other.truth is not False for other in others):
            return Finding(None, found.reasons, found.evidence)
    return found


def _covered_by(case: Case, result: ResultFact, accreditation: AccreditationFact) -> Finding:
    key = ("covered", id(result), id(accreditation))
    return case.once(key, lambda: _find_coverage(case, result, accreditation))


def _find_coverage(case: Case, result: ResultFact, accreditation: AccreditationFact) -> Finding:
    tests = (result.characteristic,)
    method = result.method
    if method is None:
        return unknown("method_unknown", result.evidence, tests=tests)
    lines = [line for line in accreditation.scope_lines if _same_matter(case, line, result)]
    if not lines:
        return fails(
            "method_not_in_scope",
            accreditation.evidence,
            tests=tests,
            method=method.label,
            accreditation=accreditation.label,
        )
    days = _days_to_check(result, accreditation)
    if not days:
        return unknown("test_date_unknown", result.evidence, tests=tests)
    return case.once(
        _matter(accreditation, lines, result, days),
        lambda: any_of(
            (
                all_of(
                    [
                        _edition_in_line(case, line, result, method),
                        *(_in_force(case, accreditation, line, day) for day in days),
                    ]
                )
                for line in lines
            ),
            otherwise=shown(),
        ),
    ).about(tests)


def _matter(
    accreditation: AccreditationFact,
    lines: Sequence[ScopeLineFact],
    result: ResultFact,
    days: tuple[date, ...],
) -> Hashable:
    """What results must share to be covered or not for the same reasons.

    A result that does not state its edition is named as evidence, so it shares with no other.
    """
    stated = result.method is not None and result.method.edition is not None
    own = None if stated else id(result)
    return ("lines", id(accreditation), *map(id, lines), result.method, days, own)


def _same_matter(case: Case, line: ScopeLineFact, result: ResultFact) -> bool:
    """Whether the line is about this activity, document and characteristic, dates aside."""
    if result.method is None or not case.concerns_activity(line.activity):
        return False
    if not same(line.method.document, result.method.document):
        return False
    return not line.characteristics or any(
        same(characteristic, result.characteristic) for characteristic in line.characteristics
    )


def _edition_in_line(
    case: Case, line: ScopeLineFact, result: ResultFact, method: MethodReference
) -> Finding:
    if line.method.edition is None:
        return _edition_current(case, line, result, method)
    if method.edition is None:
        return unknown("edition_not_stated", result.evidence, method=method.label)
    if same(line.method.edition, method.edition):
        return shown(line.evidence)
    return fails(
        "edition_not_in_scope", line.evidence, method=method.label, accredited=line.method.label
    )


def _edition_current(
    case: Case, line: ScopeLineFact, result: ResultFact, method: MethodReference
) -> Finding:
    """An undated reference means the current edition; only a known other edition fails."""
    if method.edition is None:
        return shown(line.evidence)
    known = [
        fact
        for fact in case.facts.method_editions
        if same(fact.edition.document, method.document)
        and fact.edition.edition is not None
        and same(fact.edition.edition, method.edition)
    ]
    for fact in known:
        for day in days_of(result):
            if fact.valid_until is not None and day > fact.valid_until:
                return fails(
                    "edition_no_longer_current",
                    line.evidence,
                    fact.evidence,
                    method=method.label,
                    until=fact.valid_until,
                    days=(day,),
                )
    return shown(line.evidence, *(fact.evidence for fact in known))


def _in_force(
    case: Case, accreditation: AccreditationFact, line: ScopeLineFact, day: date
) -> Finding:
    return case.once(
        ("in force", id(accreditation), id(line), day),
        lambda: all_of(
            [
                in_period(accreditation, day),
                by_events(accreditation, accreditation.events, day, case.terms, line.reference),
                in_period(line, day),
            ]
        ),
    )


def _days_to_check(result: ResultFact, accreditation: AccreditationFact) -> tuple[date, ...]:
    """First and last day and, between them, each day on which the standing changed."""
    days = days_of(result)
    if len(days) < 2:
        return days
    changes = {
        event.effective_on
        for event in accreditation.events
        if event.effective_on is not None and days[0] < event.effective_on < days[1]
    }
    return tuple(sorted({*days, *changes}))


def _signatory(case: Case, result: ResultFact, accreditation: AccreditationFact) -> Finding:
    tests = (result.characteristic,)
    days = days_of(result)
    if not days:
        return unknown("test_date_unknown", result.evidence, tests=tests)
    return case.once(
        ("signatory", id(accreditation), days), lambda: _signed_on(case, accreditation, days)
    ).about(tests)


def _signed_on(case: Case, accreditation: AccreditationFact, days: tuple[date, ...]) -> Finding:
    if accreditation.accreditor is None:
        return unknown("accreditor_unknown", accreditation.evidence)
    signatory = Member(accreditation.accreditor, accreditation.standard)
    return all_of(
        _signed(case, signatory, day).summed_up_as(
            "accreditor_not_signatory",
            accreditation.evidence,
            accreditor=accreditation.accreditor_label,
            standard=accreditation.standard,
            days=(day,),
        )
        for day in days
    )


def _signed(case: Case, signatory: Member, day: date) -> Finding:
    return case.arrangements.once(
        ("signed", case.terms, signatory, day),
        lambda: any_of(
            (
                member_on(case, arrangement, signatory, day)
                for arrangement in case.arrangements
                if case.terms.recognises_accreditors(arrangement.kind)
            ),
            otherwise=fails("accreditor_not_signatory"),
        ),
    )
