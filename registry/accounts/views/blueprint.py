"""The blueprint that the pages of accounts share."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template

blueprint = Blueprint("accounts", __name__)


def answer_form(
    template: str,
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    secret: bool = False,
    **context: Any,
) -> Response:
    """Return a page with a form: status 422 when there are ``errors``.

    ``secret`` pages show what is shown only once, so no copy of them may be kept.
    """
    page = render_template(template, errors=errors or {}, **context)
    response = make_response(page, 422 if errors else 200)
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return response
