"""Fixtures of the service tests."""

import pytest

from registry.container import Registry
from tests.support.assessment import World


@pytest.fixture
def world(demonstration: Registry) -> World:
    """Return a register with the demonstration in it, which is loaded once for all tests."""
    return World(demonstration)
