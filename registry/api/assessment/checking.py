"""Checking certificates: a number, a list, a file; open to everybody, no key needed."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import as_json, json_response, representation, tagged
from registry.api.assessment.certificates import CertificateAnswerSchema, present_certificate
from registry.api.parameters import AS_OF, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.assessment.file_answers import ANSWERS as REGISTERED_ANSWERS
from registry.assessment.number_lists import LONGEST_NUMBER, MOST_NUMBERS
from registry.assessment.presenters.checks import ANSWERS, present_check, tally
from registry.assessment.presenters.file_checks import (
    ADDITIONS,
    KINDS,
    NAMES,
    present_file_check,
)
from registry.assessment.queries.certificates import Finding, check_numbers, find_certificate
from registry.assessment.services.file_checks import check_registered_file
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import CleanText, CommandSchema, Items
from registry.web.edge import asked_as_of, parts, reading
from registry.web.limits import FILE_COST, count_checks

MEDIA = (
    "application/pdf",
    "application/vc+jwt",
    "application/vc",
    "application/json",
    "application/octet-stream",
)

_PLACE = "NUMBER"

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


class SignatureAnswerSchema(AnswerSchema):
    """The register's key that a file names; ``signed_at`` is what the signature says itself."""

    key_id = fields.String()
    algorithm = fields.String()
    trial = fields.Boolean()
    signed_at = fields.DateTime(allow_none=True)
    retired_on = fields.Date(allow_none=True)
    compromised_since = fields.Date(allow_none=True)


class JournalProofSchema(AnswerSchema):
    """Whether the file's credential proves its entry in the journal."""

    code = fields.String(metadata={"description": "included, or why it is not proven."})
    position = fields.Integer(allow_none=True)
    size = fields.Integer(allow_none=True)


class StatedSchema(AnswerSchema):
    """One thing that the file says for machines, beside what the register says of it."""

    name = fields.String(metadata={"enum": list(NAMES)})
    in_file = fields.List(fields.String())
    in_register = fields.List(fields.String(), allow_none=True)
    differs = fields.Boolean()


class FileAnswerSchema(AnswerSchema):
    """What a file is, and what the genuine certificate says.

    ``added`` is what follows the signature. ``finding`` and ``certificate`` are of the
    number that the file names, whether or not the file is genuine.
    """

    answer = fields.String(metadata={"enum": list(REGISTERED_ANSWERS)})
    kind = fields.String(metadata={"enum": list(KINDS)})
    sha256 = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    signature = fields.Nested(SignatureAnswerSchema, allow_none=True)
    added = fields.String(allow_none=True, metadata={"enum": [*ADDITIONS, None]})
    added_bytes = fields.Integer()
    credential_genuine = fields.Boolean(
        allow_none=True, metadata={"description": "Null without a credential in the file."}
    )
    version = fields.Integer(
        allow_none=True, metadata={"description": "Of the certificate, by a genuine credential."}
    )
    newest_version = fields.Integer(
        allow_none=True, metadata={"description": "The one that holds on the day asked."}
    )
    journal = fields.Nested(JournalProofSchema, allow_none=True)
    finding = fields.String(
        allow_none=True, metadata={"enum": [*(finding.value for finding in Finding), None]}
    )
    number = fields.String(allow_none=True)
    stated = fields.List(fields.Nested(StatedSchema))
    certificate = fields.Nested(CertificateAnswerSchema, allow_none=True)
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
        as_of = asked_as_of(session)
        check = find_certificate(session, number, as_of)
        found = present_certificate(session, check.found, as_of) if check.found else None
    body = {
        "finding": check.finding.value,
        "number": check.number,
        "suggestion": check.suggestion,
        "certificate": found,
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
    # Making thousands of addresses one by one would take longer than the look-ups.
    address = url_for("Certificates.show_certificate", number=_PLACE)
    items = [
        row | {"href": address.replace(_PLACE, row["number"]) if row["holder"] else None}
        for row in rows
    ]
    return tagged({"items": items, "tally": tally(rows), "at": as_of.at})


@blueprint.inspection("/certificates/verify-file", FileAnswerSchema, media=MEDIA, query=AS_OF)
def verify_file(content: bytes) -> Response:
    """Check a certificate's PDF or credential of at most 16 MB; nothing of it is stored."""
    if not content:
        raise Invalid.one("", Message("Send the file as the body of the request."))
    count_checks(FILE_COST)
    with reading() as session:
        as_of = asked_as_of(session)
    checked = check_registered_file(parts(), content, as_of)
    found = checked.check.found if checked.check else None
    with reading() as session:
        certificate = present_certificate(session, found, as_of) if found else None
    body = {**present_file_check(checked), "certificate": certificate, "at": as_of.at}
    return json_response(as_json(body))
