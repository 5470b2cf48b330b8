"""One way to declare an operation: address, permission, input and answers, said once.

What is declared here guards the operation, reads its input and goes into the
OpenAPI document, so that the document says what happens.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.exceptions import UnsupportedMediaType

from registry.accounts.permissions import PUBLIC, SIGNED_IN
from registry.accounts.tokens import SCOPES
from registry.api.answers import JSON
from registry.api.commands import expected_version, json_body, run_command
from registry.api.parameters import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    NEEDED_KEY,
    PATH,
    Parameter,
    check_query,
)
from registry.errors import NotFound
from registry.schema_fields import CommandSchema
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs

View = Callable[..., Response]
Work = Callable[..., Mapping[str, Any]]

_PATH_NAME = re.compile(r"<(?:[^:>]+:)?([a-z_][a-z_0-9]*)>")
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version of this answer."}}
_LINK = {"Link": {"schema": {"type": "string"}, "description": "The next page, with rel=next."}}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where it is from now on."}}


class NoFieldsSchema(CommandSchema):
    """The body of a command that takes none."""


class Resource(Blueprint):  # type: ignore[misc]
    """A resource under /api/v1."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix="/api/v1", description=description)
        self.before_request(_refuse_nul)

    def question(
        self,
        rule: str,
        answer: type[Schema] | None,
        *,
        query: Sequence[Parameter] = (),
        permission: str = PUBLIC,
        produces: str = JSON,
        limited: bool = False,
    ) -> Callable[[View], View]:
        """Declare a GET: the view takes what the address names and returns a response.

        ``limited`` says that who asks too often is told to wait.
        """
        paged = any(parameter["name"] == "cursor" for parameter in query)
        problems = ["UNAUTHORIZED", *_permission_problems(permission), *_path_problems(rule)]
        if limited:
            problems.append("TOO_MANY_REQUESTS")

        def decorate(view: View) -> View:
            @wraps(view)
            def answering(**path: Any) -> Response:
                check_query(query)
                return view(**path)

            content: dict[str, Any] = {produces: {"schema": answer() if answer else {}}}
            ok = {
                "description": "OK",
                "content": content,
                "headers": _ETAG | (_LINK if paged else {}),
            }
            return self._declare(
                rule,
                "GET",
                permission,
                answering,
                parameters=list(query),
                responses={"200": ok, "304": "NOT_MODIFIED"}
                | _references([*problems, "UNPROCESSABLE_ENTITY"]),
            )

        return decorate

    def enquiry(
        self, rule: str, answer: type[Schema], *, body: type[Schema], query: Sequence[Parameter]
    ) -> Callable[[View], View]:
        """Declare a public POST that only asks: the view takes ``data`` and returns a response."""
        schema = body()
        problems = [
            "BAD_REQUEST",
            "UNAUTHORIZED",
            "REQUEST_ENTITY_TOO_LARGE",
            "UNSUPPORTED_MEDIA_TYPE",
            "UNPROCESSABLE_ENTITY",
            "TOO_MANY_REQUESTS",
        ]
        manual: dict[str, Any] = {
            "parameters": list(query),
            "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
            "responses": {"200": {"description": "OK", "content": {JSON: {"schema": answer()}}}}
            | _references(problems),
        }

        def decorate(view: View) -> View:
            @wraps(view)
            def asking(**path: Any) -> Response:
                check_query(query)
                return view(**path, data=json_body(schema))

            return self._declare(rule, "POST", PUBLIC, asking, **manual)

        return decorate

    def inspection(
        self, rule: str, answer: type[Schema], *, media: Sequence[str], query: Sequence[Parameter]
    ) -> Callable[[View], View]:
        """Declare a public POST of a file that is looked at and not kept.

        The view takes ``content``. Its kind may be left unsaid: the bytes tell.
        """
        binary = {"schema": {"type": "string", "format": "binary"}}
        manual: dict[str, Any] = {
            "parameters": list(query),
            "requestBody": {"required": True, "content": dict.fromkeys(media, binary)},
            "responses": {"200": {"description": "OK", "content": {JSON: {"schema": answer()}}}}
            | _references(
                [
                    "BAD_REQUEST",
                    "UNAUTHORIZED",
                    "REQUEST_ENTITY_TOO_LARGE",
                    "UNSUPPORTED_MEDIA_TYPE",
                    "UNPROCESSABLE_ENTITY",
                    "TOO_MANY_REQUESTS",
                ]
            ),
        }

        def decorate(view: View) -> View:
            @wraps(view)
            def looking(**path: Any) -> Response:
                check_query(query)
                if request.mimetype and request.mimetype not in media:
                    raise UnsupportedMediaType(f"Send the file as one of: {', '.join(media)}.")
                return view(**path, content=request.get_data(cache=False))

            return self._declare(rule, "POST", PUBLIC, looking, **manual)

        return decorate

    def command(
        self,
        rule: str,
        answer: type[Schema],
        *,
        body: type[Schema] | None = None,
        permission: str,
        status: int = 200,
        method: str = "POST",
        versioned: bool = False,
        prepare: Callable[..., None] | None = None,
    ) -> Callable[[Work], View]:
        """Declare a change: the work takes a unit of work, ``data`` and what the address names.

        A ``versioned`` command also takes ``expected``, which If-Match names.
        ``prepare`` takes the same and is committed first (see ``run_command``).
        """
        schema = (body or NoFieldsSchema)()
        problems = [
            "BAD_REQUEST",
            "UNAUTHORIZED",
            *_permission_problems(permission),
            *_path_problems(rule),
            "CONFLICT",
            *(["PRECONDITION_FAILED"] if versioned else []),
            "REQUEST_ENTITY_TOO_LARGE",
            "UNSUPPORTED_MEDIA_TYPE",
            "UNPROCESSABLE_ENTITY",
        ]
        manual: dict[str, Any] = {
            "parameters": [IDEMPOTENCY_KEY, *([IF_MATCH] if versioned else [])],
            "responses": {
                str(status): {
                    "description": "Recorded",
                    "content": {JSON: {"schema": answer()}},
                    "headers": _LOCATION if status == 201 else {},
                }
            }
            | _references(problems),
        }
        if body is not None:
            manual["requestBody"] = {"required": True, "content": {JSON: {"schema": body()}}}

        def decorate(work: Work) -> View:
            @wraps(work)
            def changing(**path: Any) -> Response:
                check_query(())
                arguments = dict(path)
                data = json_body(schema)
                if body is not None:
                    arguments["data"] = data
                if versioned:
                    arguments["expected"] = expected_version()
                return run_command(
                    lambda uow: work(uow, **arguments),
                    status,
                    _first(prepare, arguments) if prepare else None,
                )

            return self._declare(rule, method, permission, changing, **manual)

        return decorate

    def submission(
        self,
        rule: str,
        answer: type[Schema],
        *,
        body: type[Schema],
        query: Sequence[Parameter] = (),
        permission: str,
    ) -> Callable[[View], View]:
        """Declare a POST that is receipted now and done later; the view takes ``data``.

        It needs an Idempotency-Key (see ``run_checked``). 200 answers practice, which
        records nothing.
        """
        schema = body()
        described = {JSON: {"schema": answer()}}
        problems = [
            "BAD_REQUEST",
            "UNAUTHORIZED",
            *_permission_problems(permission),
            "CONFLICT",
            "REQUEST_ENTITY_TOO_LARGE",
            "UNSUPPORTED_MEDIA_TYPE",
            "UNPROCESSABLE_ENTITY",
            "SERVICE_UNAVAILABLE",
        ]
        manual: dict[str, Any] = {
            "parameters": [NEEDED_KEY, *query],
            "requestBody": {"required": True, "content": {JSON: {"schema": body()}}},
            "responses": {
                "200": {"description": "Tried; nothing is recorded.", "content": described},
                "202": {
                    "description": "Received; the answer is the receipt.",
                    "content": described,
                    "headers": _LOCATION,
                },
            }
            | _references(problems),
        }

        def decorate(view: View) -> View:
            @wraps(view)
            def taking(**path: Any) -> Response:
                check_query(query)
                return view(**path, data=json_body(schema))

            return self._declare(rule, "POST", permission, taking, **manual)

        return decorate

    def upload(
        self,
        rule: str,
        answer: type[Schema],
        *,
        media: Sequence[str],
        query: Sequence[Parameter],
        permission: str,
        piece: Sequence[Parameter] = (),
    ) -> Callable[[View], View]:
        """Declare a POST that takes a file of one of ``media``; the view reads it itself.

        With the headers of ``piece`` it is a PATCH that takes a piece of one, which may be
        sent again without a key: it says itself where it belongs.
        """
        problems = [
            "BAD_REQUEST",
            "UNAUTHORIZED",
            *_permission_problems(permission),
            *_path_problems(rule),
            "CONFLICT",
            "REQUEST_ENTITY_TOO_LARGE",
            "UNSUPPORTED_MEDIA_TYPE",
            "UNPROCESSABLE_ENTITY",
            *(["SERVICE_UNAVAILABLE"] if piece else []),
        ]
        binary = {"schema": {"type": "string", "format": "binary"}}
        manual: dict[str, Any] = {
            "parameters": [*(piece or [IDEMPOTENCY_KEY]), *query],
            "requestBody": {"required": True, "content": dict.fromkeys(media, binary)},
            "responses": {
                "200" if piece else "202": {
                    "description": "Taken; the answer says how far it is.",
                    "content": {JSON: {"schema": answer()}},
                    "headers": {} if piece else _LOCATION,
                }
            }
            | _references(problems),
        }

        def decorate(view: View) -> View:
            @wraps(view)
            def taking(**path: Any) -> Response:
                check_query(query)
                return view(**path)

            return self._declare(rule, "PATCH" if piece else "POST", permission, taking, **manual)

        return decorate

    def _declare(self, rule: str, method: str, permission: str, view: View, **manual: Any) -> View:
        manual["operationId"] = f"{self.name}.{view.__name__}"
        manual["description"] = _who_may(permission)
        # Everybody may ask a public question; a token shows those who may see more.
        manual["security"] = [*([{}] if permission == PUBLIC else []), {"bearer": []}]
        described: View = self.doc(**manual)(needs(permission)(view))
        parameters = [
            {"name": name, "in": "path", "description": PATH[name]}
            for name in _PATH_NAME.findall(rule)
        ]
        self.route(rule, methods=[method], parameters=parameters)(described)
        return described


def _first(
    prepare: Callable[..., None], arguments: Mapping[str, Any]
) -> Callable[[UnitOfWork], None]:
    return lambda uow: prepare(uow, **arguments)


def _refuse_nul() -> None:
    """No name in the register holds a NUL, and PostgreSQL would not even be asked for one."""
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound("There is nothing at this address.")


def _references(names: Sequence[str]) -> dict[str, str]:
    """Return responses of the API document by status: each is a component of that name."""
    return {_STATUS[name]: name for name in names}


def _permission_problems(permission: str) -> list[str]:
    return [] if permission == PUBLIC else ["FORBIDDEN"]


def _path_problems(rule: str) -> list[str]:
    return ["NOT_FOUND"] if _PATH_NAME.search(rule) else []


_STATUS = {
    "BAD_REQUEST": "400",
    "UNAUTHORIZED": "401",
    "FORBIDDEN": "403",
    "NOT_FOUND": "404",
    "CONFLICT": "409",
    "PRECONDITION_FAILED": "412",
    "REQUEST_ENTITY_TOO_LARGE": "413",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "UNPROCESSABLE_ENTITY": "422",
    "SERVICE_UNAVAILABLE": "503",
    "TOO_MANY_REQUESTS": "429",
}


def _who_may(permission: str) -> str:
    if permission == PUBLIC:
        return "Open to everybody."
    if permission == SIGNED_IN:
        return f"For every account (`{permission}`); each sees what concerns it."
    scopes = [name for name, permissions in SCOPES.items() if permission in permissions]
    named = ", ".join(f"`{scope}`" for scope in [*scopes, permission])
    return f"Needs the permission `{permission}`; a token needs one of the scopes {named}."
