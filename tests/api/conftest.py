"""A register with the demonstration in it, and programs that call its API for its people."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from registry.api.docs_page import document as api_document
from registry.app import create_app
from registry.assessment.demo import load_demo
from registry.catalog.builtin import load_builtin_list
from registry.clock import FixedClock
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.followers.search import follow
from tests.conftest import START, ZONE, Databases
from tests.support.api import Contract, Office


@pytest.fixture
def registry(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the built-in list and the demonstration in it."""
    with _opened(databases, clock, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the API document, which is the same for every register."""
    settings = load_settings({"REGISTRY_DATA_DIR": str(tmp_path_factory.mktemp("document"))})
    described = create_app(open_registry(settings), testing=True)
    with described.app_context():
        return api_document()


@pytest.fixture
def contract(app: Flask, document: dict[str, Any]) -> Contract:
    """Return the contract that the application under test must keep."""
    return Contract(app, document)


@pytest.fixture
def office(registry: Registry, contract: Contract) -> Office:
    """Return the register's people with their programs."""
    return Office(registry, contract)


@pytest.fixture(scope="session")
def standing(
    databases: Databases, document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """Return an office that all tests share which change nothing in its register."""
    folder = tmp_path_factory.mktemp("standing")
    with _opened(databases, FixedClock(START, ZONE), folder) as registry:
        yield Office(registry, Contract(create_app(registry, testing=True), document))


def _opened(
    databases: Databases, clock: FixedClock, data_dir: Path
) -> AbstractContextManager[Registry]:
    return databases.opened("api", _with_demonstration, data_dir, clock)


def _with_demonstration(registry: Registry) -> None:
    load_builtin_list(registry.units)
    load_demo(registry)
    follow(registry)
