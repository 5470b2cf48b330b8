"""Removes uploads that nobody went on with."""

from registry.actor import system_actor
from registry.assessment.intake.uploads import remove_expired
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Remove files of which no report came within the days that the settings give."""
    remove_expired(registry, system_actor("uploads"))
