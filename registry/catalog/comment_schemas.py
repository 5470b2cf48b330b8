"""Schemas of public comment: the period, a comment in the ISO template's fields, its answer."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.messages import Message
from registry.schema_fields import Choice, CleanText, CommandSchema, DateField

TYPES = ("ge", "te", "ed")
OUTCOMES = ("accepted", "accepted-in-part", "rejected")


class CommentPeriodSchema(CommandSchema):
    """From when until when a draft is open for comment, both days included."""

    first_day = DateField(allow_none=True, load_default=None)
    last_day = DateField(required=True)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            message = Message("The last day lies before the first day.")
            raise ValidationError({"last_day": [message]})


class CommentExtensionSchema(CommandSchema):
    """A later last day, and why."""

    last_day = DateField(required=True)
    reason = CleanText(required=True, longest=2_000, lines=True)


class CommentSchema(CommandSchema):
    """A comment by clause, as the ISO commenting template asks for it."""

    source = CleanText(longest=200, allow_none=True, load_default=None)
    line = CleanText(longest=40, allow_none=True, load_default=None)
    clause = CleanText(required=True, longest=100)
    paragraph = CleanText(longest=200, allow_none=True, load_default=None)
    type = Choice(*TYPES, required=True)
    comment = CleanText(required=True, longest=10_000, lines=True)
    proposed_change = CleanText(longest=10_000, lines=True, allow_none=True, load_default=None)


class CommentAnswerSchema(CommandSchema):
    """What the editors observe on a comment, and whether it was accepted."""

    outcome = Choice(*OUTCOMES, required=True)
    observation = CleanText(required=True, longest=10_000, lines=True)
