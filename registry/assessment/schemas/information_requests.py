"""Commands on requests for information."""

from registry.assessment.schemas.parts import REASON_LENGTH, Sha256, optional
from registry.schema_fields import CleanText, CommandSchema, DateField, Items


class InformationRequestSchema(CommandSchema):
    """What the office needs to know, and until when."""

    text = CleanText(longest=REASON_LENGTH, lines=True, required=True)
    due_on = optional(DateField)


class InformationAnswerSchema(CommandSchema):
    """The applicant's answer; ``files`` are the SHA-256 of files uploaded before."""

    answer = CleanText(longest=REASON_LENGTH, lines=True, required=True)
    files = Items(Sha256(), most=20, load_default=list)
