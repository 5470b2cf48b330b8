"""What every resource shares: commands with receipts, entity tags, cursors, query parameters."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from registry.errors import Invalid
from registry.history import Fact
from registry.idempotency import HEADER, checked_key, digest_request, recall, remember
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.edge import change
from registry.web.paging import checked_limit, decode_cursor, encode_cursor

JSON = "application/json"

# The OpenAPI parameters of questions about the past.
AS_OF = [
    {
        "name": "at",
        "in": "query",
        "schema": {"type": "string", "format": "date"},
        "description": "Valid on that day; today when left out.",
    },
    {
        "name": "known",
        "in": "query",
        "schema": {"type": "string", "format": "date"},
        "description": "As the register stood at the end of that day; now when left out.",
    },
]
PAGING = [
    {
        "name": "cursor",
        "in": "query",
        "schema": {"type": "string"},
        "description": "Where the page starts: taken from the Link header of the page before.",
    },
    {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200},
        "description": "How many rows a page holds; 50 when left out.",
    },
]
COMMAND = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "The same key and request again get the first answer again.",
    },
    {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string"},
        "description": "The ETag of the version decided on; 412 when there is a later one.",
    },
]
SECURED: list[dict[str, list[str]]] = [{"bearer": []}]


class ReceiptSchema(Schema):
    """Proof that a change was recorded."""

    position = fields.Integer(required=True, metadata={"description": "Journal position."})
    recorded_at = fields.String(required=True)
    leaf_hash = fields.String(required=True, metadata={"description": "RFC 9162 leaf hash, hex."})


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    instance = fields.String()
    errors = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))


def make_blueprint(name: str, description: str) -> Blueprint:
    """Return a blueprint for a resource under /api/v1."""
    return Blueprint(name, __name__, url_prefix="/api/v1", description=description)


def json_body(schema: Schema) -> dict[str, Any]:
    """Return the JSON body loaded by ``schema``; ``Invalid`` names what to mend."""
    return load(schema, json_object())


def json_object() -> Mapping[str, Any]:
    """Return the JSON body, which must be an object; no body is an empty object."""
    raw = request.get_data(cache=True)
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Invalid.one("", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Invalid.one("", "The body must be a JSON object.")
    return body


def takes(schema: Schema) -> dict[str, Any]:
    """Return the OpenAPI description of a JSON body loaded by ``json_body(schema)``."""
    return {"required": True, "content": {JSON: {"schema": schema}}}


def run_command(
    work: Callable[[UnitOfWork], Mapping[str, Any]], status: int = 200, location: str | None = None
) -> Response:
    """Run ``work`` in a unit of work and answer with what it returns and a receipt.

    With an Idempotency-Key the answer is stored in the same transaction, and a
    repeated request gets it again instead of making the change again.
    """
    key = request.headers.get(HEADER)
    digest = ""
    if key is not None:
        key = checked_key(key)
        digest = digest_request(request.method, request.full_path, request.get_data(cache=True))
    with change() as uow:
        if key is not None:
            stored = recall(uow.session, uow.actor.reference, key, digest)
            if stored is not None:
                return _answer(
                    stored.body, stored.status, stored.headers | {"Idempotent": "replay"}
                )
        body = dict(work(uow))
        headers = {}
        if location is not None and location in body:
            headers["Location"] = str(body[location])
        if uow.receipts:
            receipt = uow.receipts[-1]
            body["receipt"] = {
                "position": receipt.position,
                "recorded_at": receipt.recorded_at.isoformat(),
                "leaf_hash": receipt.leaf_hash,
            }
        text = json.dumps(body, ensure_ascii=False)
        if key is not None:
            remember(uow, key, digest, status=status, headers=headers, body=text)
    return _answer(text, status, headers)


def representation(body: Mapping[str, Any], version: int) -> Response:
    """Answer with ``body``, tagged so that the reader can act on this very version.

    The tag starts with the version that ``If-Match`` is compared with, and ends
    with a digest, because the same version reads differently on another day.
    """
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    response = _answer(text, 200, {})
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    response.set_etag(f"{version}-{digest}")
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def expected_version() -> int | None:
    """Return the version that If-Match names; ``None`` without the header or with ``*``."""
    if not request.if_match or request.if_match.star_tag:
        return None
    tag = next(iter(request.if_match.as_set()), "").partition("-")[0]
    # A tag that never was one of ours is certainly not the latest version.
    return int(tag) if tag.isascii() and tag[:18].isdigit() else -1


def page_parameters(*types: type) -> tuple[tuple[Any, ...] | None, int]:
    """Return the cursor's key and the page size asked for."""
    return (
        decode_cursor(request.args.get("cursor"), *types),
        checked_limit(request.args.get("limit")),
    )


def page(
    rows: Sequence[Any],
    limit: int,
    present: Callable[[Any], Mapping[str, Any]],
    key_of: Callable[[Any], tuple[Any, ...]],
) -> Response:
    """Answer with up to ``limit`` of ``rows``; one row more tells that there is a next page."""
    shown = rows[:limit]
    body = {"items": [present(row) for row in shown]}
    response = _answer(json.dumps(body, ensure_ascii=False), 200, {})
    if len(rows) > limit:
        assert request.endpoint is not None
        args = {**dict(request.args.lists()), **(request.view_args or {})}
        args["cursor"] = encode_cursor(*key_of(shown[-1]))
        next_address = url_for(request.endpoint, **args, _external=True)
        response.headers["Link"] = f'<{next_address}>; rel="next"'
    response.add_etag(weak=True)
    return response.make_conditional(request)


def version_of(fact: Fact) -> int:
    """Return the version of a record: the position from which it is known."""
    return fact.known_from


def _answer(text: str, status: int, headers: Mapping[str, str]) -> Response:
    response = Response(text, status, mimetype=JSON)
    response.headers.update(headers)
    return response
