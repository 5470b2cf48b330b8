"""Limits on how often something may be tried or asked, answered by 429 with Retry-After."""

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
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


# So many checks of one address are counted together: counting costs as much as answering one.
_TOGETHER = 20
_MOST_ADDRESSES = 10_000


def count_checks(number: int) -> None:
    """Count ``number`` checks of certificates against the asking address; raise 429 beyond it."""
    address = get_remote_address()
    uncounted: dict[str, int] = current_app.extensions.setdefault("uncounted-checks", {})
    due = uncounted.pop(address, 0) + number
    if due >= _TOGETHER:
        allowed = limiter.limiter.hit(_CHECKS, "checks", address, cost=due)
    else:
        allowed = limiter.limiter.test(_CHECKS, "checks", address)
        if len(uncounted) >= _MOST_ADDRESSES:
            uncounted.clear()
        uncounted[address] = due
    if not allowed:
        raise TooManyRequests(retry_after=_CHECKS.get_expiry())
