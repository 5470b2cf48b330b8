"""Commands on recognition arrangements."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.assessment.schemas.parts import (
    MAX_LINES,
    REASON_LENGTH,
    HsCode,
    key_field,
    optional,
    slug_field,
)
from registry.messages import Message
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Flag,
    Items,
    Part,
    Translations,
    ValidPeriodSchema,
)


class PartySchema(CommandSchema):
    """An economy by its ISO 3166-1 alpha-2 code, or a body by its slug."""

    economy = optional(CleanText, longest=2)
    body = optional(CleanText, longest=200)

    @validates_schema
    def _one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("economy")) == bool(data.get("body")):
            raise ValidationError(Message("Name either an economy or a body."))
        economy = data.get("economy") or "VN"
        if not (len(economy) == 2 and economy.isascii() and economy.isupper()):
            raise ValidationError(
                {"economy": [Message("Write the country as two capital letters, like VN.")]}
            )


class _ArrangementTextSchema(ValidPeriodSchema):
    """Who agrees on what and for how long."""

    titles = Translations(required=True)
    kind = key_field(required=True)
    phase = optional(CleanText, longest=60)
    parties = Items(Part(PartySchema), most=300, load_default=list)
    article = optional(CleanText, longest=300)
    source = optional(CleanText)


class ArrangementSchema(_ArrangementTextSchema):
    """An arrangement; ``predecessor`` is the slug of the one that it continues."""

    predecessor = optional(CleanText, longest=200)
    transition_until = optional(DateField)
    demonstration = Flag(load_default=False)


class ArrangementCorrectionSchema(_ArrangementTextSchema):
    """An arrangement as it truly is, an end that was agreed since too, and why it is changed."""

    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class ArrangementSuccessionSchema(CommandSchema):
    """A further arrangement that this one continues, and until when both are taken alike."""

    predecessor = slug_field(required=True)
    transition_until = optional(DateField)
    source = optional(CleanText)


class ArrangementScopeLineSchema(ValidPeriodSchema):
    """One line of what results are covered; what is left out is not restricted."""

    regulation = optional(CleanText, longest=200)
    product = optional(CleanText)
    hs_codes = Items(HsCode(), most=200, load_default=list)
    result_type = key_field(required=True)
    direction = Choice("inward", "outward", "both", load_default="both")
    valid_from = DateField(allow_none=True, load_default=None)


class ArrangementScopeSchema(CommandSchema):
    """Lines to add to what an arrangement covers."""

    lines = Items(Part(ArrangementScopeLineSchema), fewest=1, most=MAX_LINES, required=True)


class ListingSchema(ValidPeriodSchema):
    """A body listed under an arrangement; ``standard`` is what an accreditor signed for."""

    body = slug_field(required=True)
    standard = optional(CleanText, longest=200)
