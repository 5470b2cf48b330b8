"""Commands that end a line of the register, or take back one recorded in error."""

from registry.assessment.schemas.parts import REASON_LENGTH
from registry.schema_fields import CleanText, CommandSchema, DateField


class RetractionSchema(CommandSchema):
    """Why a line never should have been recorded."""

    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class LineEndSchema(RetractionSchema):
    """The last day on which a line holds, and why it ends."""

    valid_until = DateField(required=True)
