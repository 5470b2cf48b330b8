"""Pages of the assessment side: bodies, arrangements, applications, reports, certificates."""

from registry.assessment.views.blueprint import blueprint

__all__ = ["blueprint"]
