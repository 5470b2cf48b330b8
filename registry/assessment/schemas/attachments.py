"""The command that declares a file before it is sent."""

import re
from typing import Any

from marshmallow import ValidationError, fields

from registry.messages import Message
from registry.schema_fields import REQUIRED, CleanText, CommandSchema

MOST_ATTACHMENTS = 20

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Sha256(CleanText):
    """A SHA-256 in hexadecimal; loaded in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=64, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if not _SHA256.fullmatch(text):
            raise ValidationError(Message("A SHA-256 is written with 64 hexadecimal digits."))
        return text


class ByteCount(fields.Integer):
    """How many bytes a file has, at least one; an integer and nothing like one."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": Message("Write the size as a whole number of bytes, at least 1."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**53:
            raise self.make_error("invalid")
        return value


class UploadSchema(CommandSchema):
    """A file that is going to be sent: what its content is known by, and how it is called.

    ``media_type`` is what the sender takes it for; what it is its content tells.
    """

    sha256 = Sha256(required=True)
    size = ByteCount(required=True)
    name = CleanText(longest=200, required=True)
    media_type = CleanText(longest=100, allow_none=True, load_default=None)
