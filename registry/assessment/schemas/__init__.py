"""One schema for each command of the assessment side."""

from registry.assessment.schemas.amendments import LineEndSchema, RetractionSchema
from registry.assessment.schemas.applications import (
    ApplicationSchema,
    DecisionSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.schemas.arrangements import (
    ArrangementCorrectionSchema,
    ArrangementSchema,
    ArrangementScopeSchema,
    ArrangementSuccessionSchema,
    ListingSchema,
)
from registry.assessment.schemas.bodies import (
    AccreditationCorrectionSchema,
    AccreditationEventSchema,
    AccreditationSchema,
    BodyCorrectionSchema,
    BodyDesignationSchema,
    BodySchema,
    BodyWithdrawalSchema,
    ScopeLinesSchema,
)
from registry.assessment.schemas.body_details import (
    BodyAddressSchema,
    BodyContactSchema,
    BodyIdentifierSchema,
)
from registry.assessment.schemas.certificates import (
    RenewalSchema,
    ReplacementSchema,
    ScopeReductionSchema,
    StatusChangeSchema,
)
from registry.assessment.schemas.declarations import DeclarationDecisionSchema, DeclarationSchema
from registry.assessment.schemas.information_requests import (
    InformationAnswerSchema,
    InformationRequestSchema,
)
from registry.assessment.schemas.reports import (
    ReportDecisionSchema,
    ReportSchema,
    SentReportSchema,
)

__all__ = [
    "AccreditationCorrectionSchema",
    "AccreditationEventSchema",
    "AccreditationSchema",
    "ApplicationSchema",
    "ArrangementCorrectionSchema",
    "ArrangementSchema",
    "ArrangementScopeSchema",
    "ArrangementSuccessionSchema",
    "BodyAddressSchema",
    "BodyContactSchema",
    "BodyCorrectionSchema",
    "BodyDesignationSchema",
    "BodyIdentifierSchema",
    "BodySchema",
    "BodyWithdrawalSchema",
    "DecisionSchema",
    "DeclarationDecisionSchema",
    "DeclarationSchema",
    "InformationAnswerSchema",
    "InformationRequestSchema",
    "LineEndSchema",
    "ListingSchema",
    "RenewalSchema",
    "ReplacementSchema",
    "ReportDecisionSchema",
    "ReportSchema",
    "RetractionSchema",
    "ReviewSchema",
    "ScopeLinesSchema",
    "ScopeReductionSchema",
    "SentReportSchema",
    "StatusChangeSchema",
    "WithdrawalSchema",
]
