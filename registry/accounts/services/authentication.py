"""Finds out who acts: by password, by session or by token."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from registry.accounts.models import ApiToken, RoleGrant, User
from registry.accounts.passwords import verify_password
from registry.accounts.permissions import SIGNED_IN, permissions_of
from registry.accounts.queries import find_user, roles_on
from registry.accounts.tokens import fingerprint, permissions_of_scopes
from registry.actor import Actor
from registry.errors import Denied, NotSignedIn
from registry.history import covers, known


def authenticate(session: Session, email: str, password: str) -> User:
    """Return the account that e-mail address and password belong to.

    Raises ``Denied``, with one message and after the same work, when the address
    is unknown, the password wrong or the account closed.
    """
    user = find_user(session, email)
    usable = user is not None and user.active
    matches = verify_password(user.password_hash if user and usable else None, password)
    if user is None or not matches:
        raise Denied("The e-mail address or the password is not right.")
    return user


def actor_for_user(session: Session, user_id: int, today: date) -> Actor:
    """Return the actor that an account is on ``today``.

    Raises ``NotSignedIn`` when there is no such account or it is closed.
    """
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NotSignedIn("This account is closed.")
    return _actor(user, roles_on(session, [user.id], today).get(user.id, frozenset()))


def actor_for_session(session: Session, user_id: int, epoch: int, today: date) -> Actor | None:
    """Return the actor of a session, or None when the account ended its sessions since."""
    user = session.get(User, user_id)
    if user is None or not user.active or user.session_epoch != epoch:
        return None
    return _actor(user, roles_on(session, [user.id], today).get(user.id, frozenset()))


# A program asks with each of its requests: one question, made once.
_TOKEN = (
    select(ApiToken, User, RoleGrant.role, RoleGrant.valid_from, RoleGrant.valid_until)
    .join(User, User.id == ApiToken.user_id)
    .outerjoin(RoleGrant, (RoleGrant.user_id == User.id) & known(RoleGrant))
    .where(ApiToken.secret_sha256 == bindparam("fingerprint"))
)


def actor_for_token(session: Session, secret: str, now: datetime, today: date) -> Actor:
    """Return the owner of a token, with no more permissions than its scopes name.

    Raises ``NotSignedIn`` saying whether the token is unknown, revoked or expired.
    """
    rows = session.execute(_TOKEN, {"fingerprint": fingerprint(secret)}).all()
    if not rows:
        raise NotSignedIn("This token is not known here.")
    token, user = rows[0][:2]
    if token.revoked_at is not None:
        raise NotSignedIn("This token has been revoked.")
    if token.expires_at <= now:
        raise NotSignedIn("This token has expired; please make a new one.")
    if not user.active:
        raise NotSignedIn("This account is closed.")
    held = frozenset(
        role for _, _, role, first, last in rows if role is not None and covers(first, last, today)
    )
    owner = _actor(user, held)
    return replace(owner, permissions=owner.permissions & permissions_of_scopes(token.scopes))


def _actor(user: User, roles: frozenset[str]) -> Actor:
    return Actor(
        reference=f"user:{user.id}",
        user_id=user.id,
        organisation_id=user.organisation_id,
        name=user.name,
        roles=roles,
        # Also somebody who holds no role today may see and mend their own account.
        permissions=permissions_of(roles) | {SIGNED_IN},
    )
