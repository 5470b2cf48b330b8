"""Pages of the assessment side: bodies, arrangements, applications, reports, certificates."""

from registry.assessment.views import (
    applications,
    arrangements,
    bodies,
    certificates,
    checking,
    officer_arrangements,
    officer_bodies,
    officer_registration,
    reports,
    requirements,
    verification,
)
from registry.assessment.views.blueprint import blueprint

__all__ = [
    "applications",
    "arrangements",
    "blueprint",
    "bodies",
    "certificates",
    "checking",
    "officer_arrangements",
    "officer_bodies",
    "officer_registration",
    "reports",
    "requirements",
    "verification",
]
