"""Commands on notices and webhook endpoints."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.assessment.schemas.parts import optional, row_number
from registry.messages import Message
from registry.schema_fields import CleanText, CommandSchema, Items

MOST_TYPES = 60


class ReadSchema(CommandSchema):
    """Which notices were read: by their positions, or all up to one."""

    positions = Items(row_number(), most=200, load_default=list)
    until = row_number(allow_none=True, load_default=None)

    @validates_schema
    def _one_way(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("positions")) == (data.get("until") is not None):
            raise ValidationError({"positions": [Message("Name positions, or the last one read.")]})


class EndpointSchema(CommandSchema):
    """Where to tell, and of what: journal actions, "certificate.*" for a family, "*" for all."""

    url = CleanText(longest=2_000, required=True)
    description = optional(CleanText, longest=300)
    event_types = Items(CleanText(longest=60), fewest=1, most=MOST_TYPES, required=True)
