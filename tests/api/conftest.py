"""A register with the demonstration in it, and programs that call its API for its people."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

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
from tests.support.api import Contract, Program, ProgramMaker
from tests.support.assessment import World


@pytest.fixture
def registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the built-in list and the demonstration in it."""
    settings = databases.fresh("api", _with_demonstration, tmp_path)
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
    """Return a maker of tokens: ``token_of(actor, "reports:write")``."""

    def make(actor: Actor, *scopes: str, days: int = 30) -> str:
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
def person(registry: Registry, contract: Contract, token_of: Callable[..., str]) -> ProgramMaker:
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
