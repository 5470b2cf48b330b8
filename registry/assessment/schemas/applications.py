"""Commands on applications for assessment."""

from marshmallow import fields

from registry.assessment.schemas.parts import (
    REASON_LENGTH,
    HsCode,
    designation_field,
    key_field,
    optional,
)
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Items,
    Part,
    Translations,
)


class ProductSchema(CommandSchema):
    """A product as its applicant names it, with type designations and HS codes."""

    name = Translations(required=True, longest=500)
    models = Items(CleanText(longest=200), most=1_000, load_default=list)
    hs = Items(HsCode(), most=50, load_default=list)
    description = optional(CleanText, longest=5_000, lines=True)


class ApplicationSchema(CommandSchema):
    """A request for assessment to ``regulation`` by a certification method.

    ``rely_on`` are ids of reports accepted for an earlier application of the same
    applicant to the same edition, which need not be made again.
    """

    regulation = designation_field(required=True)
    product = Part(ProductSchema, required=True)
    method = key_field(required=True)
    note = optional(CleanText, longest=REASON_LENGTH, lines=True)
    rely_on = Items(fields.Integer(), most=20, load_default=list)


class ReviewSchema(CommandSchema):
    """A reviewer's recommendation with its grounds (ISO/IEC 17065, 7.5)."""

    recommendation = Choice("grant", "refuse", required=True)
    reasons = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class DecisionSchema(CommandSchema):
    """The decision (ISO/IEC 17065, 7.6).

    A refusal needs ``reasons``. A grant may say how long the certificate is
    valid; by default from the day of the decision for as long as its method
    usually allows.
    """

    decision = Choice("grant", "refuse", required=True)
    reasons = optional(CleanText, longest=REASON_LENGTH, lines=True)
    valid_from = optional(DateField)
    valid_until = optional(DateField)


class WithdrawalSchema(CommandSchema):
    """The applicant takes the application back."""

    reasons = optional(CleanText, longest=REASON_LENGTH, lines=True)
