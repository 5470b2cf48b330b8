"""Resources of the assessment side."""

from registry.api.assessment import (
    accreditations,
    applications,
    arrangements,
    bodies,
    certificates,
    checking,
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
    checking.blueprint,
    requirements.blueprint,
)
