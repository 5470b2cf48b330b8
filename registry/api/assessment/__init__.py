"""Resources of the assessment side."""

from registry.api.assessment import (
    accreditations,
    applications,
    arrangements,
    bodies,
    certificates,
    reports,
    requirements,
)

BLUEPRINTS = (
    bodies.blueprint,
    accreditations.blueprint,
    arrangements.blueprint,
    applications.blueprint,
    reports.blueprint,
    certificates.blueprint,
    requirements.blueprint,
)
