"""Commands on foreign results."""

from registry.assessment.foreign.formats import FORMATS
from registry.assessment.schemas.parts import optional
from registry.schema_fields import Choice, CleanText, CommandSchema, DateField


class ForeignListSchema(CommandSchema):
    """What is said about a list that is sent: its format, and on which day it stood like this."""

    format = Choice(*sorted(FORMATS), required=True)
    read_on = optional(DateField)


class RelianceSchema(CommandSchema):
    """The number of the application or declaration that rests on a foreign result."""

    relying = CleanText(longest=60, required=True)


class LaboratoryLinkSchema(CommandSchema):
    """The slug of the registered body that a laboratory named in lists is."""

    body = CleanText(longest=120, required=True)
