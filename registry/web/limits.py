"""Limits on how often something may be tried, answered by 429 with Retry-After."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from registry.web.edge import parts

limiter = Limiter(
    key_func=get_remote_address,
    strategy="moving-window",
    # Retry-After tells a program when to come back.
    headers_enabled=True,
)


def init_limits(app: Flask) -> None:
    """Count tries in the storage of the settings: one shared by all server processes, if given."""
    with app.app_context():
        app.config["RATELIMIT_STORAGE_URI"] = parts().settings.rate_limit_storage
    limiter.init_app(app)
