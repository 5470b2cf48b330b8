"""Resources of the catalogue."""

from registry.api.catalogue import (
    comments,
    domains,
    drift,
    editions,
    followed,
    imports,
    obligations,
    programme,
    publishing,
    search,
)

# The operations of ``publishing`` and ``comments`` belong to the editions' own resource.
BLUEPRINTS = (
    domains.blueprint,
    drift.blueprint,
    followed.blueprint,
    imports.blueprint,
    editions.documents,
    publishing.editions,
    obligations.blueprint,
    programme.blueprint,
    search.blueprint,
)

__all__ = ["BLUEPRINTS", "comments"]
