"""Publishes a signed checkpoint when the journal has grown."""

from registry.container import Registry
from registry.journal.keys import signer
from registry.journal.publishing import EVERY, publish_checkpoint


def follow(registry: Registry) -> None:
    """Sign the journal as it stands, once a minute at most; nothing before there is a key."""
    key = signer(registry.settings)
    if key is not None:
        publish_checkpoint(registry.units, key, every=EVERY)
