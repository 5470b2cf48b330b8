"""Checking certificates: one number, or a list of them; open to everybody, no key needed."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import representation, tagged
from registry.api.assessment.certificates import CertificateAnswerSchema, present_certificate
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.assessment.number_lists import LONGEST_NUMBER, MOST_NUMBERS
from registry.assessment.presenters.checks import ANSWERS, present_check, tally
from registry.assessment.queries.certificates import Finding, check_numbers, find_certificate
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import CleanText, CommandSchema, Items
from registry.web.edge import asked_as_of, reading
from registry.web.limits import count_checks

blueprint = Resource("Checking", "Whether certificates are genuine and in force")


class CheckAnswerSchema(AnswerSchema):
    """What came of a typed number. ``suggestion`` is what was probably meant."""

    finding = fields.String(metadata={"enum": [finding.value for finding in Finding]})
    number = fields.String(allow_none=True)
    suggestion = fields.String(allow_none=True)
    certificate = fields.Nested(CertificateAnswerSchema, allow_none=True)


class NumbersSchema(CommandSchema):
    """Certificate numbers as they were typed or read."""

    numbers = Items(CleanText(longest=LONGEST_NUMBER), fewest=1, most=MOST_NUMBERS, required=True)


class ListedAnswerSchema(AnswerSchema):
    """The answer to one number of a list."""

    typed = fields.String()
    number = fields.String(allow_none=True, metadata={"description": "Its canonical form."})
    answer = fields.String(metadata={"enum": list(ANSWERS)})
    since = fields.Date(allow_none=True)
    reason = fields.String(allow_none=True)
    holder = fields.String(allow_none=True)
    product = fields.Raw(allow_none=True, metadata={"description": "Name by language."})
    requirements = fields.List(fields.String(), allow_none=True)
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)
    suggestion = fields.String(allow_none=True)
    href = fields.String(allow_none=True)


class ListedAnswersSchema(AnswerSchema):
    """One answer for each number, in the order asked, and how many there are of each kind."""

    items = fields.List(fields.Nested(ListedAnswerSchema))
    tally = fields.Dict(keys=fields.String(), values=fields.Integer())
    at = fields.Date()


@blueprint.question(
    "/verify",
    CheckAnswerSchema,
    query=[*AS_OF, query("number", "A certificate number as it was typed or read.")],
    limited=True,
)
def verify() -> Response:
    """Check a typed number: is it a certificate's, and does that hold on the day asked?"""
    number = text("number")
    if number is None:
        raise Invalid.one("number", Message("Type the number of the certificate."))
    count_checks(1)
    with reading() as session:
        check = find_certificate(session, number, asked_as_of(session))
    body = {
        "finding": check.finding.value,
        "number": check.number,
        "suggestion": check.suggestion,
        "certificate": present_certificate(check.found) if check.found else None,
    }
    return representation(body, check.found.version if check.found else 0)


@blueprint.enquiry("/certificates/verify", ListedAnswersSchema, body=NumbersSchema, query=AS_OF)
def verify_list(data: Mapping[str, Any]) -> Response:
    """Check up to 10,000 numbers at once; 20,000 a minute from one address."""
    numbers = data["numbers"]
    count_checks(len(numbers))
    with reading() as session:
        as_of = asked_as_of(session)
        checks = check_numbers(session, numbers, as_of)
    rows = [present_check(typed, check) for typed, check in zip(numbers, checks, strict=True)]
    items = [
        row
        | {
            "href": url_for("Certificates.show_certificate", number=row["number"])
            if row["holder"]
            else None
        }
        for row in rows
    ]
    return tagged({"items": items, "tally": tally(rows), "at": as_of.at})
