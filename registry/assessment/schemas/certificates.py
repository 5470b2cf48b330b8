"""Commands on certificates."""

from registry.assessment.schemas.applications import ProductSchema
from registry.assessment.schemas.parts import REASON_LENGTH, optional
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Items,
    Part,
    Translations,
)


class StatusChangeSchema(CommandSchema):
    """A suspension, reinstatement or withdrawal: from which day on, and why."""

    effective_on = DateField(required=True)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class RenewalSchema(CommandSchema):
    """A renewal (ISO/IEC 17065, 7.6 and 7.9): the new last day, and on what grounds.

    By default it begins today and lasts as long as a new certificate does.
    """

    effective_on = optional(DateField)
    valid_until = optional(DateField)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class ScopeReductionSchema(CommandSchema):
    """A reduction of scope (ISO/IEC 17065, 7.11.1).

    ``models`` and ``requirements`` (designations) are what is taken out; ``scope`` says
    in words what the certificate covers from then on.
    """

    effective_on = DateField(required=True)
    models = Items(CleanText(longest=200), most=1_000, load_default=list)
    requirements = Items(CleanText(longest=200), most=50, load_default=list)
    scope = Translations(longest=2_000, allow_none=True, load_default=None)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class ReplacementSchema(CommandSchema):
    """A certificate in the place of another (ISO/IEC 17065, 7.10), and why.

    ``product`` is the product as it is to be certified, where that was in error.
    """

    ground = Choice("holder-changed", "error", "other", required=True)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)
    product = Part(ProductSchema, allow_none=True, load_default=None)
