"""Resources of the catalogue."""

from registry.api.catalogue import domains, editions, obligations, publishing, search

# The operations of ``publishing`` belong to the editions' own resource.
BLUEPRINTS = (
    domains.blueprint,
    editions.documents,
    publishing.editions,
    obligations.blueprint,
    search.blueprint,
)

__all__ = ["BLUEPRINTS"]
