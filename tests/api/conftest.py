"""A register with the demonstration in it, and programs that call its API for its people."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from registry.accounts.schemas import CreateToken, CreateUser
from registry.accounts.services.tokens import create_token
from registry.accounts.services.users import create_user
from registry.accounts.tokens import SCOPE_NAMES
from registry.actor import Actor, system_actor
from registry.api.docs_page import document as api_document
from registry.assessment.demo import load_demo
from registry.catalog.builtin import load_builtin_list
from registry.clock import FixedClock
from registry.container import Registry, open_registry
from registry.followers.search import follow
from registry.schema_fields import load
from tests.conftest import Databases
from tests.support.assessment import World

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class Contract:
    """The API document, which every answer must keep to."""

    def __init__(self, app: Flask, document: dict[str, Any]) -> None:
        self.app = app
        self.document = document

    def operation(self, path: str, method: str) -> dict[str, Any]:
        """Return what the document says of the operation that answers ``path``."""
        adapter = self.app.url_map.bind("localhost")
        rule, _ = adapter.match(path, method=method, return_rule=True)
        template = rule.rule
        for argument in rule.arguments:
            start = next(
                i for i in range(len(template)) if template[i:].startswith("<") and argument in
                template[i : template.index(">", i)]
            )
            template = f"{template[:start]}{{{argument}}}{template[template.index('>', start) + 1 :]}"
        described: dict[str, Any] = self.document["paths"][template][method.lower()]
        return described

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
        validator = Draft202012Validator(
            whole, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        errors = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
        assert errors == []

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

    def made(self, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a command that must succeed and return its answer."""
        response = self.post(path, body, **headers)
        assert response.status_code in (200, 201), response.text
        assert response.json is not None
        answer: dict[str, Any] = response.json
        assert answer["receipt"]["position"] > 0
        return answer

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
        options: dict[str, Any] = {"headers": {**self.headers, **sent}}
        if isinstance(body, bytes):
            options |= {"data": body, "content_type": JSON}
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


ProgramMaker = Callable[..., Program]


@pytest.fixture
def registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the built-in list and the demonstration in it."""
    settings = databases.fresh("demonstration", _with_demonstration, tmp_path)
    opened = open_registry(settings, clock)
    yield opened
    opened.engine.dispose()
    databases.drop(settings.database_url)


def _with_demonstration(registry: Registry) -> None:
    load_builtin_list(registry.units)
    load_demo(registry)
    follow(registry)


@pytest.fixture
def world(registry: Registry) -> World:
    """Return the demonstration's people and laboratories."""
    return World(registry)


@pytest.fixture
def contract(app: Flask) -> Contract:
    """Return the API document of the application under test."""
    with app.app_context():
        return Contract(app, api_document())


@pytest.fixture
def token_of(registry: Registry) -> Callable[..., str]:
    """Return a maker of tokens: ``token_of(actor, "reports:write", days=1)``."""

    def make(actor: Actor, *scopes: str, days: int = 1) -> str:
        typed = {
            "label": secrets.token_hex(4),
            "scopes": list(scopes or SCOPE_NAMES),
            "days": days,
        }
        assert actor.user_id is not None
        with registry.units(actor) as uow:
            return create_token(uow, actor.user_id, load(CreateToken(), typed))[1]

    return make


@pytest.fixture
def program(contract: Contract, world: World, token_of: Callable[..., str]) -> ProgramMaker:
    """Return a maker of programs: ``program("officer")`` acts for that demonstration person."""

    def make(name: str | None = None, *scopes: str) -> Program:
        if name is None:
            return Program(contract)
        return Program(contract, token_of(world.actor(name), *scopes))

    return make


@pytest.fixture
def person(
    registry: Registry, contract: Contract, token_of: Callable[..., str]
) -> ProgramMaker:
    """Return a maker of further people: a program for somebody with a role in an organisation."""

    def make(role: str, organisation_id: int | None = None) -> Program:
        typed = {
            "email": f"{secrets.token_hex(4)}@example.org",
            "name": role,
            "password": secrets.token_urlsafe(16),
            "roles": [role],
            "organisation_id": organisation_id,
        }
        with registry.units(system_actor("test")) as uow:
            user = create_user(uow, load(CreateUser(), typed))
        actor = Actor(
            reference=f"user:{user.id}",
            user_id=user.id,
            organisation_id=organisation_id,
            permissions=frozenset({"token:manage-own"}),
        )
        return Program(contract, token_of(actor))

    return make
