"""Runs every follower once."""

from registry.container import Registry
from registry.followers import certificates, search


def follow_all(registry: Registry) -> None:
    """Bring every follower up to the journal's end."""
    search.follow(registry)
    certificates.follow(registry)
