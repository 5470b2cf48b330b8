"""Pages of notices and webhooks."""

from registry.notices.views import notices, webhooks
from registry.notices.views.blueprint import blueprint

__all__ = ["blueprint", "notices", "webhooks"]
