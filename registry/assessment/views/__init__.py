"""Pages of the assessment side: bodies, arrangements, applications, reports, certificates."""

from registry.assessment.views import arrangements, bodies, verification
from registry.assessment.views.blueprint import blueprint

__all__ = ["arrangements", "blueprint", "bodies", "verification"]
