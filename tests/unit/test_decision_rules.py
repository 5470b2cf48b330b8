"""Decision rules against known truths and at their edges."""

import json
from decimal import Decimal
from importlib import resources

import pytest

from registry.assessment.rules.decision import (
    Agreement,
    DecisionRule,
    Limits,
    Measurement,
    Outcome,
    Verdict,
    assess,
    statement_agrees,
)
from registry.assessment.rules.figure import figure_geometry
from registry.errors import Invalid

SIMPLE = DecisionRule("simple_acceptance", Decimal(0))
GUARDED = DecisionRule("guard_band", Decimal(1))
NON_BINARY = DecisionRule("non_binary", Decimal(1), binary=False)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def measurement(value: str, uncertainty: str | None = "0.2", k: str | None = "2") -> Measurement:
    return Measurement(Decimal(value), number(uncertainty), number(k), "V")


def limits(lower: str | None, upper: str | None) -> Limits:
    return Limits(number(lower), number(upper), "V")


def judged(
    value: str, rule: DecisionRule, lower: str | None = None, upper: str | None = "10"
) -> Verdict:
    return assess(measurement(value), limits(lower, upper), rule)


def test_conformance_probability_of_the_worked_example_of_jcgm_106() -> None:
    verdict = assess(measurement("13.6", "1.8", "1"), limits("12.5", "16.3"), SIMPLE)
    assert verdict.conformance_probability == pytest.approx(0.6626, abs=5e-5)
    assert verdict.consumer_risk == pytest.approx(0.337, abs=5e-4)
    assert verdict.specific_risk == verdict.consumer_risk
    assert verdict.outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("factor", "risk"),
    [("0", 0.5), ("0.83", 0.0485), ("1", 0.02275), ("1.5", 0.00135), ("3", 9.87e-10)],
)
def test_risk_at_the_acceptance_limit_of_ilac_g8(factor: str, risk: float) -> None:
    verdict = judged("9", DecisionRule("guard", Decimal(factor)))
    assert verdict.risk_at_limit == pytest.approx(risk, rel=5e-3)


def test_risk_beyond_float_rounding_is_still_told() -> None:
    verdict = judged("9", DecisionRule("guard", Decimal(6)))
    assert verdict.risk_at_limit is not None
    assert 0 < verdict.risk_at_limit < 1e-30


@pytest.mark.parametrize(
    ("value", "rule", "outcome"),
    [
        ("10", SIMPLE, "pass"),
        ("10.000000001", SIMPLE, "fail"),
        ("9.8", GUARDED, "pass"),
        ("9.800000001", GUARDED, "fail"),
        ("9.8", NON_BINARY, "pass"),
        ("9.9", NON_BINARY, "conditional_pass"),
        ("10", NON_BINARY, "conditional_pass"),
        ("10.1", NON_BINARY, "conditional_fail"),
        ("10.2", NON_BINARY, "conditional_fail"),
        ("10.200000001", NON_BINARY, "fail"),
        ("10.1", DecisionRule("relaxed", Decimal(-1)), "pass"),
    ],
)
def test_outcome_at_an_upper_limit(value: str, rule: DecisionRule, outcome: str) -> None:
    assert judged(value, rule).outcome == outcome


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("4.79", "fail"),
        ("4.8", "conditional_fail"),
        ("5", "conditional_pass"),
        ("5.2", "pass"),
        ("9.8", "pass"),
        ("10.2", "conditional_fail"),
    ],
)
def test_lower_limit_mirrors_the_upper(value: str, outcome: str) -> None:
    assert judged(value, NON_BINARY, "5", "10").outcome == outcome


def test_limits_are_compared_exactly() -> None:
    # In binary floating point 0.1 + 0.2 is greater than 0.3.
    verdict = assess(
        Measurement(Decimal("0.1") + Decimal("0.2"), None, None, "V"), limits(None, "0.3"), SIMPLE
    )
    assert verdict.outcome is Outcome.PASS


def test_guard_bands_that_meet_leave_nothing_to_accept() -> None:
    verdict = judged("5.1", GUARDED, "5", "5.2")
    assert verdict.acceptance.empty
    assert verdict.outcome is Outcome.FAIL
    assert verdict.risk_at_limit is None


@pytest.mark.parametrize(("uncertainty", "k"), [(None, None), ("0.2", None), (None, "2")])
def test_without_uncertainty_there_is_a_verdict_but_no_probability(
    uncertainty: str | None, k: str | None
) -> None:
    verdict = assess(measurement("9", uncertainty, k), limits(None, "10"), SIMPLE)
    assert verdict.outcome is Outcome.PASS
    assert verdict.conformance_probability is None
    assert verdict.specific_risk is None


def test_no_uncertainty_at_all_is_certainty() -> None:
    verdict = assess(measurement("10.1", "0"), limits(None, "10"), SIMPLE)
    assert (verdict.conformance_probability, verdict.specific_risk) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("measured", "within", "field"),
    [
        (measurement("NaN"), limits(None, "10"), "value"),
        (measurement("sNaN"), limits(None, "10"), "value"),
        (measurement("Infinity"), limits(None, "10"), "value"),
        (measurement("1E+61"), limits(None, "10"), "value"),
        (measurement("1" * 61), limits(None, "10"), "value"),
        (measurement("9", "-0.2"), limits(None, "10"), "expanded_uncertainty"),
        (measurement("9", "NaN"), limits(None, "10"), "expanded_uncertainty"),
        (measurement("9", "0.2", "0"), limits(None, "10"), "coverage_factor"),
        (measurement("9", "0.2", "-2"), limits(None, "10"), "coverage_factor"),
        (measurement("9"), limits("11", "10"), "limit_lower"),
        (measurement("9"), limits(None, None), "limit_upper"),
        (measurement("9"), limits(None, "Infinity"), "limit_upper"),
        (measurement("9"), limits("NaN", "10"), "limit_lower"),
    ],
)
def test_unusable_numbers_name_their_field(
    measured: Measurement, within: Limits, field: str
) -> None:
    with pytest.raises(Invalid) as raised:
        assess(measured, within, SIMPLE)
    assert list(raised.value.fields) == [field]


@pytest.mark.parametrize(
    ("unit", "limit_unit", "fields"),
    [("", "V", ["unit"]), ("V", " ", ["limit_unit"]), ("V", "mV", ["limit_unit"])],
)
def test_units_are_named_and_equal(unit: str, limit_unit: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        assess(
            Measurement(Decimal(9), None, None, unit), Limits(None, Decimal(10), limit_unit), SIMPLE
        )
    assert list(raised.value.fields) == fields


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as raised:
        assess(
            Measurement(Decimal(9), Decimal(-1), Decimal(0), "V"),
            Limits(Decimal(11), Decimal(10), ""),
            DecisionRule("odd", Decimal(-1), binary=False),
        )
    assert set(raised.value.fields) == {
        "expanded_uncertainty",
        "coverage_factor",
        "limit_lower",
        "limit_unit",
        "decision_rule",
    }


def test_guard_band_needs_an_uncertainty() -> None:
    with pytest.raises(Invalid) as raised:
        assess(measurement("9", None, None), limits(None, "10"), GUARDED)
    assert list(raised.value.fields) == ["expanded_uncertainty"]


@pytest.mark.parametrize(
    ("statement", "value", "rule", "agreement"),
    [
        ("pass", "9", GUARDED, Agreement(True)),
        ("pass", "9.9", GUARDED, Agreement(False, "statement_too_favourable")),
        ("fail", "9", GUARDED, Agreement(False, "statement_too_strict")),
        ("pass", "9.9", NON_BINARY, Agreement(False, "statement_too_favourable")),
        ("conditional_pass", "9.9", NON_BINARY, Agreement(True)),
        (
            "conditional_pass",
            "9",
            SIMPLE,
            Agreement(False, "statement_conditional_under_binary_rule"),
        ),
        (None, "9", SIMPLE, Agreement(None, "statement_missing")),
        ("OK", "9", SIMPLE, Agreement(None, "statement_not_understood")),
    ],
)
def test_statement_against_the_numbers(
    statement: str | None, value: str, rule: DecisionRule, agreement: Agreement
) -> None:
    assert statement_agrees(statement, judged(value, rule)) == agreement


def test_rules_of_the_vocabulary_are_usable() -> None:
    file = resources.files("registry.vocabulary") / "data" / "decision-rule.json"
    terms = json.loads(file.read_text(encoding="utf-8"))["terms"]
    rules = [DecisionRule.from_attributes(term["key"], term["attributes"]) for term in terms]
    assert all(judged("5", rule).outcome is Outcome.PASS for rule in rules)
    assert {rule.guard_factor for rule in rules if rule.binary} == {
        Decimal(factor) for factor in ("0", "0.83", "1", "1.5", "3")
    }


def test_picture_of_a_non_binary_verdict() -> None:
    measured, within = measurement("9.9"), limits("5", "10")
    picture = figure_geometry(measured, within, assess(measured, within, NON_BINARY), 300)
    assert [zone.kind.value for zone in picture.zones] == [
        "fail",
        "conditional_fail",
        "conditional_pass",
        "pass",
        "conditional_pass",
        "conditional_fail",
        "fail",
    ]
    assert picture.zones[0].start == 0
    assert picture.zones[-1].end == 300
    assert picture.limit_lower is not None
    assert picture.limit_upper is not None
    assert picture.limit_lower < picture.value < picture.limit_upper


def test_picture_without_uncertainty_and_with_one_limit() -> None:
    measured, within = measurement("10", None, None), limits(None, "10")
    picture = figure_geometry(measured, within, assess(measured, within, SIMPLE), 100)
    assert picture.value == picture.limit_upper == 50
    assert (picture.uncertainty_start, picture.limit_lower) == (None, None)
    assert [(zone.kind.value, zone.start, zone.end) for zone in picture.zones] == [
        ("pass", 0, 50),
        ("fail", 50, 100),
    ]
