"""Which actor a request comes from: a signed cookie of a browser, or a program's token.

A session lasts twelve hours from sign-in (``PERMANENT_SESSION_LIFETIME``) and ends
early when its account is closed or changes its password. It holds no permission:
those are looked up for each request.
"""

from datetime import datetime

from flask import current_app, request, session

from registry.accounts.models import User
from registry.accounts.services.authentication import actor_for_session, actor_for_token
from registry.actor import ANYONE, Actor
from registry.errors import NotSignedIn
from registry.web.edge import parts, reading

_USER, _EPOCH, _SINCE = "user", "epoch", "since"
_API = "/api/"
_READING = {"GET", "HEAD", "OPTIONS"}


def start_session(user: User) -> None:
    """Sign ``user`` in with a session that holds nothing of the one before."""
    session.clear()
    session.permanent = True
    session[_USER] = user.id
    session[_EPOCH] = user.session_epoch
    session[_SINCE] = parts().clock.now().isoformat()


def end_session() -> None:
    """Forget who was signed in, and all else the session held."""
    session.clear()


def load_actor() -> Actor:
    """Return who makes the request.

    A token counts under /api/ only. There, a session may read but never change
    anything: programs send no CSRF token, so a foreign page could borrow it. Raises
    ``NotSignedIn`` for a token that is unknown, revoked or expired.
    """
    if (request.endpoint or "").endswith("static"):
        return ANYONE
    if request.path.startswith(_API):
        if "Authorization" in request.headers:
            return _actor_of_token()
        if request.method not in _READING:
            return ANYONE
    return _actor_of_session()


def _actor_of_token() -> Actor:
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        raise NotSignedIn("Sign in to the API with the header “Authorization: Bearer <token>”.")
    clock = parts().clock
    with reading() as database:
        return actor_for_token(database, authorization.token, clock.now(), clock.today())


def _actor_of_session() -> Actor:
    if _USER not in session:
        return ANYONE
    actor = None
    if not _outlived(session.get(_SINCE, "")):
        with reading() as database:
            actor = actor_for_session(
                database, session[_USER], session.get(_EPOCH, 0), parts().clock.today()
            )
    if actor is None:
        end_session()
        return ANYONE
    return actor


def _outlived(since: str) -> bool:
    # The cookie's own age starts anew with each change of it, this one does not.
    try:
        started = datetime.fromisoformat(since)
    except ValueError:
        return True
    return parts().clock.now() - started >= current_app.permanent_session_lifetime
