"""Schemas of the catalogue's commands: form, JSON body, imported row and CLI argument alike."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from registry.catalog.designation import parse
from registry.catalog.hs_codes import LONGEST, SHORTEST, hs_digits
from registry.catalog.status import out_of_order, period
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Items,
    Part,
    Translations,
)

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})", re.ASCII)
_CATALOGUE_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ICS = re.compile(r"\d{2}(\.\d{3}(\.\d{2})?)?")

NATIONAL_KINDS = ("TCVN", "QCVN", "QCĐP", "TCCS")
RELATION_TYPES = (
    "adopts",
    "based-on",
    "supersedes",
    "amends",
    "corrects",
    "references",
    "promulgated-by",
    "required-by",
)
DEGREES = ("IDT", "MOD", "NEQ")


class DesignationField(CleanText):
    """A printed designation, tidied; anything that names nothing is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=200, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return parse(text).printed
        except Invalid as error:
            raise ValidationError([m for texts in error.fields.values() for m in texts]) from None


class PartialDate(CleanText):
    """A date with the precision its source gives: "2023", "2023-12" or "2023-12-29".

    "29/12/2023" and "12/2023", as people write them in Viet Nam, are read as these.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=10, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if found := _DAY_FIRST.fullmatch(text):
            text = "-".join(part.zfill(2) for part in reversed(found.groups()) if part)
        try:
            valid = _PARTIAL_DATE.fullmatch(text) and 1850 <= period(text).earliest.year <= 2200
        except ValueError:
            valid = False
        if not valid:
            raise ValidationError(
                Message("Write a year, a month or a day, like 2023, 2023-12 or 2023-12-29.")
            )
        return text


class IcsCode(CleanText):
    """A code of the International Classification for Standards: field.group.sub-group."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=9, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _ICS.fullmatch(text):
            raise ValidationError(Message("An ICS code looks like 35, 35.030 or 35.240.40."))
        return text


class PageCount(fields.Integer):
    """A number of pages, 1 to 99,999: a JSON number, or text of a form or an imported row."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        text = "" if isinstance(value, bool) else str(value).strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text)):
            raise ValidationError(Message("Write a number of pages from 1 to 99999."))
        return int(text)


class CatalogueKey(CleanText):
    """The name of a followed catalogue in addresses and commands: "iso"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=40, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _CATALOGUE_KEY.fullmatch(text):
            raise ValidationError(Message("Use small letters, digits and hyphens, like iso-open."))
        return text


class InstrumentSchema(CommandSchema):
    """The legal instrument that promulgated an edition."""

    kind = CleanText(longest=100)
    number = CleanText(longest=100)
    date = DateField()
    issuer = CleanText(longest=200)
    effective = DateField()


class RelationSchema(CommandSchema):
    """A relation from the edition drafted to another, named by its designation."""

    type = Choice(*RELATION_TYPES, required=True)
    degree = Choice(*DEGREES, allow_none=True, load_default=None)
    target = DesignationField(required=True)
    date = DateField(allow_none=True, load_default=None)
    coexistence_until = DateField(allow_none=True, load_default=None)

    @validates_schema
    def _degree_belongs_to_adoption(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("type") == "adopts" and not data.get("degree"):
            raise ValidationError(
                {"degree": [Message("An adoption is identical, modified or not equivalent.")]}
            )


class EditionSchema(CommandSchema):
    """Everything an editor says of an edition of the register's own list."""

    designation = DesignationField(required=True)
    kind = Choice(*NATIONAL_KINDS, required=True)
    titles = Translations(required=True)
    scope = Translations(load_default=dict)
    publisher = CleanText(required=True, longest=200)
    lead_ministry = CleanText(longest=200, allow_none=True, load_default=None)
    issued = PartialDate(allow_none=True, load_default=None)
    effective_from = DateField(allow_none=True, load_default=None)
    effective_until = DateField(allow_none=True, load_default=None)
    instrument = Part(InstrumentSchema, load_default=dict)
    ics = Items(IcsCode(), most=20, load_default=list)
    domains = Items(CleanText(longest=100), most=20, load_default=list)
    languages = Items(CleanText(longest=20), most=20, load_default=list)
    pages = PageCount(allow_none=True, load_default=None)
    url = CleanText(longest=1_000, allow_none=True, load_default=None)
    source = CleanText(required=True, longest=1_000)
    note = CleanText(longest=2_000, lines=True, allow_none=True, load_default=None)
    relations = Items(Part(RelationSchema), most=100, load_default=list)

    @validates_schema
    def _dates_in_order(self, data: dict[str, Any], **_: Any) -> None:
        dates = (data.get(name) for name in ("issued", "effective_from", "effective_until"))
        if problem := out_of_order(*dates):
            field, message = problem
            raise ValidationError({field: [message]})

    @validates_schema
    def _link_is_web_address(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_other_links(data, "url")


class CatalogueDescriptionSchema(CommandSchema):
    """Whose a followed catalogue is, where it is published and under which terms."""

    name = CleanText(required=True, longest=200)
    publisher = CleanText(required=True, longest=200)
    address = CleanText(longest=1_000, allow_none=True, load_default=None)
    licence = CleanText(longest=200, allow_none=True, load_default=None)
    note = CleanText(longest=2_000, lines=True, allow_none=True, load_default=None)

    @validates_schema
    def _link_is_web_address(self, data: dict[str, Any], **_: Any) -> None:
        _refuse_other_links(data, "address")


class CatalogueSchema(CatalogueDescriptionSchema):
    """A catalogue to follow, under a key of its own."""

    key = CatalogueKey(required=True)


class RefreshSchema(CommandSchema):
    """When the data of a refresh were published, as far as it is known."""

    data_of = PartialDate(allow_none=True, load_default=None)


def _refuse_other_links(data: Mapping[str, Any], field: str) -> None:
    link = data.get(field)
    if link and not link.startswith(("https://", "http://")):
        message = Message("A link starts with https:// or http://.")
        raise ValidationError({field: [message]})


class WithdrawalSchema(CommandSchema):
    """From which day on an edition is no longer in force, and why."""

    withdrawn_on = DateField(required=True)
    reason = CleanText(required=True, longest=2_000, lines=True)


class ReviewSchema(CommandSchema):
    """On which day a periodic review confirmed an edition, and on what grounds."""

    reviewed_on = DateField(allow_none=True, load_default=None)
    reason = CleanText(required=True, longest=2_000, lines=True)


class PartialEndSchema(CommandSchema):
    """Which part of an edition no longer applies from which day on, and why."""

    part = CleanText(required=True, longest=500)
    first_day = DateField(required=True)
    reason = CleanText(required=True, longest=2_000, lines=True)
    source = CleanText(longest=1_000, allow_none=True, load_default=None)


class RestorationSchema(CommandSchema):
    """Why it was wrong to say that a part no longer applies."""

    reason = CleanText(required=True, longest=2_000, lines=True)


class ReturnSchema(CommandSchema):
    """Why a proposal goes back to its editor."""

    reason = CleanText(required=True, longest=2_000, lines=True)


class CorrectionSchema(CommandSchema):
    """What was wrong with a published record, and the fields as they should read."""

    reason = CleanText(required=True, longest=2_000, lines=True)
    # The designation is the edition's identity: another designation is another edition.
    changes = Part(EditionSchema(partial=True, exclude=("designation",)), required=True)


class HsCode(CleanText):
    """An HS code of 2 to 8 digits in any punctuation, kept as printed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=14, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not SHORTEST <= len(hs_digits(text)) <= LONGEST or any(sign.isalpha() for sign in text):
            message = Message("“{code}” is not an HS code of 2 to 8 digits.", code=text)
            raise ValidationError(message)
        return text


class ObligationSchema(CommandSchema):
    """That a regulation edition applies to products from one day until another."""

    product = Translations(required=True)
    hs_codes = Items(HsCode(), most=500, load_default=list)
    method = CleanText(longest=100, allow_none=True, load_default=None)
    declaration = CleanText(longest=100, allow_none=True, load_default=None)
    valid_from = DateField(allow_none=True, load_default=None)
    valid_until = DateField(allow_none=True, load_default=None)
    note = CleanText(longest=2_000, lines=True, allow_none=True, load_default=None)
    source = CleanText(longest=1_000, allow_none=True, load_default=None)

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            raise ValidationError(
                {"valid_until": [Message("The last day lies before the first day.")]}
            )


class ObligationCorrectionSchema(ObligationSchema):
    """What an obligation should have said, as a whole, and why it is corrected."""

    reason = CleanText(required=True, longest=2_000, lines=True)


class ObligationEndSchema(CommandSchema):
    """The last day on which an obligation holds, and why it ends."""

    valid_until = DateField(required=True)
    reason = CleanText(required=True, longest=2_000, lines=True)


class ObligationRetractionSchema(CommandSchema):
    """Why an obligation should never have been recorded."""

    reason = CleanText(required=True, longest=2_000, lines=True)


class ObligationRowSchema(ObligationSchema):
    """One row of a list of obligations: the regulation edition and what it obliges."""

    edition = DesignationField(required=True)
