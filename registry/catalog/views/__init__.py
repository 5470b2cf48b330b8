"""Pages of the catalogue."""

from registry.catalog.views import editions, open_data, search, workspace
from registry.catalog.views.blueprints import catalog, search_pages

__all__ = ["catalog", "editions", "open_data", "search", "search_pages", "workspace"]
