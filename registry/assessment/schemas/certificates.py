"""Commands on certificates."""

from registry.assessment.schemas.parts import REASON_LENGTH
from registry.schema_fields import CleanText, CommandSchema, DateField


class StatusChangeSchema(CommandSchema):
    """A suspension, reinstatement or withdrawal: from which day on, and why."""

    effective_on = DateField(required=True)
    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)
