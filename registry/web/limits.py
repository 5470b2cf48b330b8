"""Limits on how often something may be tried or asked, answered by 429 with Retry-After."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

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


FILE_COST = 50
"""How many checks of a number a check of a file counts for: it takes about as long."""

# A fair share for one address: two full lists a minute, or hundreds of single checks a second.
_CHECKS = parse("20000 per minute")


def count_checks(number: int) -> None:
    """Count ``number`` checks of certificates against the asking address; raise 429 beyond it."""
    # The window of the tries keeps a time for each of them: thousands need a counter.
    counter = SlidingWindowCounterRateLimiter(limiter.storage)
    if not counter.hit(_CHECKS, "checks", get_remote_address(), cost=number):
        raise TooManyRequests(retry_after=_CHECKS.get_expiry())
