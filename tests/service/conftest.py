"""Fixtures of the service tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.clock import FixedClock
from registry.container import open_registry
from tests.support.assessment import World, load_demonstration


@pytest.fixture
def world(databases: Any, clock: FixedClock, tmp_path: Path) -> Iterator[World]:
    """Return a register with the demonstration in it, which is loaded once for all tests."""
    settings = databases.fresh("demonstration", load_demonstration, tmp_path)
    registry = open_registry(settings, clock)
    yield World(registry)
    registry.engine.dispose()
    databases.drop(settings.database_url)
