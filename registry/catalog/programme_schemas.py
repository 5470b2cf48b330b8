"""Schemas of the commands on the programme of work."""

import re
from typing import Any

from marshmallow import ValidationError

from registry.catalog.schemas import DesignationField, PartialDate
from registry.catalog.states import PROGRAMME
from registry.messages import Message
from registry.schema_fields import Choice, CleanText, CommandSchema, DateField, Translations

_MONTH_OR_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")


class Deadline(PartialDate):
    """A month, by its last day, or a day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _MONTH_OR_DAY.fullmatch(text):
            raise ValidationError(Message("Write a month or a day, like 2026-11 or 2026-11-20."))
        return text


class PlannedEntrySchema(CommandSchema):
    """What is planned: which document, who leads, which unit works on it, by when."""

    titles = Translations(required=True)
    designation = DesignationField(allow_none=True, load_default=None)
    domain = CleanText(required=True, longest=100)
    ministry = CleanText(longest=200, allow_none=True, load_default=None)
    unit = CleanText(longest=200, allow_none=True, load_default=None)
    due = Deadline(required=True)
    note = CleanText(longest=2_000, lines=True, allow_none=True, load_default=None)
    source = CleanText(longest=1_000, allow_none=True, load_default=None)


class NewPlannedEntrySchema(PlannedEntrySchema):
    """A new entry; ``planned_on`` is when it was planned, today by default."""

    planned_on = DateField(allow_none=True, load_default=None)


class ReplanSchema(PlannedEntrySchema):
    """What is planned from now on, as a whole, and why it changed."""

    reason = CleanText(required=True, longest=2_000, lines=True)


class ProgressSchema(CommandSchema):
    """The next step of an entry: ``edition`` is what it became, by its designation."""

    action = Choice(*PROGRAMME.transitions, required=True)
    on = DateField(allow_none=True, load_default=None)
    edition = DesignationField(allow_none=True, load_default=None)
    reason = CleanText(longest=2_000, lines=True, allow_none=True, load_default=None)


class TakeBackSchema(CommandSchema):
    """Why the last step was recorded in error."""

    reason = CleanText(required=True, longest=2_000, lines=True)
