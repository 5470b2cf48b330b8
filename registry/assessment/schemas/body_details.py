"""Commands on what is known of a body: identifiers, addresses, contacts."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.accounts.schemas import ADDRESS_LENGTH, COUNTRIES, Email
from registry.assessment.schemas.parts import key_field, optional
from registry.messages import Message
from registry.schema_fields import CleanText, DateField, ValidPeriodSchema


class BodyIdentifierSchema(ValidPeriodSchema):
    """A number under which somebody else knows the body; ``scheme`` says who."""

    scheme = key_field(required=True)
    value = CleanText(longest=100, required=True)
    valid_from = DateField(allow_none=True, load_default=None)


class BodyAddressSchema(ValidPeriodSchema):
    """A seat, a site or an address for letters; ``country`` is ISO 3166-1 alpha-2."""

    kind = key_field(required=True)
    address = CleanText(longest=ADDRESS_LENGTH, lines=True, required=True)
    province = optional(CleanText, longest=200)
    country = CleanText(longest=2, required=True)
    valid_from = DateField(allow_none=True, load_default=None)

    @validates_schema
    def _known_country(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("country", "VN") not in COUNTRIES:
            text = Message("Write the country as two capital letters, like VN.")
            raise ValidationError({"country": [text]})


class BodyContactSchema(ValidPeriodSchema):
    """Whom officers ask at the body, and for what; seen by officers only."""

    purpose = key_field(required=True)
    name = optional(CleanText, longest=200)
    email = optional(Email)
    phone = optional(CleanText, longest=60)
    valid_from = DateField(allow_none=True, load_default=None)

    @validates_schema
    def _reachable(self, data: dict[str, Any], **_: Any) -> None:
        if not (data.get("email") or data.get("phone")):
            raise ValidationError({"email": [Message("Give an e-mail address or a telephone.")]})
