"""Takes in lists of foreign results that wait, and judges again what a day changed."""

from registry.assessment.foreign.jobs import work_on_foreign_imports
from registry.assessment.foreign.reviewing import review_foreign_results
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Take in one slice of a list, so that others have their turn; then see to the day."""
    work_on_foreign_imports(registry.units, registry.files)
    review_foreign_results(registry.units)
