"""Is there a path by which the obligation recognises the body's results?

Paths, in the order they are tried: designation at home; mutual arrangement
between governments; arrangement between bodies; unilateral recognition. Source:
Law 68/2006/QH11 article 57(1), Decree 22/2026/NĐ-CP articles 40 and 41.
"""

from collections.abc import Callable
from datetime import date

from registry.assessment.rules.case import Case, days_of, normal, same
from registry.assessment.rules.facts import (
    ArrangementFact,
    ArrangementScopeFact,
    DesignationFact,
    Evidence,
    joined,
)
from registry.assessment.rules.findings import (
    Finding,
    Word,
    all_of,
    any_of,
    fails,
    not_applicable,
    shown,
    unknown,
)
from registry.assessment.rules.membership import Member, ever_listed, member_on
from registry.assessment.rules.standing import by_events, in_period

DESIGNATED = "designated"
ARRANGEMENT_PATHS = ("mutual", "body_to_body", "unilateral")
PATHS = (DESIGNATED, *ARRANGEMENT_PATHS)

_INWARD = ("inward", "both")


def recognition_path(case: Case) -> Finding:
    """Some path is open on the day asked and was open on the days of the results.

    When none is, the reasons tell for each path what was missing.
    """
    if not case.obligation.recognition_required:
        return not_applicable()
    if case.report.body is None:
        return unknown("performer_unknown", case.report.evidence, tests=())
    findings = {DESIGNATED: _designated(case, case.report.body)} | {
        path: _by_arrangements(case, case.report.body, path) for path in ARRANGEMENT_PATHS
    }
    found = any_of(
        [*findings.values(), *_of_unknown_kind(case, case.report.body)], otherwise=shown()
    )
    if found.truth is True:
        path = next(path for path in PATHS if findings[path] is found)
        return Finding(
            True,
            evidence=found.evidence,
            parameters={"path": Word("recognition-path", path)},
            paths=frozenset({path}),
        )
    return Finding(found.truth, found.reasons, found.evidence, paths=frozenset(PATHS))


def _designated(case: Case, body: str) -> Finding:
    return any_of(
        (
            _designation_holds(case, designation)
            for designation in case.facts.designations
            if designation.body == body
            and same(designation.regulation, case.obligation.regulation)
            and case.concerns_activity(designation.activity)
        ),
        otherwise=fails("not_designated", case.report.evidence, regulation=case.obligation.label),
    )


def _designation_holds(case: Case, designation: DesignationFact) -> Finding:
    return _on_each_day(
        case,
        lambda day: all_of(
            [
                in_period(designation, day),
                by_events(designation, designation.events, day, case.terms),
            ]
        ),
    )


def _by_arrangements(case: Case, body: str, path: str) -> Finding:
    return any_of(
        (
            _arrangement_holds(case, arrangement, body)
            for arrangement in _concerned(case, body)
            if case.terms.recognition_path(arrangement.kind) == path
        ),
        otherwise=fails(
            "no_arrangement", case.report.evidence, paths=(Word("recognition-path", path),)
        ),
    )


def _concerned(case: Case, body: str) -> list[ArrangementFact]:
    """Arrangements that list the body, or to which it or its foreign country is a party."""
    country = case.body.country if case.body else None
    foreign = country if country != case.obligation.home_country else None
    return case.arrangements.once(
        ("concerned", case.terms, body, foreign),
        lambda: [
            arrangement
            for arrangement in case.arrangements
            if not case.terms.recognises_accreditors(arrangement.kind)
            and (
                body in arrangement.parties
                or (foreign is not None and foreign in arrangement.parties)
                or ever_listed(case, arrangement, body)
            )
        ],
    )


def _of_unknown_kind(case: Case, body: str) -> list[Finding]:
    return [
        unknown("kind_not_understood", arrangement.evidence, what=arrangement.label)
        for arrangement in _concerned(case, body)
        if not case.terms.knows_arrangement_kind(arrangement.kind)
    ]


def _arrangement_holds(case: Case, arrangement: ArrangementFact, body: str) -> Finding:
    parts = [
        in_period(arrangement, case.on),
        _phase_covers(case, arrangement),
        _scope_covers(case, arrangement),
    ]
    if body not in arrangement.parties:
        parts.append(
            _on_each_day(case, lambda day: member_on(case, arrangement, Member(body), day))
        )
    found = all_of(parts)
    if found.truth is not True or arrangement.article is None:
        return found
    article = Evidence(
        arrangement.reference, joined("{}, {}", arrangement.label, arrangement.article)
    )
    return shown(article, *(item for item in found.evidence if item != arrangement.evidence))


def _phase_covers(case: Case, arrangement: ArrangementFact) -> Finding:
    if not case.terms.has_phases(arrangement.kind):
        return shown(arrangement.evidence)
    what, result_type = arrangement.label, Word("result-type", case.report.result_type)
    if arrangement.phase is None:
        return unknown("phase_not_stated", arrangement.evidence, what=what)
    accepted = case.terms.phase_result_types(arrangement.phase)
    phase = Word("arrangement-phase", arrangement.phase)
    if accepted is None:
        return unknown("phase_not_understood", arrangement.evidence, what=what, phase=phase)
    if case.report.result_type in accepted:
        return shown(arrangement.evidence)
    return fails(
        "phase_does_not_cover",
        arrangement.evidence,
        what=what,
        phase=phase,
        result_type=result_type,
    )


def _scope_covers(case: Case, arrangement: ArrangementFact) -> Finding:
    """Narrow the lines step by step, so that the reason names the first thing amiss."""
    what, evidence = arrangement.label, arrangement.evidence
    if not arrangement.scope_lines:
        return unknown("scope_not_recorded", evidence, what=what)
    lines = [
        line
        for line in arrangement.scope_lines
        if line.regulation is None or same(line.regulation, case.obligation.regulation)
    ]
    if not lines:
        return fails(
            "regulation_not_in_scope", evidence, what=what, regulation=case.obligation.label
        )
    lines = [line for line in lines if line.result_type in (None, case.report.result_type)]
    if not lines:
        return fails(
            "result_type_not_in_scope",
            evidence,
            what=what,
            result_type=Word("result-type", case.report.result_type),
        )
    lines = [line for line in lines if line.direction in _INWARD]
    if not lines:
        return fails("other_direction_only", evidence, what=what)
    return any_of(
        (all_of([in_period(line, case.on), _product_in_line(case, line)]) for line in lines),
        otherwise=shown(),
    )


def _product_in_line(case: Case, line: ArrangementScopeFact) -> Finding:
    """HS codes decide when both sides have them; differing words alone prove nothing."""
    if line.hs_codes:
        ours = [_digits(code) for code in case.obligation.hs_codes]
        theirs = [_digits(code) for code in line.hs_codes]
        if any(our.startswith(their) for our in ours for their in theirs):
            return shown(line.evidence)
        if ours and not any(their.startswith(our) for our in ours for their in theirs):
            return fails("product_not_in_scope", line.evidence, what=line.label)
        return unknown("product_may_be_in_scope", line.evidence, what=line.label)
    if not line.product_words:
        return shown(line.evidence)
    ours = [normal(word) for word in case.obligation.product_words]
    theirs = [normal(word) for word in line.product_words]
    if any(our in their or their in our for our in ours for their in theirs if our and their):
        return shown(line.evidence)
    return unknown("product_may_be_in_scope", line.evidence, what=line.label)


def _on_each_day(case: Case, finding_on: Callable[[date], Finding]) -> Finding:
    """The finding on the day asked and on every day of the results."""
    days = {day for result in case.report.results for day in days_of(result)} | {case.on}
    undated = [
        unknown("test_date_unknown", result.evidence, tests=(result.characteristic,))
        for result in case.report.results
        if not days_of(result)
    ]
    return all_of([*(finding_on(day) for day in sorted(days)), *undated])


def _digits(hs_code: str) -> str:
    return "".join(character for character in hs_code if character.isdigit())
