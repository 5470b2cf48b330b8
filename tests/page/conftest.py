"""The register that visitors of the pages see: the real list, and the demonstration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from registry.app import create_app
from registry.assessment.demo import load_demo
from registry.catalog.builtin import load_builtin_list
from registry.clock import FixedClock
from registry.container import Registry
from registry.followers.loop import follow_all
from registry.journal.keys import trial_signer
from registry.journal.publishing import publish_checkpoint
from tests.conftest import Databases
from tests.support.assessment import World
from tests.support.foreign import take_in


def _fill(registry: Registry) -> None:
    load_builtin_list(registry.units)
    load_demo(registry)
    take_in(registry, "cmvp")
    publish_checkpoint(registry.units, trial_signer(registry.settings))
    follow_all(registry)


@pytest.fixture
def showcase(databases: Databases, clock: FixedClock, tmp_path: Path) -> Iterator[Registry]:
    """Return a register with the built-in list and the demonstration, filled once."""
    with databases.opened("showcase", _fill, tmp_path / "showcase", clock) as registry:
        yield registry


@pytest.fixture
def showcase_app(showcase: Registry) -> Flask:
    """Return the application on ``showcase``."""
    return create_app(showcase, testing=True)


@pytest.fixture
def world(registry: Registry) -> World:
    """Return the people of the demonstration in ``registry``, who act without pages."""
    return World(registry)
