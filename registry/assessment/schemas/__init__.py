"""One schema for each command of the assessment side."""

from registry.assessment.schemas.applications import (
    ApplicationSchema,
    DecisionSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.schemas.arrangements import (
    ArrangementSchema,
    ArrangementScopeSchema,
    ListingSchema,
)
from registry.assessment.schemas.bodies import (
    AccreditationEventSchema,
    AccreditationSchema,
    BodyDesignationSchema,
    BodySchema,
    ScopeLinesSchema,
)
from registry.assessment.schemas.certificates import StatusChangeSchema
from registry.assessment.schemas.reports import ReportDecisionSchema, ReportSchema

__all__ = [
    "AccreditationEventSchema",
    "AccreditationSchema",
    "ApplicationSchema",
    "ArrangementSchema",
    "ArrangementScopeSchema",
    "BodyDesignationSchema",
    "BodySchema",
    "DecisionSchema",
    "ListingSchema",
    "ReportDecisionSchema",
    "ReportSchema",
    "ReviewSchema",
    "ScopeLinesSchema",
    "StatusChangeSchema",
    "WithdrawalSchema",
]
