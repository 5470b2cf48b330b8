"""Properties of decision rules, acceptance and certificate numbers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.assessment.numbers import NumberReading, make, parse
from registry.assessment.rules.acceptance import (
    CONDITIONS,
    AcceptanceOutcome,
    ConditionVerdict,
    evaluate,
    outcome_of,
)
from registry.assessment.rules.decision import (
    DecisionRule,
    Limits,
    Measurement,
    Outcome,
    assess,
    statement_agrees,
)
from registry.assessment.rules.facts import (
    AccreditationFact,
    ArrangementFact,
    ArrangementScopeFact,
    BodyFact,
    DesignationFact,
    EditionFact,
    Facts,
    ItemState,
    ListingFact,
    MethodEditionFact,
    MethodReference,
    ObligationFact,
    ReplacementFact,
    ReportFact,
    ResultFact,
    ScopeLineFact,
    StatusEventFact,
)
from registry.assessment.rules.figure import figure_geometry
from registry.assessment.rules.sentences import as_data
from tests.support import acceptance_facts as sound

decimals = st.decimals(-1000, 1000, places=3)
widths = st.decimals("0.001", 100, places=3)


@st.composite
def assessed(draw: st.DrawFn) -> tuple[Measurement, Limits, DecisionRule]:
    low, high = sorted([draw(decimals), draw(decimals)])
    sides = draw(st.sampled_from([(low, high), (None, high), (low, None)]))
    measurement = Measurement(draw(decimals), draw(widths), Decimal(2), "V")
    rule = DecisionRule("guard", draw(st.decimals(0, 3, places=2)), draw(st.booleans()))
    return measurement, Limits(*sides, "V"), rule


@given(assessed())
def test_probabilities_complete_each_other(
    case: tuple[Measurement, Limits, DecisionRule],
) -> None:
    verdict = assess(*case)
    assert verdict.conformance_probability is not None
    assert verdict.consumer_risk is not None
    assert 0 <= verdict.conformance_probability <= 1
    assert verdict.conformance_probability + verdict.consumer_risk == pytest.approx(1)


@given(assessed())
def test_a_wider_guard_band_never_accepts_more(
    case: tuple[Measurement, Limits, DecisionRule],
) -> None:
    measurement, limits, rule = case
    order = list(Outcome)
    wider = replace(rule, guard_factor=rule.guard_factor + 1)
    if assess(measurement, limits, rule).outcome is not Outcome.PASS:
        assert assess(measurement, limits, wider).outcome is not Outcome.PASS
    binary = assess(measurement, limits, replace(rule, binary=True)).outcome
    shaded = assess(measurement, limits, replace(rule, binary=False)).outcome
    assert order.index(shaded) <= order.index(binary)
    assert (shaded is Outcome.PASS) == (binary is Outcome.PASS)


@given(assessed())
def test_mirrored_numbers_get_the_same_verdict(
    case: tuple[Measurement, Limits, DecisionRule],
) -> None:
    measurement, limits, rule = case
    mirrored = Limits(
        None if limits.upper is None else -limits.upper,
        None if limits.lower is None else -limits.lower,
        "V",
    )
    one = assess(measurement, limits, rule)
    other = assess(replace(measurement, value=-measurement.value), mirrored, rule)
    assert one.outcome is other.outcome
    assert one.consumer_risk == pytest.approx(other.consumer_risk)


@given(assessed(), st.sampled_from(Outcome))
def test_only_the_recomputed_statement_agrees(
    case: tuple[Measurement, Limits, DecisionRule], statement: Outcome
) -> None:
    verdict = assess(*case)
    agreement = statement_agrees(statement, verdict)
    assert agreement.agrees is (statement is verdict.outcome)
    assert (agreement.reason is None) is agreement.agrees


@given(assessed())
def test_picture_is_covered_by_zones_and_shows_the_value_in_its_own(
    case: tuple[Measurement, Limits, DecisionRule],
) -> None:
    measurement, limits, rule = case
    picture = figure_geometry(measurement, limits, assess(measurement, limits, rule), 320)
    assert picture.zones[0].start == 0
    assert picture.zones[-1].end == 320
    for left, right in zip(picture.zones, picture.zones[1:], strict=False):
        assert left.end == right.start
        assert left.kind is not right.kind
    around = {zone.kind for zone in picture.zones if zone.start <= picture.value <= zone.end}
    # Equal limits leave a single point to conform, which no stretch of the axis can show.
    assert picture.outcome in around or limits.lower == limits.upper


# Acceptance: any facts at all, drawn from few keys so that they concern each other.

days = st.none() | st.dates(date(2025, 10, 1), date(2026, 4, 30))
bodies = st.sampled_from([sound.LAB, sound.KOLAS, "body:3"])
documents = st.sampled_from(["qcvn-135", "etsi-en-303-645", "x"])
references = st.builds(
    MethodReference,
    document=documents,
    edition=st.sampled_from([None, "2024", "V2.1.1"]),
    label=st.text(max_size=5),
)
named = {"reference": st.sampled_from(["a:1", "a:2", "a:3"]), "label": st.text(max_size=5)}
dated = {**named, "valid_from": days, "valid_until": days}


def some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


events = some(
    st.builds(
        StatusEventFact,
        **named,
        kind=st.sampled_from(["granted", "suspended", "reinstated", "reduced", "withdrawn", "?"]),
        effective_on=days,
        effective_until=days,
        scope_lines=some(named["reference"], 1),
    )
)
scope_lines = some(
    st.builds(
        ScopeLineFact,
        **dated,
        method=references,
        activity=st.sampled_from([None, "testing", "inspection"]),
        characteristics=some(st.sampled_from(["a", "b"]), 1),
    )
)
accreditations = some(
    st.builds(
        AccreditationFact,
        **dated,
        body=bodies,
        accreditor=st.none() | bodies,
        accreditor_label=st.text(max_size=5),
        standard=st.sampled_from(["ISO/IEC 17025", "ISO/IEC 17020"]),
        events=events,
        scope_lines=scope_lines,
    )
)
arrangements = some(
    st.builds(
        ArrangementFact,
        **dated,
        kind=st.sampled_from(
            ["mutual_government", "mutual_bodies", "unilateral", "multilateral_accreditation", "?"]
        ),
        phase=st.sampled_from([None, "I", "II", "?"]),
        parties=some(st.sampled_from(["VN", "KR", sound.LAB])),
        article=st.none() | st.text(max_size=5),
        scope_lines=some(
            st.builds(
                ArrangementScopeFact,
                **dated,
                regulation=st.none() | documents,
                product_words=some(st.text(max_size=3), 1),
                hs_codes=some(st.sampled_from(["8525", "8517.62", ""]), 1),
                result_type=st.sampled_from([None, "test_report", "certificate_of_conformity"]),
                direction=st.sampled_from(["inward", "outward", "both", "?"]),
            )
        ),
        listings=some(
            st.builds(
                ListingFact, **dated, body=bodies, standard=st.sampled_from([None, "ISO/IEC 17025"])
            )
        ),
        covers_all_bodies=st.booleans(),
        predecessors=some(named["reference"]),
        inherits_listings=st.booleans(),
        transition_until=days,
    ),
    most=3,
)
some_facts = st.builds(
    Facts,
    bodies=some(st.builds(BodyFact, **{**dated, "reference": bodies}, country=st.just("KR"))),
    accreditations=accreditations,
    designations=some(
        st.builds(DesignationFact, **dated, body=bodies, regulation=documents, events=events)
    ),
    arrangements=arrangements,
    method_editions=some(st.builds(MethodEditionFact, **dated, edition=references), 1),
)
some_reports = st.builds(
    ReportFact,
    **named,
    body=st.none() | bodies,
    result_type=st.sampled_from(["test_report", "certificate_of_conformity", "?"]),
    issued_on=days,
    results=some(
        st.builds(
            ResultFact,
            **named,
            characteristic=st.sampled_from(["a", "b", ""]),
            method=st.none() | references,
            specification=st.none() | references,
            performed_on=days,
            performed_until=days,
            body=st.none() | bodies,
            statement=st.sampled_from([None, "pass", "fail", "{x}"]),
            measurement=st.none()
            | st.builds(
                Measurement,
                st.decimals(),
                st.none() | st.decimals(),
                st.none() | st.decimals(),
                st.sampled_from(["V", ""]),
            ),
            limits=st.none()
            | st.builds(Limits, st.none() | st.decimals(), st.none() | st.decimals(), st.just("V")),
            rule=st.none() | st.builds(DecisionRule, st.just("r"), st.decimals(), st.booleans()),
        )
    ),
    items=st.dictionaries(st.sampled_from("abpz"), st.sampled_from(ItemState)),
    replacement=st.none() | st.builds(ReplacementFact, **named, replaced_on=days),
    events=events,
    valid_until=days,
)
some_obligations = st.builds(
    ObligationFact,
    **named,
    regulation=documents,
    home_country=st.just("VN"),
    editions=some(st.builds(EditionFact, **dated, edition=references)),
    product_words=some(st.text(max_size=3), 1),
    hs_codes=some(st.sampled_from(["8525.89.10", ""]), 1),
    recognition_required=st.booleans(),
)


@settings(max_examples=80, deadline=None)
@given(some_reports, some_obligations, st.dates(), some_facts)
def test_any_facts_get_an_answer_with_every_condition_once(
    report: ReportFact, obligation: ObligationFact, on: date, facts: Facts
) -> None:
    acceptance = evaluate(report, obligation, on, facts)
    assert [condition.key for condition in acceptance.conditions] == list(CONDITIONS)
    for condition in acceptance.conditions:
        explained = condition.verdict in (ConditionVerdict.MET, ConditionVerdict.NOT_APPLICABLE)
        assert bool(condition.reasons) is not explained
    assert all(
        text
        for condition in as_data(acceptance)["conditions"]
        for text in condition["sentences"].values()
    )


@given(st.lists(st.sampled_from(ConditionVerdict), min_size=1), st.data())
def test_spoiling_a_condition_never_helps(
    verdicts: list[ConditionVerdict], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(verdicts) - 1))
    worse = [*verdicts[:place], ConditionVerdict.NOT_MET, *verdicts[place + 1 :]]
    assert outcome_of(worse) is AcceptanceOutcome.REFUSE
    if outcome_of(verdicts) is AcceptanceOutcome.REFUSE:
        assert outcome_of(worse) is not AcceptanceOutcome.ACCEPT


Change = Callable[[date], sound.Spoilt]


def accredited(**changes: Any) -> sound.Spoilt:
    return sound.Spoilt(facts=sound.facts(accreditations=(sound.accreditation(**changes),)))


def arranged(arrangement: ArrangementFact) -> sound.Spoilt:
    return sound.Spoilt(facts=sound.facts(arrangements=(arrangement, sound.multilateral())))


# One date of one fact, and the conditions that may depend on it.
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "registration": (
        lambda day: sound.Spoilt(facts=sound.facts(bodies=(sound.body(valid_until=day),))),
        {"body_registered"},
    ),
    "accreditation from": (
        lambda day: accredited(valid_from=day),
        {"accreditation_covers_each_test", "accreditor_signatory"},
    ),
    "suspension": (
        lambda day: accredited(events=(sound.event("suspended", day),)),
        {"accreditation_covers_each_test", "accreditor_signatory"},
    ),
    "scope line from": (
        lambda day: accredited(scope_lines=(sound.line(valid_from=day),)),
        {"accreditation_covers_each_test", "accreditor_signatory"},
    ),
    "multilateral until": (
        lambda day: sound.Spoilt(
            facts=sound.facts(arrangements=(sound.mutual(), sound.multilateral(valid_until=day)))
        ),
        {"accreditor_signatory"},
    ),
    "arrangement until": (
        lambda day: arranged(sound.mutual(valid_until=day)),
        {"recognition_path"},
    ),
    "listing until": (
        lambda day: arranged(sound.mutual(listings=(sound.listing(valid_until=day),))),
        {"recognition_path"},
    ),
    "edition until": (
        lambda day: sound.Spoilt(
            obligation=sound.obligation(editions=(sound.edition(valid_until=day),))
        ),
        {"edition_accepted"},
    ),
    "report issued": (
        lambda day: sound.Spoilt(report=sound.report(issued_on=day)),
        {"report_current"},
    ),
    "report expired": (
        lambda day: sound.Spoilt(report=sound.report(valid_until=day)),
        {"report_current"},
    ),
}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CHANGES)), st.dates(date(2025, 6, 1), date(2026, 6, 1)))
def test_a_date_changes_only_the_conditions_that_depend_on_it(name: str, day: date) -> None:
    change, dependent = CHANGES[name]
    before = sound.Spoilt().evaluated()
    after = change(day).evaluated()
    changed = {
        one.key
        for one, other in zip(before.conditions, after.conditions, strict=True)
        if one.verdict is not other.verdict
    }
    assert changed <= dependent
    assert (after.outcome is AcceptanceOutcome.ACCEPT) is not bool(changed)


numbers = st.builds(
    make,
    st.from_regex(r"[A-Z]{2,8}", fullmatch=True),
    st.integers(2000, 2099),
    st.integers(1, 999_999_999),
)


@settings(max_examples=40, deadline=None)
@given(numbers)
def test_every_substitution_and_neighbour_transposition_is_caught(number: object) -> None:
    compact = str(number).replace("-", "")
    assert parse(compact).number == number
    for place, character in enumerate(compact):
        for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if other != character:
                assert parse(compact[:place] + other + compact[place + 1 :]).number is None
    for place in range(len(compact) - 1):
        left, right = compact[place], compact[place + 1]
        if left != right:
            assert parse(compact[:place] + right + left + compact[place + 2 :]).number is None


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    parsed = parse(text)
    assert (parsed.number is not None) is (parsed.reading is NumberReading.WELL_FORMED)
