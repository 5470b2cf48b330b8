"""Gathers what a checker believes."""

from dataclasses import replace

from registry.assessment.services.snapshots import issuing_register
from registry.assessment.services.status_lists import last_list, signed_status_list
from registry.container import Registry
from registry.credentials.key_register import keys
from registry.credentials.status_list import PURPOSES, address
from registry.credentials.trust import TrustBundle, trusted
from registry.journal.keys import verifiers
from registry.journal.published import latest_checkpoint


def trust_bundle(registry: Registry) -> TrustBundle:
    """Return the register's keys, last checkpoint and status lists as of now."""
    lists = _status_lists(registry)
    # Signing a list may put a key to use, so the keys are read after it.
    return replace(own_keys(registry), status_lists=lists)


def own_keys(registry: Registry) -> TrustBundle:
    """Return what the register itself believes: no status lists, for it knows the status."""
    settings = registry.settings
    name = issuing_register(settings).name
    with registry.units.reading() as session:
        published = latest_checkpoint(session)
        return TrustBundle(
            made_at=registry.clock.now(),
            base_url=settings.base_url,
            name={"vi": name["vi"], "en": name["en"]},
            keys=trusted(keys(session)),
            journal_keys=tuple(verifiers(session)),
            checkpoint=published.note if published else None,
        )


def _status_lists(registry: Registry) -> dict[str, str]:
    settings = registry.settings
    with registry.units.reading() as session:
        last = last_list(session)
    return {
        address(settings.base_url, purpose, number): signed_status_list(registry, purpose, number)
        for purpose in PURPOSES
        for number in range(1, last + 1)
    }
