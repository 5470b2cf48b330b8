"""How resources change the register: checked input, one unit of work, an answer with a receipt."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from flask import Response, request
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from registry.api.answers import as_json, json_response
from registry.errors import Invalid, RegistryError
from registry.idempotency import HEADER, checked_key, digest_request, recall, remember
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import Receipt, UnitOfWork
from registry.web.edge import change, current_actor, parts, reading

Work = Callable[[UnitOfWork], Mapping[str, Any]]
Checked = TypeVar("Checked")

_LONGEST_NAME = 200
# Halves of a surrogate pair: no text.
_HALVES = re.compile("[\ud800-\udfff]")
_LONGEST_VERSION = 18


def json_body(schema: Schema) -> dict[str, Any]:
    """Return the JSON body loaded by ``schema``; ``Invalid`` names what to mend.

    No body counts as an empty object. Raises 400 for what is not JSON and 415 for
    what does not claim to be.
    """
    raw = request.get_data(cache=True)
    if not raw.strip():
        return load(schema, {})
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        # Decimal keeps numbers as they were reported: 12.50 is not 12.5.
        body = json.loads(
            raw, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_fields
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"The body is not JSON that can be read here: {_said(error)}") from None
    if not isinstance(body, dict):
        raise Invalid.one("", Message("An object with named fields is needed here."))
    return load(schema, body)


def expected_version() -> int | None:
    """Return the version that If-Match names; ``None`` without the header or with ``*``."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    tags = request.if_match.as_set()
    if len(tags) > 1:
        raise Invalid.one("If-Match", "Name the one version that you decided on.")
    version = next(iter(tags), "").partition("-")[0]
    # A tag that never was one of ours is certainly not the latest version.
    ours = version.isascii() and version.isdigit() and len(version) <= _LONGEST_VERSION
    return int(version) if ours else -1


def run_command(
    work: Work,
    status: int,
    prepare: Callable[[UnitOfWork], None] | None,
    *,
    content: bytes | None = None,
) -> Response:
    """Run ``work`` in a unit of work and answer with what it returns and a receipt.

    With an Idempotency-Key the answer is stored in the same transaction, and a
    repeated request gets it again instead of making the change again. ``prepare``
    is committed before, in a unit of its own, unless the request is a repeated one.
    ``content`` is what was sent, where the body wraps it anew each time.
    """
    key = _Key.of_request(content)
    if prepare is not None:
        with change() as uow:
            if (answer := key.recalled(uow.session)) is not None:
                return answer
            prepare(uow)
    with change() as uow:
        return _answered(uow, key, work, status)


def run_checked(
    check: Callable[[Session], Checked],
    work: Callable[[UnitOfWork, Checked], Mapping[str, Any]],
    status: int,
) -> Response:
    """Do as ``run_command`` does for what ``check`` returned, which needs no turn as the writer.

    The Idempotency-Key is needed: whoever hears no answer must be able to send again.
    Those who wait at the same time are committed together (see ``GroupCommit``).
    """
    key = _Key.of_request()
    if key.key is None:
        message = Message(
            "Send this header with a key of your own for each report: sent again with the "
            "same key, after no answer came, a report is taken once."
        )
        raise Invalid.one(HEADER, message)
    with reading() as session:
        try:
            checked = check(session)
        except RegistryError:
            # A repeated request gets its first answer, also when it would be refused by now.
            if (answer := key.recalled(session)) is not None:
                return answer
            raise
    return parts().together(
        current_actor(),
        lambda uow: _answered(uow, key, lambda uow: work(uow, checked), status),
    )


def _answered(uow: UnitOfWork, key: "_Key", work: Work, status: int) -> Response:
    if (answer := key.recalled(uow.session)) is not None:
        return answer
    body = dict(work(uow))
    if uow.receipts:
        body.setdefault("receipt", receipt(uow.receipts[-1]))
    headers = _headers(body, status)
    text = as_json(body)
    key.remember(uow, status, headers, text)
    return _answer(text, status, headers)


def receipt(recorded: Receipt, **more: str) -> dict[str, Any]:
    """Return a receipt as JSON."""
    return {
        "position": recorded.position,
        "recorded_at": recorded.recorded_at.isoformat(),
        "leaf_hash": recorded.leaf_hash,
        **more,
    }


@dataclass(frozen=True, slots=True)
class _Key:
    """The Idempotency-Key of a request, where it has one, and what the request asks."""

    key: str | None
    digest: str

    @classmethod
    def of_request(cls, content: bytes | None = None) -> "_Key":
        key = request.headers.get(HEADER)
        if key is None:
            return cls(None, "")
        body = request.get_data(cache=True) if content is None else content
        return cls(checked_key(key), digest_request(request.method, request.full_path, body))

    def recalled(self, session: Session) -> Response | None:
        """Return the first answer to this request, when it is a repeated one."""
        if self.key is None:
            return None
        stored = recall(session, current_actor().reference, self.key, self.digest)
        if stored is None:
            return None
        headers = {**stored.headers, "Idempotent-Replayed": "true"}
        return _answer(stored.body, stored.status, headers)

    def remember(self, uow: UnitOfWork, status: int, headers: Mapping[str, str], text: str) -> None:
        if self.key is not None:
            remember(uow, self.key, self.digest, status=status, headers=headers, body=text)


def _headers(body: Mapping[str, Any], status: int) -> dict[str, str]:
    headers = {}
    if status in (201, 202) and "href" in body:
        headers["Location"] = str(body["href"])
    if "version" in body:
        # Whoever made this version can act on it without asking for it first.
        headers["ETag"] = f'"{body["version"]}"'
    return headers


def _answer(text: str, status: int, headers: Mapping[str, str]) -> Response:
    response = json_response(text, status)
    response.headers.update(headers)
    return response


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse field names that no problem document could name again."""
    for name, _ in pairs:
        if len(name) > _LONGEST_NAME or _HALVES.search(name):
            raise ValueError("a field has a name that cannot be read")
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a field is given twice")
    return dict(pairs)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _said(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
