"""Runs every follower once."""

from registry.container import Registry
from registry.followers.certificates import follow as follow_certificates
from registry.followers.checkpoints import follow as follow_checkpoints
from registry.followers.search import follow as follow_search


def follow_all(registry: Registry) -> None:
    """Bring every follower up to the journal's end."""
    follow_search(registry)
    follow_certificates(registry)
    follow_checkpoints(registry)
