"""Texts for the reader that remember their pattern, so that the edge can translate them."""

from collections.abc import Mapping
from typing import Any


class Message(str):
    """An English text made from a pattern and its parameters.

    It is the English sentence wherever a string is expected; the edge looks the
    ``pattern`` up in the reader's catalogue and fills in ``parameters`` again.
    """

    __slots__ = ("parameters", "pattern")

    pattern: str
    parameters: dict[str, Any]

    def __new__(cls, pattern: str, /, **parameters: Any) -> "Message":
        """Fill ``pattern`` ("At most {longest} characters.") with ``parameters``."""
        message = super().__new__(cls, pattern.format(**parameters) if parameters else pattern)
        message.pattern = pattern
        message.parameters = parameters
        return message


def as_data(text: str) -> dict[str, Any]:
    """Return a text as it is kept in JSON: ``{"pattern": …, "parameters": {…}}``."""
    if isinstance(text, Message):
        return {"pattern": text.pattern, "parameters": text.parameters}
    return {"pattern": text, "parameters": {}}


def from_data(data: Mapping[str, Any]) -> Message:
    """Return the message that ``as_data`` gave."""
    pattern: str = data["pattern"]
    return Message(pattern, **data["parameters"])
