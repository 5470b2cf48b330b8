"""Tables of the assessment side, one module for each thing the register keeps."""

from registry.assessment.models.application_drafts import ApplicationDraft, ApplicationReliance
from registry.assessment.models.applications import Application, ApplicationRecord
from registry.assessment.models.arrangements import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
)
from registry.assessment.models.attachments import ReportAttachment, Upload
from registry.assessment.models.bodies import (
    Accreditation,
    AccreditationEvent,
    AccreditationRecord,
    Body,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
)
from registry.assessment.models.body_details import BodyAddress, BodyContact, BodyIdentifier
from registry.assessment.models.certificates import (
    Certificate,
    CertificateEvent,
    CertificateNumber,
)
from registry.assessment.models.declarations import (
    Declaration,
    DeclarationDocument,
    DeclarationEdition,
    DeclarationEvent,
    DeclarationFile,
    DeclarationRecord,
    DeclarationRegistration,
)
from registry.assessment.models.documents import CertificateClaim, CertificateDocument
from registry.assessment.models.foreign import (
    ForeignDecision,
    ForeignDecisionReason,
    ForeignList,
    ForeignReliance,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
)
from registry.assessment.models.foreign_imports import ForeignImport, ForeignReview
from registry.assessment.models.foreign_laboratories import (
    ForeignLaboratory,
    ForeignLaboratoryLink,
    ForeignValidation,
)
from registry.assessment.models.information_requests import (
    InformationAnswerFile,
    InformationRequest,
    InformationRequestRecord,
)
from registry.assessment.models.report_drafts import ReportDraft
from registry.assessment.models.report_requests import (
    ReportRequest,
    ReportRequestContent,
    ReportRequestRecord,
)
from registry.assessment.models.reports import AcceptanceDecision, Report, ReportRecord
from registry.assessment.models.sheet_imports import SheetImport
from registry.assessment.models.successions import ArrangementSuccession
from registry.assessment.models.tasks import (
    CalendarAddress,
    Surveillance,
    SurveillanceRecord,
    Task,
    TaskRecord,
)
from registry.assessment.models.versions import CertificateReplacement, CertificateVersion

__all__ = [
    "AcceptanceDecision",
    "Accreditation",
    "AccreditationEvent",
    "AccreditationRecord",
    "Application",
    "ApplicationDraft",
    "ApplicationRecord",
    "ApplicationReliance",
    "Arrangement",
    "ArrangementListing",
    "ArrangementRecord",
    "ArrangementScope",
    "ArrangementSuccession",
    "Body",
    "BodyAddress",
    "BodyContact",
    "BodyDesignation",
    "BodyIdentifier",
    "BodyRecord",
    "CalendarAddress",
    "Certificate",
    "CertificateClaim",
    "CertificateDocument",
    "CertificateEvent",
    "CertificateNumber",
    "CertificateReplacement",
    "CertificateVersion",
    "Declaration",
    "DeclarationDocument",
    "DeclarationEdition",
    "DeclarationEvent",
    "DeclarationFile",
    "DeclarationRecord",
    "DeclarationRegistration",
    "ForeignDecision",
    "ForeignDecisionReason",
    "ForeignImport",
    "ForeignLaboratory",
    "ForeignLaboratoryLink",
    "ForeignList",
    "ForeignReliance",
    "ForeignResult",
    "ForeignResultRecord",
    "ForeignResultStatus",
    "ForeignReview",
    "ForeignValidation",
    "InformationAnswerFile",
    "InformationRequest",
    "InformationRequestRecord",
    "Report",
    "ReportAttachment",
    "ReportDraft",
    "ReportRecord",
    "ReportRequest",
    "ReportRequestContent",
    "ReportRequestRecord",
    "ScopeLine",
    "SheetImport",
    "Surveillance",
    "SurveillanceRecord",
    "Task",
    "TaskRecord",
    "Upload",
]
