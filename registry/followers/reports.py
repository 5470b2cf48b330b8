"""Judges the reports that were receipted and wait."""

from registry.assessment.services.judging import judge_waiting
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Judge what waits; what a killed process left is taken up like the rest."""
    judge_waiting(registry.units)
