"""Commands of the officers' desk: tasks, surveillance, actions on many rows."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.assessment.schemas.parts import REASON_LENGTH, key_field, optional, row_number
from registry.messages import Message
from registry.schema_fields import Choice, CleanText, CommandSchema, DateField, Items

MOST_ROWS = 200

# What can be done to many rows of the desk at once.
BULK_ACTIONS = ("take-up", "assign", "finish")


class AssignmentSchema(CommandSchema):
    """To whom a task is given; to oneself when nobody is named."""

    user_id = row_number(allow_none=True, load_default=None)


class TaskEndSchema(CommandSchema):
    """What was decided on the thing that the task is about."""

    reason = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class BulkSchema(CommandSchema):
    """One action on many rows of the desk. A row is a subject ("task:7"), best with its version.

    ``versions`` are in the order of ``rows``; with fewer of them the rest is not checked.
    ``user_id`` is to whom tasks are given; to oneself when nobody is named.
    """

    action = Choice(*BULK_ACTIONS, required=True)
    rows = Items(CleanText(longest=60), fewest=1, most=MOST_ROWS, required=True)
    versions = Items(row_number(), most=MOST_ROWS, load_default=list)
    reason = optional(CleanText, longest=REASON_LENGTH, lines=True)
    user_id = row_number(allow_none=True, load_default=None)

    @validates_schema
    def _with_reason(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("action") == "finish" and not data.get("reason"):
            raise ValidationError({"reason": [Message("Give the reason in writing.")]})


class SurveillancePlanSchema(CommandSchema):
    """Surveillance of one certificate or one accreditation, planned for a day."""

    certificate = optional(CleanText, longest=60)
    accreditation = row_number(allow_none=True, load_default=None)
    planned_on = DateField(required=True)
    activity = key_field(required=True)
    note = optional(CleanText, longest=REASON_LENGTH, lines=True)

    @validates_schema
    def _one_subject(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("certificate") is None) == (data.get("accreditation") is None):
            message = Message("Name either a certificate or an accreditation.")
            raise ValidationError({"certificate": [message]})


class SurveillanceMoveSchema(CommandSchema):
    """Another day for planned surveillance, and why."""

    planned_on = DateField(required=True)
    note = CleanText(longest=REASON_LENGTH, lines=True, required=True)


class SurveillanceResultSchema(CommandSchema):
    """What came of surveillance, and on which day it was carried out."""

    done_on = DateField(required=True)
    result = key_field(required=True)
    note = optional(CleanText, longest=REASON_LENGTH, lines=True)


class SurveillanceDropSchema(CommandSchema):
    """Why planned surveillance does not take place."""

    note = CleanText(longest=REASON_LENGTH, lines=True, required=True)
