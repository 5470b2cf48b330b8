"""Query and header parameters: how the API document states them, and how they are read."""

from collections.abc import Iterable
from typing import Any

from flask import request
from marshmallow import ValidationError

from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import clean_text
from registry.web.paging import MAX_LIMIT

Parameter = dict[str, Any]

LONGEST = 400

# The largest id or position that both databases can look up.
MOST = 2**31 - 1


def query(name: str, description: str, **schema: Any) -> Parameter:
    """Return a query parameter; ``schema`` adds to the plain string that it is."""
    if "enum" in schema:
        schema["enum"] = list(schema["enum"])
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", **schema},
    }


AT = query("at", "Valid on that day; today when left out.", format="date")
AS_OF = (
    AT,
    query(
        "known",
        "As the register stood at the end of that day; now when left out.",
        format="date",
    ),
)
LIMIT = query(
    "limit",
    "How many items a page holds; 50 when left out.",
    type="integer",
    minimum=1,
    maximum=MAX_LIMIT,
)
PAGING = (
    query("cursor", "Where the page starts: taken from the Link header of the page before."),
    LIMIT,
)

IDEMPOTENCY_KEY: Parameter = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key with the same request gets the first answer again.",
}
NEEDED_KEY: Parameter = {**IDEMPOTENCY_KEY, "required": True}
IF_MATCH: Parameter = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag of the version decided on; 412 when there is a later one.",
}

# What stands for a thing in its address.
PATH = {
    "slug": "The public name of the thing in its address.",
    "number": "The number that the register gave.",
    "scheme": "A foreign scheme: cc or cmvp.",
    "certificate": "The number that the foreign scheme gave.",
    "accreditation_id": "The number of the accreditation in this register.",
    "obligation_id": "The number of the obligation in this register.",
    "report_id": "The number of the report in this register.",
    "batch": "The key that the register gave the file.",
    "upload_key": "The key that the register gave the upload.",
    "sha256": "The SHA-256 of the file, 64 hexadecimal digits.",
    "request_id": "The number of the request in this register.",
    "part_id": "The number of the part of the edition, as the edition names it.",
    "position": "A position in the journal.",
    "import_id": "The number of the import in this register.",
    "comment_number": "The number of the comment on the edition.",
    "event_id": "The number of the event, as the thing that it befell names it.",
    "line_id": "The number of the line, as the thing that it is of names it.",
    "task_id": "The number of the task in this register.",
    "surveillance_id": "The number of the surveillance in this register.",
    "endpoint_id": "The number of the endpoint in this register.",
    "delivery_id": "The number of the delivery in this register.",
    "entry_id": "The number of the entry in the programme of work.",
}


def check_query(known: Iterable[Parameter]) -> None:
    """Raise ``Invalid`` naming each query parameter that is unknown or not one of its choices.

    A misspelt filter would otherwise answer with everything.
    """
    # The reader's language may be asked of every address.
    stated = {parameter["name"]: parameter["schema"] for parameter in known} | {"lang": {}}
    errors: dict[str, list[str]] = {}
    for name, values in request.args.lists():
        if name not in stated:
            errors[name[:LONGEST]] = [Message("This parameter is not known here.")]
        elif (choices := stated[name].get("enum")) and not set(values) <= set(choices):
            errors[name] = [Message("Choose one of: {keys}.", keys=", ".join(choices))]
    if errors:
        raise Invalid(errors)


def text(name: str) -> str | None:
    """Return the query parameter ``name`` tidied; ``None`` when it is absent or blank."""
    return next(iter(several(name)), None)


def several(name: str) -> list[str]:
    """Return all values of the query parameter ``name`` that are not blank."""
    try:
        values = [clean_text(value, longest=LONGEST) for value in request.args.getlist(name)]
    except ValidationError as error:
        raise Invalid({name: list(error.messages)}) from None
    return [value for value in values if value]


def flag(name: str) -> bool | None:
    """Return the query parameter ``name`` as yes or no; ``None`` when it is absent."""
    value = text(name)
    return None if value is None else value == "true"
