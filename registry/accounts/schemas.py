"""Schemas of the account commands; each validates form, JSON body and command line alike."""

import re
from typing import Any

from babel import Locale
from marshmallow import ValidationError, fields, missing, validate, validates_schema
from stdnum import lei
from stdnum.vn import mst

from registry.accounts.passwords import MAX_LENGTH as MAX_PASSWORD_LENGTH
from registry.accounts.permissions import ROLES
from registry.accounts.tokens import MAX_DAYS, SCOPE_NAMES
from registry.config import LANGUAGES
from registry.messages import Message
from registry.schema_fields import (
    REQUIRED,
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Translations,
)

NAME_LENGTH = 200
EMAIL_LENGTH = 254
ADDRESS_LENGTH = 1_000
LABEL_LENGTH = 100

# Codes of the CLDR that are not countries or territories.
_NO_COUNTRY = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
COUNTRIES = frozenset(
    code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))
) - frozenset(_NO_COUNTRY)

IDENTIFIER_SCHEMES = ("tax", "lei", "national")

_DIGITS = re.compile(r"[0-9]{1,18}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_email = validate.Email(error=Message("This is not an e-mail address."))


class Email(CleanText):
    """An e-mail address; case-folded, since mail systems do not tell cases apart."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=EMAIL_LENGTH, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return _email(super()._deserialize(value, attr, data, **kwargs)).casefold()


class Secret(fields.String):
    """A password: taken as it was typed, not trimmed and not tidied."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": Message("A text is needed here."),
        "invalid_utf8": Message("A text is needed here."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            raise self.make_error("required")
        if len(text) > 4 * MAX_PASSWORD_LENGTH:
            message = Message("Use at most {most} characters.", most=MAX_PASSWORD_LENGTH)
            raise ValidationError(message)
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise self.make_error("invalid")
        return text


class WholeNumber(fields.Integer):
    """A whole number from ``least`` to ``most``, as JSON number or as text; blank is not given."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        "required": REQUIRED,
        "null": REQUIRED,
    }

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Treat blank text as absent, then deserialize as usual."""
        if isinstance(value, str) and not value.strip():
            value = missing
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
            value = int(value)
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not self.least <= value <= self.most
        ):
            raise ValidationError(
                Message(
                    "A whole number from {least} to {most} is needed here.",
                    least=self.least,
                    most=self.most,
                )
            )
        return value


class Choices(fields.List[str]):
    """Several of a fixed set of keys, each once and in order; at least one if required."""

    default_error_messages = {  # noqa: RUF012 - marshmallow reads it as a class attribute.
        "required": Message("Choose at least one."),
        "null": Message("Choose at least one."),
        "invalid": Message("A list is needed here."),
    }

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__(Choice(*choices), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> list[str | None]:
        chosen = sorted(set(super()._deserialize(value, attr, data, **kwargs)), key=str)
        if self.required and not chosen:
            raise self.make_error("required")
        return list(chosen)


class CreateUser(CommandSchema):
    """A new account: ``{email, name, password, roles: [str], organisation_id, language}``."""

    email = Email(required=True)
    name = CleanText(required=True, longest=NAME_LENGTH)
    password = Secret(required=True)
    roles = Choices(*ROLES, load_default=list)
    organisation_id = WholeNumber(least=1, most=2**31 - 1, allow_none=True, load_default=None)
    language = Choice(*LANGUAGES, allow_none=True, load_default=None)


class GrantRole(CommandSchema):
    """A role from one day until another, both included; today and open by default."""

    role = Choice(*ROLES, required=True)
    valid_from = DateField(allow_none=True, load_default=None)
    valid_until = DateField(allow_none=True, load_default=None)


class EndRole(CommandSchema):
    """The last day of a role; without one the role ends at once."""

    last_day = DateField(allow_none=True, load_default=None)


class ChangePassword(CommandSchema):
    """One's own password: the present one proves who asks."""

    current_password = Secret(required=True)
    new_password = Secret(required=True)


class CreateToken(CommandSchema):
    """An API token: ``{label, scopes: [str], days: 1 to 366}``."""

    label = CleanText(required=True, longest=LABEL_LENGTH)
    scopes = Choices(*SCOPE_NAMES, required=True)
    days = WholeNumber(least=1, most=MAX_DAYS, required=True)


class OrganisationData(CommandSchema):
    """What is known of an organisation; ``slug`` only when it is registered."""

    slug = CleanText(
        longest=80,
        load_default=None,
        validate=validate.Regexp(
            _SLUG, error=Message("Use small letters, digits and single hyphens.")
        ),
    )
    names = Translations(required=True, longest=NAME_LENGTH)
    country = CleanText(
        required=True,
        longest=2,
        validate=validate.OneOf(
            COUNTRIES, error=Message("Use the country's two letters of ISO 3166-1, like VN.")
        ),
    )
    identifier_scheme = Choice(*IDENTIFIER_SCHEMES, allow_none=True, load_default=None)
    identifier = CleanText(longest=50, allow_none=True, load_default=None)
    address = CleanText(longest=ADDRESS_LENGTH, lines=True, allow_none=True, load_default=None)
    website = CleanText(
        longest=500,
        allow_none=True,
        load_default=None,
        validate=validate.URL(
            schemes={"http", "https"}, error=Message("This is not a web address.")
        ),
    )
    contact_name = CleanText(longest=NAME_LENGTH, allow_none=True, load_default=None)
    contact_email = Email(allow_none=True, load_default=None)
    contact_phone = CleanText(longest=50, allow_none=True, load_default=None)

    @validates_schema
    def _identifier_is_one(self, data: dict[str, Any], **_: Any) -> None:
        scheme, identifier = data.get("identifier_scheme"), data.get("identifier")
        if (scheme is None) != (identifier is None):
            field = "identifier" if identifier is None else "identifier_scheme"
            raise ValidationError(Message("Give both the number and its kind, or neither."), field)
        if identifier is None:
            return
        if scheme == "lei" and not lei.is_valid(identifier):
            raise ValidationError(
                Message("This is not a legal entity identifier (LEI)."), "identifier"
            )
        if scheme == "tax" and data.get("country") == "VN" and not mst.is_valid(identifier):
            raise ValidationError(Message("This is not a Vietnamese tax code."), "identifier")


class SavedSearchSchema(CommandSchema):
    """A search to keep: its name and the parameters of its address."""

    name = CleanText(required=True, longest=100)
    parameters = CleanText(required=True, longest=2_000)
