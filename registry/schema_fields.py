"""Field types that every command's schema shares, and the one way to load a schema.

They validate an HTML form, a JSON body, an imported row and a CLI argument
alike: a blank text counts as "not given", since a form sends blanks.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validates_schema

from registry.errors import Invalid
from registry.messages import Message

TITLE_LENGTH = 2_000
FIRST_YEAR = 1900
LAST_YEAR = 2200

REQUIRED = Message("This field is required.")
_MESSAGES: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

# Control characters, unpaired surrogates, and marks that make printed text read in
# another order than it is stored.
_UNPRINTABLE = "\\x7f-\\x9f\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u2069"
_NOT_IN_LINE = re.compile(f"[\\x00-\\x1f{_UNPRINTABLE}]")
_NOT_IN_LINES = re.compile(f"[\\x00-\\x08\\x0b-\\x1f{_UNPRINTABLE}]")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LONGEST_NUMBER = 60
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")


class CommandSchema(Schema):
    """Base of the schemas of commands: refuses fields it does not know."""

    error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        "unknown": Message("This field is not known here."),
        "type": Message("An object with named fields is needed here."),
    }

    class Meta:
        """Unknown fields are refused rather than lost."""

        unknown = RAISE


def load(schema: Schema, data: Mapping[str, Any], *, form: bool = False) -> dict[str, Any]:
    """Return ``data`` validated and typed by ``schema``.

    ``form`` data may hold fields of the page's own (a CSRF token), which are left
    out. Raises ``Invalid`` with dotted paths ("results.0.limit_upper").
    """
    try:
        loaded: dict[str, Any] = schema.load(data, unknown=EXCLUDE if form else RAISE)
    except ValidationError as error:
        raise Invalid(dict(_dotted(_by_field(error)))) from None
    return loaded


def clean_text(text: str, *, longest: int, lines: bool = False) -> str:
    """Return ``text`` trimmed and in Unicode normalisation form C.

    ``longest`` counts characters; ``lines`` allows line breaks and tabs. Raises
    ``ValidationError`` on control characters, unpaired surrogates and marks that
    override the direction of writing. Right-to-left letters and emoji are text.
    """
    if len(text) > 4 * longest:
        raise ValidationError(too_long(longest))
    if lines:
        text = text.replace("\r\n", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    cleaned = text.strip()
    if len(cleaned) > longest:
        raise ValidationError(too_long(longest))
    if found := (_NOT_IN_LINES if lines else _NOT_IN_LINE).search(cleaned):
        raise ValidationError(
            Message(
                "The character U+{code} cannot be printed; please remove it.",
                code=f"{ord(found.group()):04X}",
            )
        )
    return cleaned


def too_long(longest: int) -> Message:
    """Return what is said of a text of more than ``longest`` characters."""
    return Message("At most {longest} characters are possible here.", longest=longest)


class _Given(fields.Field[Any]):
    """A field for which a blank text means that nothing was given."""

    default_error_messages = _MESSAGES

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Treat blank text as absent, then deserialize as usual."""
        if isinstance(value, str) and not value.strip():
            value = missing
        return super().deserialize(value, attr, data, **kwargs)


class CleanText(_Given):
    """Text as ``clean_text`` returns it; one line unless ``lines``."""

    def __init__(self, *, longest: int = TITLE_LENGTH, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(Message("A text is needed here."))
        return clean_text(value, longest=self.longest, lines=self.lines)


class Choice(_Given):
    """One of a fixed set of keys that the program itself gives a meaning to."""

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if value not in self.choices:
            raise ValidationError(Message("Choose one of: {keys}.", keys=", ".join(self.choices)))
        return str(value)


class DateField(_Given):
    """A calendar day, written as ISO 8601 "2026-01-31", in the years 1900 to 2200."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        text = value.strip() if isinstance(value, str) else ""
        try:
            # Basic and week dates are also ISO 8601, but a reader would not know them again.
            day = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(Message("Write the date as year-month-day, like 2026-01-31."))
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                Message(
                    "The year must lie between {first} and {last}.",
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )
        return day


class Number(_Given):
    """A finite decimal number, exactly as written: a JSON number, or text with a decimal point."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        text = "" if isinstance(value, bool) else str(value).strip()
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise ValidationError(Message("Write a number with a decimal point, like 12.5."))
        return Decimal(text)


class Translations(_Given):
    """Texts by language code, ``{"vi": "…", "en": "…"}``, at least one of them given."""

    def __init__(self, *, longest: int = TITLE_LENGTH, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.lines = lines

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Treat texts that are all blank as absent: a form sends every language it asks for."""
        if isinstance(value, Mapping) and all(_is_blank(text) for text in value.values()):
            value = missing
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise ValidationError(Message("Texts by language code are needed here."))
        texts: dict[str, str] = {}
        errors: dict[str, Any] = {}
        for language, text in value.items():
            try:
                if cleaned := self._one(language, text):
                    texts[language] = cleaned
            except ValidationError as error:
                errors[str(language)[:20]] = error.messages
        if errors:
            raise ValidationError(errors)
        return texts

    def _one(self, language: Any, text: Any) -> str:
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise ValidationError(Message("This is not a language code such as “vi” or “en”."))
        if text is None:
            return ""
        if not isinstance(text, str):
            raise ValidationError(Message("A text is needed here."))
        return clean_text(text, longest=self.longest, lines=self.lines)


def _is_blank(text: Any) -> bool:
    return text is None or (isinstance(text, str) and not text.strip())


class Flag(fields.Boolean):
    """Yes or no; an HTML checkbox sends "on" or nothing."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        **_MESSAGES,
        "invalid": Message("Yes or no is needed here."),
    }


class Items(fields.List[Any]):
    """A list of ``fewest`` to ``most`` items of one kind; the bound keeps input small."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        **_MESSAGES,
        "invalid": Message("A list is needed here."),
    }

    def __init__(self, inner: Any, *, most: int, fewest: int = 0, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.most = most
        self.fewest = fewest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, (list, tuple)):
            if len(value) < self.fewest:
                raise ValidationError(Message("At least {count} needed.", count=self.fewest))
            if len(value) > self.most:
                raise ValidationError(Message("At most {count} possible.", count=self.most))
        items: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        # A blank text in a list says as little as a blank field does.
        return [item for item in items if item is not missing]


class Part(fields.Nested):
    """An object inside a command, with a schema of its own."""

    default_error_messages = _MESSAGES


class ValidPeriodSchema(CommandSchema):
    """Base of commands that state something valid from one day until another, both included."""

    valid_from = DateField(required=True)
    valid_until = DateField(allow_none=True, load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            raise ValidationError(
                {"valid_until": [Message("The last day lies before the first day.")]}
            )


def _by_field(error: ValidationError) -> Any:
    messages = error.messages
    return messages if isinstance(messages, Mapping) else {"_schema": messages}


def _dotted(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    if not isinstance(messages, Mapping):
        yield path, messages if isinstance(messages, list) else [str(messages)]
        return
    for key, inner in messages.items():
        # marshmallow files what concerns no single field under "_schema".
        name = path if key == "_schema" else f"{path}.{key}" if path else str(key)
        yield from _dotted(inner, name)
