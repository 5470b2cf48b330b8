"""Fixtures of the service tests."""

import pytest
from argon2 import PasswordHasher

from registry.accounts import passwords
from registry.container import Registry
from tests.support.assessment import World, make_world


@pytest.fixture
def world(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a register with the demonstration in it."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return make_world(registry)
