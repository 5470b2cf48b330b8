"""How resources answer a question: one representation with its ETag, or a page of a list."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from registry.api.parameters import MOST
from registry.errors import Invalid
from registry.unit_of_work import plain
from registry.web.edge import current_actor
from registry.web.paging import checked_limit, decode_cursor, encode_cursor

JSON = "application/json"


def json_response(text: str, status: int = 200) -> Response:
    """Answer with JSON text. What one actor may see is not for shared caches."""
    response = Response(text, status, mimetype=JSON)
    if current_actor().signed_in:
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Authorization")
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def as_json(body: Mapping[str, Any]) -> str:
    """Return ``body`` as JSON text, dates as ISO 8601."""
    return json.dumps(plain(body), ensure_ascii=False)


def representation(body: Mapping[str, Any], version: int) -> Response:
    """Answer with ``body``, tagged so that the reader can act on this very version.

    The tag starts with the version that ``If-Match`` is compared with, and ends
    with a digest, because the same version reads differently on another day.
    """
    text = as_json(body)
    response = json_response(text)
    response.set_etag(f"{version}-{hashlib.sha256(text.encode()).hexdigest()[:12]}")
    response.make_conditional(request)
    return response


def listed(items: Sequence[Mapping[str, Any]]) -> Response:
    """Answer with a list that is short enough for one page."""
    return tagged({"items": items})


def tagged(body: Mapping[str, Any]) -> Response:
    """Answer with what nobody changes as one thing: its tag only saves sending it again."""
    response = json_response(as_json(body))
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def page_parameters(*types: type) -> tuple[tuple[Any, ...] | None, int]:
    """Return the cursor's key and the page size asked for."""
    key = decode_cursor(request.args.get("cursor"), *types)
    if key and any(isinstance(part, int) and not 0 <= part <= MOST for part in key):
        raise Invalid.one("cursor", "This is not a cursor of this list; start again without it.")
    if key and any(isinstance(part, str) and "\0" in part for part in key):
        raise Invalid.one("cursor", "This is not a cursor of this list; start again without it.")
    return key, checked_limit(request.args.get("limit"))


def page(
    rows: Sequence[Any],
    limit: int,
    present: Callable[[Any], Mapping[str, Any]],
    key_of: Callable[[Any], tuple[Any, ...]],
) -> Response:
    """Answer with up to ``limit`` of ``rows``; one row more tells that there is a next page."""
    shown = rows[:limit]
    response = listed([present(row) for row in shown])
    if len(rows) > limit:
        args = {name: values for name, values in request.args.lists() if name != "cursor"}
        args["cursor"] = [encode_cursor(*key_of(shown[-1]))]
        address = f"{request.base_url}?{urlencode(args, doseq=True)}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
