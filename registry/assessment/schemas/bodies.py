"""Commands on bodies, their accreditations, scopes and designations."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.assessment.schemas.parts import (
    MAX_LINES,
    REASON_LENGTH,
    designation_field,
    key_field,
    optional,
    row_number,
    slug_field,
)
from registry.assessment.states import ACCREDITATION
from registry.messages import Message
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Items,
    Part,
    ValidPeriodSchema,
)


class BodySchema(ValidPeriodSchema):
    """An organisation, by slug, in the role of a conformity assessment or accreditation body."""

    organisation = slug_field(required=True)
    kinds = Items(key_field(), fewest=1, most=10, required=True)
    valid_from = DateField(allow_none=True, load_default=None)


class BodyWithdrawalSchema(CommandSchema):
    """From which day on a body is no longer registered, and why."""

    effective_on = DateField(required=True)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class BodyCorrectionSchema(ValidPeriodSchema):
    """What a body is registered as and when, as it truly is, and why it was recorded otherwise.

    Without a last day the registration has no end: that takes back one recorded in error.
    """

    kinds = Items(key_field(), fewest=1, most=10, required=True)
    valid_from = DateField(allow_none=True, load_default=None)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class AccreditationSchema(ValidPeriodSchema):
    """``accreditor`` is the slug of a body of kind accreditation-body."""

    accreditor = slug_field(required=True)
    standard = designation_field(required=True)
    number = CleanText(longest=100, required=True)
    source = optional(CleanText)


class AccreditationCorrectionSchema(AccreditationSchema):
    """An accreditation as it truly is, and why it was recorded otherwise."""

    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class AccreditationEventSchema(CommandSchema):
    """What befell an accreditation, from which day on, and why.

    A reduction names the ``scope_lines`` that end, by their numbers in this register.
    """

    kind = Choice(*ACCREDITATION.transitions, required=True)
    effective_on = DateField(required=True)
    reason = optional(CleanText, longest=REASON_LENGTH, lines=True)
    scope_lines = Items(row_number(), most=MAX_LINES, load_default=list)

    @validates_schema
    def _with_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("kind") in ("suspended", "withdrawn", "reduced") and not data.get("reason"):
            raise ValidationError({"reason": [Message("Give the reason in writing.")]})

    @validates_schema
    def _lines_of_reduction(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("scope_lines") and data.get("kind") != "reduced":
            raise ValidationError({"scope_lines": [Message("Only a reduction names scope lines.")]})


class ScopeLineSchema(ValidPeriodSchema):
    """One line of a scope; a method without a year means every edition of it.

    A line without a characteristic covers whatever the method determines.
    """

    activity = key_field(required=True)
    product = CleanText(required=True)
    characteristic = CleanText(load_default="")
    method = designation_field(required=True)
    range = optional(CleanText, longest=300)
    uncertainty = optional(CleanText, longest=300)


class ScopeLinesSchema(CommandSchema):
    """Lines to add to a scope."""

    lines = Items(Part(ScopeLineSchema), fewest=1, most=MAX_LINES, required=True)


class BodyDesignationSchema(ValidPeriodSchema):
    """A ministry's permission for a regulation; ``instrument`` names the decision."""

    regulation = designation_field(required=True)
    activity = key_field(required=True)
    ministry = key_field(required=True)
    instrument = optional(CleanText, longest=300)
