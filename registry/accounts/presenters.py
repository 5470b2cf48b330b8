"""Turns accounts, roles and tokens into what pages show."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from registry.accounts.models import ApiToken, RoleGrant, User
from registry.accounts.permissions import ROLES
from registry.accounts.tokens import ALWAYS, SCOPES
from registry.actor import Actor


def user_row(
    user: User, roles: Collection[str], organisations: Mapping[int, Mapping[str, str]]
) -> dict[str, Any]:
    """Return one account with its roles of today in the order of the role table."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "organisation": organisations.get(user.organisation_id) if user.organisation_id else None,
        "roles": ordered_roles(roles),
        "active": user.active,
        "demonstration": user.demonstration,
    }


def grant_row(grant: RoleGrant, today: date) -> dict[str, Any]:
    """Return one dated role; ``state`` is "past", "present" or "future" on ``today``."""
    if grant.valid_until is not None and grant.valid_until < today:
        state = "past"
    else:
        state = "future" if grant.valid_from > today else "present"
    return {
        "role": grant.role,
        "valid_from": grant.valid_from,
        "valid_until": grant.valid_until,
        "state": state,
        "position": grant.known_from,
    }


def token_row(token: ApiToken, now: datetime) -> dict[str, Any]:
    """Return one token; ``state`` is "usable", "expired" or "revoked" at ``now``."""
    if token.revoked_at is not None:
        state = "revoked"
    else:
        state = "expired" if token.expires_at <= now else "usable"
    return {
        "id": token.id,
        "label": token.label,
        "scopes": token.scopes,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "state": state,
    }


def ordered_roles(roles: Collection[str]) -> list[str]:
    """Return ``roles`` in the order of the role table."""
    return [role for role in ROLES if role in roles]


def useful_scopes(actor: Actor) -> list[str]:
    """Return the scopes that let a token do something that ``actor`` may do."""
    return [
        name for name, permissions in SCOPES.items() if (permissions - ALWAYS) & actor.permissions
    ]
