"""Pages of the catalogue."""

from registry.catalog.views import (
    browsing,
    catalogues,
    comments,
    corrections,
    drift,
    editions,
    import_columns,
    imports,
    obligations,
    open_data,
    programme,
    reviews,
    search,
    workspace,
)
from registry.catalog.views.blueprints import catalog, search_pages

__all__ = [
    "browsing",
    "catalog",
    "catalogues",
    "comments",
    "corrections",
    "drift",
    "editions",
    "import_columns",
    "imports",
    "obligations",
    "open_data",
    "programme",
    "reviews",
    "search",
    "search_pages",
    "workspace",
]
