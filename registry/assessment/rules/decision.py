"""Decision rules: does a measured value, with its uncertainty, meet its limits?

Sources: ISO/IEC 17025:2017 clause 7.8.6, ILAC-G8:09/2019 (acceptance limit
AL = TL - w, binary and non-binary statements) and JCGM 106:2012 (conformance
probability and specific risks for a normally distributed measurand).

All numbers of one assessment are in the one unit of the measurement. Values,
uncertainties and limits are decimals and are compared exactly; only the
probabilities are floating-point numbers.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from enum import StrEnum

from registry.errors import Invalid
from registry.messages import Message

# Sums and products of numbers inside these bounds are exact at this precision,
# so a value on an acceptance limit is never misjudged by rounding.
_MAX_MAGNITUDE = 60
_MAX_DIGITS = 60
EXACT_PRECISION = 400
_EXACT = Context(prec=EXACT_PRECISION)


class Outcome(StrEnum):
    """A statement of conformity, from the most to the least favourable."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    CONDITIONAL_PASS = "conditional_pass"  # noqa: S105
    CONDITIONAL_FAIL = "conditional_fail"
    FAIL = "fail"

    @property
    def accepts(self) -> bool:
        """Whether the item is treated as conforming."""
        return self in (Outcome.PASS, Outcome.CONDITIONAL_PASS)


_ORDER = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value y with its expanded uncertainty U = k·u, in ``unit``.

    ``expanded_uncertainty`` and ``coverage_factor`` are None when the report does
    not state them; then no probability is computed.
    """

    value: Decimal
    expanded_uncertainty: Decimal | None
    coverage_factor: Decimal | None
    unit: str

    @property
    def standard_uncertainty(self) -> Decimal | None:
        """u = U / k, or None when either is not stated."""
        if self.expanded_uncertainty is None or self.coverage_factor is None:
            return None
        return self.expanded_uncertainty / self.coverage_factor


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper limit, both belonging to the interval; None is an open side."""

    lower: Decimal | None
    upper: Decimal | None
    unit: str

    def contain(self, value: Decimal) -> bool:
        """Whether ``value`` lies within, a value on a limit included."""
        return (self.lower is None or value >= self.lower) and (
            self.upper is None or value <= self.upper
        )

    def moved_inwards(self, width: Decimal) -> "Limits":
        """Both limits shifted towards each other by ``width`` (outwards when negative)."""
        return Limits(
            None if self.lower is None else self.lower + width,
            None if self.upper is None else self.upper - width,
            self.unit,
        )

    @property
    def empty(self) -> bool:
        """Whether no value at all lies within."""
        return self.lower is not None and self.upper is not None and self.lower > self.upper


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How the uncertainty enters the statement: the guard band is w = r·U.

    r = 0 is simple acceptance. A negative r moves the acceptance limits outside
    the tolerance and is allowed for binary statements only.
    """

    key: str
    guard_factor: Decimal
    binary: bool = True

    @classmethod
    def from_attributes(cls, key: str, attributes: Mapping[str, object]) -> "DecisionRule":
        """Read a term of the vocabulary ``decision-rule``."""
        return cls(key, Decimal(str(attributes["guard_factor"])), bool(attributes["binary"]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule makes of the numbers; probabilities lie in 0..1.

    ``acceptance`` holds the acceptance limits, ``rejection`` the limits beyond
    which a non-binary rule says plainly "fail". The specific risks are those of
    this very item: ``consumer_risk`` is the probability that it does not conform,
    ``producer_risk`` that it does. ``risk_at_limit`` is the largest consumer risk
    that a value on an acceptance limit would carry. All three are worked out when asked.
    """

    outcome: Outcome
    rule: DecisionRule
    measurement: Measurement
    tolerance: Limits
    guard_band: Decimal
    acceptance: Limits
    rejection: Limits

    @property
    def value(self) -> Decimal:
        """The measured value."""
        return self.measurement.value

    @property
    def conformance_probability(self) -> float | None:
        """Probability in 0..1 that the item conforms."""
        with localcontext(_EXACT):
            return conformance_probability(self.measurement, self.tolerance)

    @property
    def consumer_risk(self) -> float | None:
        """Probability in 0..1 that the item does not conform."""
        with localcontext(_EXACT):
            return _consumer_risk(self.measurement, self.tolerance)

    @property
    def risk_at_limit(self) -> float | None:
        """The largest consumer risk of a value on an acceptance limit."""
        with localcontext(_EXACT):
            return _risk_at_limit(self.measurement, self.tolerance, self.acceptance)

    def outcome_of(self, value: Decimal) -> Outcome:
        """The outcome that ``value`` gets under the same limits, rule and uncertainty."""
        return _outcome(value, self.tolerance, self.acceptance, self.rejection)

    @property
    def producer_risk(self) -> float | None:
        """Probability that a rejected item conforms after all."""
        return self.conformance_probability

    @property
    def specific_risk(self) -> float | None:
        """Probability that this outcome is wrong."""
        return self.consumer_risk if self.outcome.accepts else self.producer_risk


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a laboratory's statement agrees with the recomputed verdict.

    ``agrees`` is None when there is nothing to compare; ``reason`` is a key of the
    vocabulary ``acceptance-reason`` and says why it is not True.
    """

    agrees: bool | None
    reason: str | None = None


def assess(measurement: Measurement, limits: Limits, rule: DecisionRule) -> Verdict:
    """Recompute the statement of conformity.

    Raises Invalid with every field that is wrong: ``value``, ``unit``,
    ``expanded_uncertainty``, ``coverage_factor``, ``limit_lower``, ``limit_upper``,
    ``limit_unit``, ``decision_rule``.
    """
    problems = _problems(measurement, limits, rule)
    if problems:
        raise Invalid(problems)
    with localcontext(_EXACT):
        guard_band = rule.guard_factor * (measurement.expanded_uncertainty or Decimal(0))
        acceptance = limits.moved_inwards(guard_band)
        rejection = acceptance if rule.binary else limits.moved_inwards(-guard_band)
        return Verdict(
            outcome=_outcome(measurement.value, limits, acceptance, rejection),
            rule=rule,
            measurement=measurement,
            tolerance=limits,
            guard_band=guard_band,
            acceptance=acceptance,
            rejection=rejection,
        )


def conformance_probability(measurement: Measurement, limits: Limits) -> float | None:
    """Probability in 0..1 that the true value lies within the limits (JCGM 106, 7.2 to 7.4).

    None when the standard uncertainty is not known. With u = 0 it is 0 or 1. The
    numbers are taken as they are: ``assess`` is what checks them.
    """
    uncertainty = measurement.standard_uncertainty
    if uncertainty is None:
        return None
    if uncertainty == 0:
        return 1.0 if limits.contain(measurement.value) else 0.0
    below_upper = _distance(limits.upper, measurement.value, uncertainty, math.inf)
    below_lower = _distance(limits.lower, measurement.value, uncertainty, -math.inf)
    if below_lower > 0:
        # Below the lower limit both terms are near 1; their mirror images keep the digits.
        return _normal_cdf(-below_lower) - _normal_cdf(-below_upper)
    return _normal_cdf(below_upper) - _normal_cdf(below_lower)


def statement_agrees(statement: str | None, verdict: Verdict) -> Agreement:
    """Compare a laboratory's statement with the recomputed verdict.

    A missing statement contradicts nothing. A conditional statement contradicts a
    binary rule whatever the numbers are.
    """
    if statement is None:
        return Agreement(None, "statement_missing")
    try:
        stated = Outcome(statement)
    except ValueError:
        return Agreement(None, "statement_not_understood")
    if stated is verdict.outcome:
        return Agreement(True)
    if verdict.rule.binary and stated in (Outcome.CONDITIONAL_PASS, Outcome.CONDITIONAL_FAIL):
        return Agreement(False, "statement_conditional_under_binary_rule")
    if _ORDER.index(stated) < _ORDER.index(verdict.outcome):
        return Agreement(False, "statement_too_favourable")
    return Agreement(False, "statement_too_strict")


def _outcome(value: Decimal, limits: Limits, acceptance: Limits, rejection: Limits) -> Outcome:
    if acceptance.contain(value):
        return Outcome.PASS
    if rejection == acceptance:
        return Outcome.FAIL
    if limits.contain(value):
        return Outcome.CONDITIONAL_PASS
    if rejection.contain(value):
        return Outcome.CONDITIONAL_FAIL
    return Outcome.FAIL


def _consumer_risk(measurement: Measurement, limits: Limits) -> float | None:
    """1 - p_c, summed from the two tails so that tiny risks are not lost in rounding."""
    uncertainty = measurement.standard_uncertainty
    if uncertainty is None:
        return None
    if uncertainty == 0:
        return 0.0 if limits.contain(measurement.value) else 1.0
    above = _normal_cdf(-_distance(limits.upper, measurement.value, uncertainty, math.inf))
    below = _normal_cdf(_distance(limits.lower, measurement.value, uncertainty, -math.inf))
    return min(1.0, above + below)


def _risk_at_limit(measurement: Measurement, limits: Limits, acceptance: Limits) -> float | None:
    if measurement.standard_uncertainty is None or acceptance.empty:
        return None
    risks = [
        _consumer_risk(
            Measurement(
                edge,
                measurement.expanded_uncertainty,
                measurement.coverage_factor,
                measurement.unit,
            ),
            limits,
        )
        for edge in (acceptance.lower, acceptance.upper)
        if edge is not None
    ]
    return max(risk for risk in risks if risk is not None)


def _distance(limit: Decimal | None, value: Decimal, uncertainty: Decimal, default: float) -> float:
    """(limit - value) / u, as a number of standard uncertainties."""
    return default if limit is None else float((limit - value) / uncertainty)


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _problems(measurement: Measurement, limits: Limits, rule: DecisionRule) -> dict[str, list[str]]:
    numbers = {
        "value": measurement.value,
        "expanded_uncertainty": measurement.expanded_uncertainty,
        "coverage_factor": measurement.coverage_factor,
        "limit_lower": limits.lower,
        "limit_upper": limits.upper,
        "decision_rule": rule.guard_factor,
    }
    problems: dict[str, list[str]] = {
        field: [problem]
        for field, number in numbers.items()
        if number is not None and (problem := _number_problem(number))
    }

    def add(field: str, text: Message) -> None:
        problems.setdefault(field, []).append(text)

    expanded, coverage = measurement.expanded_uncertainty, measurement.coverage_factor
    if "expanded_uncertainty" not in problems and expanded is not None and expanded < 0:
        add("expanded_uncertainty", Message("The expanded uncertainty cannot be negative."))
    if "coverage_factor" not in problems and coverage is not None and coverage <= 0:
        add("coverage_factor", Message("The coverage factor k must be greater than zero."))
    if expanded is None and "decision_rule" not in problems and rule.guard_factor != 0:
        add("expanded_uncertainty", Message("This decision rule needs the expanded uncertainty."))
    if not rule.binary and "decision_rule" not in problems and rule.guard_factor < 0:
        add("decision_rule", Message("A non-binary rule cannot have a negative guard band."))
    if limits.lower is None and limits.upper is None:
        add("limit_upper", Message("Give a lower limit, an upper limit or both."))
    elif not {"limit_lower", "limit_upper"} & problems.keys() and limits.empty:
        add("limit_lower", Message("The lower limit is above the upper limit."))
    if not measurement.unit.strip():
        add("unit", Message("Name the unit of the value; write 1 for a number without a unit."))
    if not limits.unit.strip():
        add(
            "limit_unit",
            Message("Name the unit of the limits; write 1 for a number without a unit."),
        )
    elif measurement.unit.strip() and limits.unit.strip() != measurement.unit.strip():
        add("limit_unit", Message("The limits are not in the unit of the value."))
    return problems


def _number_problem(number: Decimal) -> Message | None:
    if not number.is_finite():
        return Message("This is not a finite number.")
    # Written out a number has at least its digits: most need no counting.
    many = len(str(number)) > _MAX_DIGITS and len(number.as_tuple().digits) > _MAX_DIGITS
    if many or (number and abs(number.adjusted()) > _MAX_MAGNITUDE):
        return Message("This number is too long or too large to be a measurement result.")
    return None
