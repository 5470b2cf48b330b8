"""Fixtures that every kind of test shares: a real registry on a database of its own.

``REGISTRY_TEST_DATABASE_URL`` runs the same tests on PostgreSQL: each test gets a
database made from one that is migrated and filled once.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from registry.accounts import passwords
from registry.accounts.models import User
from registry.accounts.permissions import permissions_of
from registry.actor import Actor, system_actor
from registry.app import create_app
from registry.catalog.builtin import load_builtin_list
from registry.clock import FixedClock
from registry.config import Settings, load_settings
from registry.container import Registry, open_registry
from registry.schema_versions import migrate
from registry.unit_of_work import UnitOfWorkFactory
from registry.vocabulary.services import load_vocabularies
from tests.support.assessment import load_demonstration

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords with argon2's smallest cost: tests sign in hundreds of times."""
    costly = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.HASHER = costly


class Databases:
    """Gives each test a database of its own, copied from one that was filled once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("REGISTRY_TEST_DATABASE_URL")
        self.templates: dict[str, str] = {}

    def fresh(self, content: str, fill: Callable[[Registry], None], data_dir: Path) -> Settings:
        """Return settings for a database that holds ``content``."""
        if content not in self.templates:
            self.templates[content] = self._make_template(content, fill)
        template = self.templates[content]
        filled = self.folder / template
        for derived in ("index", "files"):
            if (filled / derived).exists():
                shutil.copytree(filled / derived, data_dir / derived)
        if self.server is None:
            url = f"sqlite:///{data_dir / 'registry.db'}"
            shutil.copyfile(filled / "registry.db", data_dir / "registry.db")
        else:
            url = self._create(f"test_{secrets.token_hex(6)}", template)
        return self._settings(data_dir, url)

    @contextmanager
    def opened(
        self, content: str, fill: Callable[[Registry], None], data_dir: Path, clock: FixedClock
    ) -> Iterator[Registry]:
        """Open a registry on a database that holds ``content``; afterwards it is gone."""
        data_dir.mkdir(exist_ok=True)
        settings = self.fresh(content, fill, data_dir)
        registry = open_registry(settings, clock)
        yield registry
        registry.engine.dispose()
        self.drop(settings.database_url)

    def blank(self, data_dir: Path) -> Settings:
        """Return settings for a database without any table."""
        if self.server is None:
            return self._settings(data_dir, f"sqlite:///{data_dir / 'registry.db'}")
        return self._settings(data_dir, self._create(f"test_{secrets.token_hex(6)}", "template1"))

    def drop(self, url: str) -> None:
        """Remove a test's database."""
        if self.server is not None:
            self._execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def _make_template(self, content: str, fill: Callable[[Registry], None]) -> str:
        name = f"template_{content}_{secrets.token_hex(4)}"
        data_dir = self.folder / name
        data_dir.mkdir()
        if self.server is None:
            url = f"sqlite:///{data_dir / 'registry.db'}"
        else:
            url = self._create(name, "template1")
        registry = open_registry(self._settings(data_dir, url), FixedClock(START, ZONE))
        migrate(registry.engine)
        fill(registry)
        if self.server is None:
            with registry.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        registry.engine.dispose()
        return name

    def _create(self, name: str, template: str) -> str:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        assert self.server is not None
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        assert self.server is not None
        engine = create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @staticmethod
    def _settings(data_dir: Path, url: str) -> Settings:
        settings = load_settings(
            {
                "REGISTRY_DATA_DIR": str(data_dir),
                "REGISTRY_DATABASE_URL": url,
                "REGISTRY_SECRET_KEY": "only for tests",
            }
        )
        return replace(settings, zone=ZONE)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Return the maker of test databases."""
    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def clock() -> FixedClock:
    """Return the clock of the register under test; tests set its ``instant``."""
    return FixedClock(START, ZONE)


def _with_vocabularies(registry: Registry) -> None:
    with registry.units(system_actor("test")) as uow:
        load_vocabularies(uow)


def _with_builtin_list(registry: Registry) -> None:
    from registry.followers.search import follow  # noqa: PLC0415 - opens the index writer.

    load_builtin_list(registry.units)
    follow(registry)


@pytest.fixture
def empty_registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with vocabularies and nothing else."""
    folder = tmp_path / "vocabularies"
    with databases.opened("vocabularies", _with_vocabularies, folder, clock) as opened:
        yield opened


@pytest.fixture
def registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the built-in list in it, indexed."""
    with databases.opened("builtin", _with_builtin_list, tmp_path / "builtin", clock) as opened:
        yield opened


@pytest.fixture
def demonstration(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the demonstration in it and only what that needs."""
    folder = tmp_path / "demonstration"
    with databases.opened("demonstration", load_demonstration, folder, clock) as opened:
        yield opened


@pytest.fixture
def units(registry: Registry) -> UnitOfWorkFactory:
    """Return the units of work of ``registry``."""
    return registry.units


@pytest.fixture
def app(registry: Registry) -> Flask:
    """Return the application on ``registry``."""
    return create_app(registry, testing=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that nobody has signed in with."""
    return app.test_client()


ActorMaker = Callable[..., Actor]


@pytest.fixture
def acting(registry: Registry) -> ActorMaker:
    """Return a maker of actors with an account and the given roles."""

    def make(*roles: str, organisation_id: int | None = None) -> Actor:
        with registry.units(system_actor("test")) as uow:
            user = User(
                email=f"{secrets.token_hex(6)}@example.org",
                name="/".join(roles),
                password_hash="",
                organisation_id=organisation_id,
            )
            uow.session.add(user)
            uow.session.flush()
            uow.record("user.create", f"user:{user.id}", {})
        held = frozenset(roles)
        return Actor(
            reference=f"user:{user.id}",
            user_id=user.id,
            organisation_id=organisation_id,
            name=user.name,
            roles=held,
            permissions=permissions_of(held),
        )

    return make
