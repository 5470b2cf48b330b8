"""Makes and revokes API tokens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import ApiToken
from registry.accounts.queries import user_by_id
from registry.accounts.tokens import fingerprint, make_secret
from registry.errors import Conflict, Invalid, NotFound
from registry.unit_of_work import UnitOfWork


def create_token(uow: UnitOfWork, user_id: int, data: Mapping[str, Any]) -> tuple[ApiToken, str]:
    """Make a token for an account from ``data`` as ``CreateToken`` loads it.

    Returns the token and its secret, which nobody can be shown again. People make
    tokens for themselves only. Raises ``Invalid`` naming ``label`` when a token in
    use has it already, so that a form sent twice makes one token.
    """
    _require_own(uow, user_id)
    user = user_by_id(uow.session, user_id)
    if not user.active:
        raise Conflict("This account is closed.")
    label, scopes = data["label"], sorted(set(data["scopes"]))
    same = uow.session.scalar(
        select(ApiToken.id).where(
            ApiToken.user_id == user_id,
            ApiToken.label == label,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > uow.now,
        )
    )
    if same is not None:
        raise Invalid.one("label", "You have a token of this name already.")
    secret = make_secret()
    token = ApiToken(
        user_id=user_id,
        label=label,
        secret_sha256=fingerprint(secret),
        scopes=scopes,
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=data["days"]),
    )
    uow.session.add(token)
    uow.session.flush()
    uow.record(
        "token.create",
        f"token:{token.id}",
        {"user": f"user:{user_id}", "scopes": scopes, "expires_at": token.expires_at},
        sealed={"label": label},
    )
    return token, secret


def revoke_token(uow: UnitOfWork, token_id: int) -> ApiToken:
    """End one of the actor's own tokens at once.

    Raises ``NotFound`` for a token of somebody else, ``Conflict`` for one revoked already.
    """
    token = uow.session.get(ApiToken, token_id)
    if token is None or (token.user_id != uow.actor.user_id and not uow.actor.everything):
        raise NotFound("There is no such token.")
    _require_own(uow, token.user_id)
    if token.revoked_at is not None:
        raise Conflict("This token is revoked already.")
    uow.record("token.revoke", f"token:{token.id}", {"user": f"user:{token.user_id}"})
    token.revoked_at = uow.now
    uow.session.flush()
    return token


def _require_own(uow: UnitOfWork, user_id: int) -> None:
    uow.actor.require("token:manage-own")
    if uow.actor.user_id != user_id and not uow.actor.everything:
        raise NotFound("There is no such account.")
