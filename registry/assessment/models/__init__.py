"""Tables of the assessment side, one module for each thing the register keeps."""

from registry.assessment.models.applications import Application, ApplicationRecord
from registry.assessment.models.arrangements import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
)
from registry.assessment.models.bodies import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.models.certificates import (
    Certificate,
    CertificateEvent,
    CertificateFile,
    CertificateNumber,
)
from registry.assessment.models.reports import AcceptanceDecision, Report, ReportRecord

__all__ = [
    "AcceptanceDecision",
    "Accreditation",
    "AccreditationEvent",
    "AccreditationRecord",
    "Application",
    "ApplicationRecord",
    "Arrangement",
    "ArrangementListing",
    "ArrangementRecord",
    "ArrangementScope",
    "Body",
    "BodyDesignation",
    "BodyRecord",
    "Certificate",
    "CertificateEvent",
    "CertificateFile",
    "CertificateNumber",
    "Report",
    "ReportRecord",
    "ScopeLine",
]
