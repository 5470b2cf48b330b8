"""Fields that several commands of the assessment side have."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from registry.messages import Message
from registry.schema_fields import REQUIRED, CleanText

MAX_LINES = 2_000
REASON_LENGTH = 10_000

_HEX = frozenset("0123456789abcdef")
_HS_PUNCTUATION = re.compile(r"[\s.\-]")


def slug_field(**kwargs: Any) -> CleanText:
    """The public name of a thing in its address."""
    return CleanText(longest=200, **kwargs)


def key_field(**kwargs: Any) -> CleanText:
    """A key of a vocabulary; the service checks it against the terms of the day."""
    return CleanText(longest=60, **kwargs)


def designation_field(**kwargs: Any) -> CleanText:
    """A designation in any spelling, or the slug of its page."""
    return CleanText(longest=200, **kwargs)


class HsCode(CleanText):
    """A code of the Harmonized System, 2 to 8 digits, any punctuation; loaded as digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=20, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        digits = _HS_PUNCTUATION.sub("", super()._deserialize(value, attr, data, **kwargs))
        if not re.fullmatch(r"[0-9]{2}(?:[0-9]{2}){0,3}", digits):
            raise ValidationError(Message("An HS code has 2, 4, 6 or 8 digits, like 8525.81."))
        return digits


class Sha256(CleanText):
    """A SHA-256 in hexadecimal, loaded in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=64, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if len(text) != 64 or not set(text) <= _HEX:
            raise ValidationError(Message("A SHA-256 has 64 hexadecimal digits."))
        return text


def optional(field: type[fields.Field[Any]], *args: Any, **kwargs: Any) -> fields.Field[Any]:
    """A field that may be left out, blank or null, and is None then."""
    return field(*args, allow_none=True, load_default=None, **kwargs)


def row_number(**kwargs: Any) -> fields.Integer:
    """The number of a thing in this register, as its answers give it."""
    wrong = Message("A number that this register gave is needed here.")
    return fields.Integer(
        validate=validate.Range(1, 2**31 - 1, error=wrong),
        error_messages={
            "invalid": wrong,
            "too_large": wrong,
            "required": REQUIRED,
            "null": REQUIRED,
        },
        **kwargs,
    )
