"""Works on the imports that wait: long ones, and those that a killed process left."""

from registry.catalog.importing.working import work_on_all
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Check and run every import that nobody works on."""
    work_on_all(registry.units, registry.files)
