"""Programs that call the API; whatever they are answered is checked against its document."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from registry.accounts.schemas import CreateToken, CreateUser
from registry.accounts.services.authentication import actor_for_user
from registry.accounts.services.tokens import create_token
from registry.accounts.services.users import create_user
from registry.accounts.tokens import SCOPE_NAMES
from registry.actor import Actor, system_actor
from registry.container import Registry
from registry.journal.queries import head
from registry.schema_fields import load
from tests.support.assessment import World

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class Contract:
    """The API document, which every answer must keep to."""

    def __init__(self, app: Flask, document: dict[str, Any]) -> None:
        self.app = app
        self.document = document
        self.operations: dict[str, dict[str, Any]] = {
            operation["operationId"]: operation
            for operations in document["paths"].values()
            for method, operation in operations.items()
            if method != "parameters"
        }

    def operation(self, path: str, method: str) -> dict[str, Any]:
        """Return what the document says of the operation that answers ``path``."""
        endpoint, _ = self.app.url_map.bind("localhost").match(path, method=method)
        return self.operations[endpoint]

    def check(self, response: TestResponse) -> None:
        """Fail unless the document describes this answer."""
        request = response.request
        operation = self.operation(request.path, request.method)
        status = str(response.status_code)
        assert status in operation["responses"], f"{operation['operationId']} answered {status}"
        described = self._resolve(operation["responses"][status])
        if "content" not in described:
            assert not response.data
            return
        assert response.mimetype in described["content"]
        schema = described["content"][response.mimetype]["schema"]
        if response.mimetype in (JSON, PROBLEM_JSON):
            self.validate(response.json, schema)

    def check_body(self, path: str, method: str, body: Any) -> None:
        """Fail unless the document allows this request body."""
        operation = self.operation(path, method)
        if body is not None:
            self.validate(body, operation["requestBody"]["content"][JSON]["schema"])

    def validate(self, value: Any, schema: dict[str, Any]) -> None:
        """Fail unless ``value`` is as ``schema`` of the document says."""
        whole = {**schema, "components": self.document["components"]}
        validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
        errors = [
            f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)
        ]
        assert errors == [], "\n".join(errors)

    def _resolve(self, described: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in described:
            return described
        name = described["$ref"].rpartition("/")[2]
        resolved: dict[str, Any] = self.document["components"]["responses"][name]
        return resolved


class Program:
    """A program that calls the API with one token, or with none; every answer is checked."""

    def __init__(self, contract: Contract, token: str | None = None) -> None:
        self.contract = contract
        self.headers = {"Accept-Language": "en"}
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask a question."""
        return self._call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Send a command. Headers are named like ``If_Match``."""
        return self._call("POST", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Replace something."""
        return self._call("PUT", path, body, headers)

    def delete(self, path: str, **headers: str) -> TestResponse:
        """Remove a resource."""
        return self._call("DELETE", path, None, headers)

    def patch(self, path: str, body: bytes, **headers: str) -> TestResponse:
        """Append a piece of a file."""
        return self._call("PATCH", path, body, headers)

    def made(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a command that must succeed and return its answer."""
        response = self.post(path, body, **headers)
        assert response.status_code in (200, 201), response.text
        assert response.json is not None
        answer: dict[str, Any] = response.json
        assert answer["receipt"]["position"] > 0
        return answer

    def sent(self, report: Any, path: str = "/reports", **headers: str) -> dict[str, Any]:
        """Send a report that must be receipted; return the answer."""
        headers = {"Idempotency_Key": secrets.token_hex(8), **headers}
        response = self.post(path, report, **headers)
        assert response.status_code == 202, response.text
        assert response.json is not None
        answer: dict[str, Any] = response.json
        assert answer["receipt"]["position"] > 0
        return answer

    def reported(self, report: Any) -> dict[str, Any]:
        """Send a report, wait until it is judged, and return it as the register holds it."""
        request = self.sent(report, "/reports?wait=1")
        assert request["report"] is not None, request
        return self.read(request["report"]["href"])

    def read(self, path: str) -> dict[str, Any]:
        """Ask a question that has an answer and return it."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        assert response.json is not None
        answer: dict[str, Any] = response.json
        return answer

    def _call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        content_type = sent.pop("Content-Type", JSON)
        options: dict[str, Any] = {"headers": {**self.headers, **sent}}
        if isinstance(body, bytes):
            options |= {"data": body, "content_type": content_type}
        elif body is not None:
            options["json"] = body
        url = path if path.startswith("/api/") else f"/api/v1{path}"
        response = self.contract.app.test_client().open(url, method=method, **options)
        self.contract.check(response)
        if response.status_code < 300 and isinstance(body, dict) and body:
            self.contract.check_body(response.request.path, method, body)
        return response


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem document of an answer that must have ``status``."""
    assert response.status_code == status, response.text
    assert response.mimetype == PROBLEM_JSON
    assert response.json is not None
    found: dict[str, Any] = response.json
    assert found["status"] == status
    return found


def fields_named(response: TestResponse, status: int = 422) -> list[str]:
    """Return the fields that a problem document names."""
    return [error["field"] for error in problem(response, status).get("errors", [])]


class Office:
    """A register whose people have programs that call its API for them."""

    def __init__(self, registry: Registry, contract: Contract) -> None:
        self.registry = registry
        self.contract = contract
        self.world = World(registry)

    def program(self, name: str | None = None, *scopes: str) -> Program:
        """Return a program for the demonstration person ``name``, or one without a token."""
        if name is None:
            return Program(self.contract)
        return Program(self.contract, self._token(self.world.actor(name), scopes))

    def person(self, role: str, organisation_id: int | None = None) -> Program:
        """Return a program for somebody new with a role in an organisation."""
        typed = {
            "email": f"{secrets.token_hex(4)}@example.org",
            "name": role,
            "password": secrets.token_urlsafe(16),
            "roles": [role],
            "organisation_id": organisation_id,
        }
        with self.registry.units(system_actor("test")) as uow:
            user = create_user(uow, load(CreateUser(), typed))
        with self.registry.units.reading() as session:
            actor = actor_for_user(session, user.id, self.registry.clock.today())
        return Program(self.contract, self._token(actor, ()))

    def entries(self) -> int:
        """Return how many entries the journal has."""
        with self.registry.units.reading() as session:
            return head(session)

    def _token(self, actor: Actor, scopes: Sequence[str]) -> str:
        assert actor.user_id is not None
        typed = {
            "label": secrets.token_hex(4),
            "scopes": list(scopes or SCOPE_NAMES),
            "days": 30,
        }
        with self.registry.units(actor) as uow:
            return create_token(uow, actor.user_id, load(CreateToken(), typed))[1]
