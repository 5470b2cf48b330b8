"""The one map from typed errors to pages and RFC 9457 problem documents."""

import json
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from registry.config import MAX_REQUEST_BYTES
from registry.errors import (
    BadTransition,
    Busy,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    NotSignedIn,
    RegistryError,
    Stale,
)
from registry.messages import Message
from registry.web.i18n import translate, translate_fields

# The first class that the error is an instance of decides.
STATUS: tuple[tuple[type[RegistryError], int, str], ...] = (
    (NotFound, 404, "not-found"),
    (NotSignedIn, 401, "not-signed-in"),
    (Denied, 403, "denied"),
    (Stale, 412, "stale"),
    (BadTransition, 409, "bad-transition"),
    (Conflict, 409, "conflict"),
    (Invalid, 422, "invalid"),
    (Busy, 503, "busy"),
)

# What each kind of problem is called; the addresses of problem types explain them.
PROBLEMS = {
    "not-found": Message("Not found"),
    "not-signed-in": Message("Sign-in needed"),
    "denied": Message("Not allowed"),
    "stale": Message("Changed meanwhile"),
    "bad-transition": Message("Not possible now"),
    "conflict": Message("Contradiction"),
    "invalid": Message("Please mend your input"),
    "busy": Message("Busy, please try again"),
    "idempotency-conflict": Message("Idempotency-Key used for something else"),
    "error": Message("Something went wrong on our side"),
}

_HTTP_TITLES = {
    400: Message("Request not understood"),
    404: Message("Page not found"),
    405: Message("Method not allowed"),
    412: Message("Changed meanwhile"),
    413: Message("Too large"),
    415: Message("Media type not supported"),
    429: Message("Too many requests"),
    500: Message("Something went wrong on our side"),
}

_TOO_LARGE = Message("At most {most} MB are taken at once.", most=MAX_REQUEST_BYTES // 2**20)
_FORM_TOO_OLD = Message("This form is too old to be accepted. Load its page again, then send it.")


def init_errors(app: Flask) -> None:
    """Answer every error in the form that its reader expects."""
    app.register_error_handler(RegistryError, _answer_registry_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    if not app.testing:
        app.register_error_handler(Exception, _answer_unexpected)


def problem_response(
    status: int,
    kind: str,
    title: str,
    detail: str | None = None,
    fields: dict[str, list[str]] | None = None,
) -> Response:
    """Return an RFC 9457 problem document; ``errors`` names each field by JSON pointer."""
    problem: dict[str, Any] = {
        # RFC 9457, section 4.2.1: what HTTP itself explains needs no page of ours.
        "type": url_for("public.problem", kind=kind, _external=True)
        if kind in PROBLEMS
        else "about:blank",
        "title": title,
        "status": status,
        "instance": request.path,
    }
    if detail:
        problem["detail"] = detail
    if fields:
        problem["errors"] = [
            {"field": path, "pointer": _pointer(path), "detail": translate(text)}
            for path, texts in fields.items()
            for text in texts
        ]
    response = Response(
        json.dumps(problem, ensure_ascii=False), status, mimetype="application/problem+json"
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="registry"'
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def classify(error: RegistryError) -> tuple[int, str, str]:
    """Return HTTP status, problem kind and (English) title of a typed error."""
    for error_type, status, kind in STATUS:
        if isinstance(error, error_type):
            return status, kind, PROBLEMS[kind]
    return 500, "error", _HTTP_TITLES[500]


def wants_problem() -> bool:
    """Whether this request is made by a program rather than a browser."""
    return request.path.startswith("/api/")


def _answer_registry_error(error: RegistryError) -> BaseResponse | tuple[str, int]:
    status, kind, title = classify(error)
    fields = error.fields if isinstance(error, Invalid) else None
    if wants_problem():
        return problem_response(status, kind, translate(title), translate(error.message), fields)
    if isinstance(error, NotSignedIn):
        back = request.full_path if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back))
    return _page(status, translate(title), translate(error.message), translate_fields(fields))


def _answer_http_error(error: HTTPException) -> BaseResponse | tuple[str, int]:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    title = _HTTP_TITLES.get(error.code, error.name)
    if wants_problem():
        kind = error.name.lower().replace(" ", "-")
        detail = _detail(error) or error.description
        answer: BaseResponse = problem_response(error.code, kind, title, detail)
    else:
        # What the libraries say of an error is English, and written for programmers.
        body, status = _page(error.code, translate(title), _detail(error), None)
        answer = Response(body, status)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers.setdefault(name, value)
    return answer


def _detail(error: HTTPException) -> str | None:
    """Return what the reader can do about it, where that can be said."""
    if isinstance(error, CSRFError):
        return translate(_FORM_TOO_OLD)
    return translate(_TOO_LARGE) if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None


def _answer_unexpected(error: Exception) -> BaseResponse | tuple[str, int]:
    current_app.logger.exception("unexpected error", exc_info=error)
    if wants_problem():
        return problem_response(500, "error", _HTTP_TITLES[500])
    return _page(500, translate(_HTTP_TITLES[500]), None, None)


def _page(
    status: int, title: str, detail: str | None, fields: dict[str, list[str]] | None
) -> tuple[str, int]:
    page = render_template(
        "errors/error.html", status=status, title=title, detail=detail, fields=fields or {}
    )
    return page, status


def _pointer(path: str) -> str:
    parts = path.replace("~", "~0").replace("/", "~1").split(".")
    return "".join(f"/{part}" for part in parts) if path else ""
