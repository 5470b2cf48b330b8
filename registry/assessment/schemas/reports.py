"""Commands on test, calibration and inspection reports."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.assessment.schemas.attachments import MOST_ATTACHMENTS, Sha256
from registry.assessment.schemas.parts import (
    REASON_LENGTH,
    designation_field,
    key_field,
    optional,
)
from registry.messages import Message
from registry.schema_fields import (
    Choice,
    CleanText,
    CommandSchema,
    DateField,
    Flag,
    Items,
    Number,
    Part,
)

MAX_RESULTS = 500

_NO_UNIT = Message("Name the unit; write 1 for a number without a unit.")


class ResultSchema(CommandSchema):
    """One characteristic (ISO/IEC 17025:2017, 7.8.2.1 f, i and m; 7.8.3; 7.8.6).

    Value, expanded uncertainty U and limits are decimal numbers; ``limit_unit`` is
    ``unit`` unless given. ``provider`` is the slug of the body that performed the
    test when it is not the one reporting.
    """

    characteristic = CleanText(longest=500, required=True)
    method = optional(CleanText, longest=200)
    performed_on = optional(DateField)
    performed_until = optional(DateField)
    value = optional(Number)
    unit = optional(CleanText, longest=50)
    expanded_uncertainty = optional(Number)
    coverage_factor = optional(Number)
    limit_lower = optional(Number)
    limit_upper = optional(Number)
    limit_unit = optional(CleanText, longest=50)
    decision_rule = optional(CleanText, longest=60)
    statement = optional(CleanText, longest=60)
    provider = optional(CleanText, longest=200)

    @validates_schema(skip_on_field_errors=True)
    def _numbers_belong_together(self, data: dict[str, Any], **_: Any) -> None:
        errors = dict(_number_errors(data))
        first, last = data["performed_on"], data["performed_until"]
        if last and not first:
            errors["performed_on"] = Message("Give the first day as well.")
        elif last and last < first:
            errors["performed_until"] = Message("The last day lies before the first day.")
        if data["value"] is None and data["statement"] is None:
            errors["value"] = Message("Give a measured value or a statement of conformity.")
        if errors:
            raise ValidationError({name: [text] for name, text in errors.items()})


class ItemSchema(CommandSchema):
    """The item tested: what it is, its condition, when it came (7.8.2.1 g and h)."""

    description = optional(CleanText, longest=2_000, lines=True)
    condition = optional(CleanText, longest=2_000, lines=True)
    received_on = optional(DateField)
    sampled_on = optional(DateField)


class ReportSchema(CommandSchema):
    """A report as ISO/IEC 17025:2017, 7.8.2.1 a to p asks.

    Items that make a report incomplete may be missing: that is for the acceptance
    rules to judge, not for the form. ``not_applicable`` names the letters of items
    that the laboratory declares not to concern this report. ``attachments`` are the
    SHA-256 of files that it uploaded.
    """

    number = CleanText(longest=100, required=True)
    regulation = designation_field(required=True)
    application = optional(CleanText, longest=40)
    replaces = optional(CleanText, longest=100)
    result_type = key_field(load_default="test_report")
    issued_on = DateField(required=True)
    title = optional(CleanText, longest=500)
    laboratory_address = optional(CleanText, longest=1_000, lines=True)
    location = optional(CleanText, longest=1_000, lines=True)
    customer = optional(CleanText, longest=1_000, lines=True)
    item = Part(ItemSchema, load_default=lambda: ItemSchema().load({}))
    sampling = optional(CleanText, longest=5_000, lines=True)
    relates_only_to_items = Flag(load_default=False)
    deviations = optional(CleanText, longest=5_000, lines=True)
    authorised_by = optional(CleanText, longest=500)
    external_results = optional(CleanText, longest=5_000, lines=True)
    not_applicable = Items(Choice("h", "k", "n", "p"), most=4, load_default=list)
    attachments = Items(Sha256(), most=MOST_ATTACHMENTS, load_default=list)
    results = Items(Part(ResultSchema), fewest=1, most=MAX_RESULTS, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _performed_before_issue(self, data: dict[str, Any], **_: Any) -> None:
        late = [
            index
            for index, result in enumerate(data["results"])
            if _last_day(result) is not None and _last_day(result) > data["issued_on"]
        ]
        if late:
            text = Message("The test lies after the date of issue of the report.")
            raise ValidationError({"results": {i: {"performed_on": [text]} for i in late}})


class SentReportSchema(ReportSchema):
    """A report as a laboratory's program sends it; with ``sample`` it is only tried."""

    sample = Flag(load_default=False)


class ReportDecisionSchema(CommandSchema):
    """An officer's decision on a report; ``reasons`` in writing when it differs from the rules'."""

    outcome = Choice("accept", "refuse", required=True)
    reasons = optional(CleanText, longest=REASON_LENGTH, lines=True)


def _number_errors(data: dict[str, Any]) -> Iterator[tuple[str, Message]]:
    limits = [data["limit_lower"], data["limit_upper"]] != [None, None]
    if data["value"] is None:
        for name in ("expanded_uncertainty", "limit_lower", "limit_upper"):
            if data[name] is not None:
                yield name, Message("Give the measured value that this belongs to.")
        return
    if data["unit"] is None:
        yield "unit", _NO_UNIT
        if limits and data["limit_unit"] is None:
            yield "limit_unit", _NO_UNIT


def _last_day(result: dict[str, Any]) -> date | None:
    day: date | None = result["performed_until"] or result["performed_on"]
    return day
