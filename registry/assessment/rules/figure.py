"""Geometry of the small picture of one result: value, uncertainty, limits.

The template only draws: every coordinate is computed here, from 0 at the left
edge to ``width`` at the right, in whatever length unit the drawing uses.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from registry.assessment.rules.decision import (
    EXACT_PRECISION,
    Limits,
    Measurement,
    Outcome,
    Verdict,
)

# Share of the width kept free on each side, so that whiskers and open zones stay visible.
_MARGIN = 0.08


@dataclass(frozen=True, slots=True)
class Zone:
    """A coloured stretch of the axis, from ``start`` to ``end``."""

    kind: Outcome
    start: float
    end: float

    @property
    def width(self) -> float:
        """Length of the stretch."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class FigureGeometry:
    """x coordinates; None where the report states no such thing.

    ``zones`` cover the axis from 0 to ``width`` without gap or overlap, each with
    the outcome that a value there would get.
    """

    width: float
    value: float
    uncertainty_start: float | None
    uncertainty_end: float | None
    limit_lower: float | None
    limit_upper: float | None
    acceptance_lower: float | None
    acceptance_upper: float | None
    zones: tuple[Zone, ...]
    outcome: Outcome


def figure_geometry(
    measurement: Measurement, limits: Limits, verdict: Verdict, width: float = 320.0
) -> FigureGeometry:
    """Lay out the picture of one assessed result.

    ``measurement`` and ``limits`` are those that ``verdict`` was computed from.
    """
    with localcontext() as context:
        context.prec = EXACT_PRECISION
        return _layout(measurement, limits, verdict, width)


def _layout(
    measurement: Measurement, limits: Limits, verdict: Verdict, width: float
) -> FigureGeometry:
    uncertainty = measurement.expanded_uncertainty
    start = None if uncertainty is None else measurement.value - uncertainty
    end = None if uncertainty is None else measurement.value + uncertainty
    edges = [
        limits.lower,
        limits.upper,
        verdict.acceptance.lower,
        verdict.acceptance.upper,
        verdict.rejection.lower,
        verdict.rejection.upper,
    ]
    scale = _Scale([measurement.value, start, end, *edges], width)
    return FigureGeometry(
        width=width,
        value=scale.at(measurement.value),
        uncertainty_start=scale.maybe(start),
        uncertainty_end=scale.maybe(end),
        limit_lower=scale.maybe(limits.lower),
        limit_upper=scale.maybe(limits.upper),
        acceptance_lower=scale.maybe(verdict.acceptance.lower),
        acceptance_upper=scale.maybe(verdict.acceptance.upper),
        zones=_zones(verdict, edges, scale),
        outcome=verdict.outcome,
    )


class _Scale:
    """Maps numbers of the measurement's unit to coordinates."""

    def __init__(self, numbers: list[Decimal | None], width: float) -> None:
        known = [number for number in numbers if number is not None]
        self.width = width
        self.low = min(known)
        self.span = max(known) - self.low

    def at(self, number: Decimal) -> float:
        # One single point has no span to scale by; it stands in the middle.
        share = float((number - self.low) / self.span) if self.span else 0.5
        return round(self.width * (_MARGIN + share * (1 - 2 * _MARGIN)), 2)

    def maybe(self, number: Decimal | None) -> float | None:
        return None if number is None else self.at(number)


def _zones(verdict: Verdict, edges: list[Decimal | None], scale: _Scale) -> tuple[Zone, ...]:
    """Cut the axis at every edge and give each stretch the outcome of its middle."""
    cuts = sorted({edge for edge in edges if edge is not None})
    middles = [
        cuts[0] - 1,
        *((left + right) / 2 for left, right in pairwise(cuts)),
        cuts[-1] + 1,
    ]
    borders = [0.0, *(scale.at(cut) for cut in cuts), scale.width]
    zones: list[Zone] = []
    for middle, (start, end) in zip(middles, pairwise(borders), strict=True):
        kind = verdict.outcome_of(middle)
        if zones and zones[-1].kind is kind:
            zones[-1] = Zone(kind, zones[-1].start, end)
        else:
            zones.append(Zone(kind, start, end))
    return tuple(zones)
