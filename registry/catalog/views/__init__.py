"""Pages of the catalogue."""

from registry.catalog.views import editions, obligations, open_data, search, workspace
from registry.catalog.views.blueprints import catalog, search_pages

__all__ = ["catalog", "editions", "obligations", "open_data", "search", "search_pages", "workspace"]
