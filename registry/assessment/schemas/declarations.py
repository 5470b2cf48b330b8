"""Commands on declarations of conformity."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, pre_load, validates_schema

from registry.assessment.schemas.applications import ProductSchema
from registry.assessment.schemas.parts import (
    REASON_LENGTH,
    Sha256,
    designation_field,
    key_field,
    optional,
)
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


class SupportingDocumentSchema(CommandSchema):
    """A document that supports the declaration (ISO/IEC 17050-2), by its hash."""

    title = CleanText(longest=300, required=True)
    sha256 = Sha256(required=True)


class SignatorySchema(CommandSchema):
    """Who signs for the declarer, and their function (ISO/IEC 17050-1, 6.1 h)."""

    name = CleanText(longest=200, required=True)
    function = CleanText(longest=200, required=True)


class OtherCertificateSchema(CommandSchema):
    """A certificate that another body issued."""

    number = CleanText(longest=120, required=True)
    body = CleanText(longest=300, required=True)
    issued_on = DateField(required=True)


class DeclarationSchema(ValidPeriodSchema):
    """A supplier's declaration of conformity (ISO/IEC 17050-1, clause 6).

    ``certificate`` is a certificate of this register, ``other_certificate`` one of
    another body, ``reports`` are numbers of reports in this register.
    """

    regulations = Items(designation_field(), fewest=1, most=20, required=True)
    product = Part(ProductSchema, required=True)
    basis = key_field(required=True)
    certificate = optional(CleanText, longest=60)
    other_certificate = optional(Part, OtherCertificateSchema)
    reports = Items(CleanText(longest=120), most=50, load_default=list)
    documents = Items(Part(SupportingDocumentSchema), most=50, load_default=list)
    signatory = Part(SignatorySchema, required=True)
    place = CleanText(longest=200, required=True)
    issued_on = DateField(required=True)

    @pre_load
    def _none_of_another_body(self, data: Any, **_: Any) -> Any:
        """A form sends the fields of another body's certificate also where there is none."""
        other = data.get("other_certificate") if isinstance(data, Mapping) else None
        if isinstance(other, Mapping) and not any(
            str(text or "").strip() for text in other.values()
        ):
            return {**data, "other_certificate": None}
        return data

    @validates_schema
    def _dated(self, data: dict[str, Any], **_: Any) -> None:
        issued: date | None = data.get("issued_on")
        first: date | None = data.get("valid_from")
        if issued and first and first < issued:
            raise ValidationError(
                {"valid_from": [Message("It cannot hold before the day it was signed.")]}
            )


class DeclarationDecisionSchema(CommandSchema):
    """An officer's decision; a refusal, or a registration against a finding, needs reasons."""

    decision = Choice("register", "refuse", required=True)
    reasons = optional(CleanText, longest=REASON_LENGTH, lines=True)
