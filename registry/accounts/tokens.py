"""API tokens: their form, and what each scope lets a program do on its owner's behalf."""

import hashlib
import secrets
from collections.abc import Iterable

from registry.accounts.permissions import PERMISSIONS, PUBLIC, SIGNED_IN

PREFIX = "vnr_"
MAX_DAYS = 366
_RANDOM_BYTES = 32

# What somebody who found a token could use to stay in or to look around: sign-in only.
NEVER_BY_TOKEN = frozenset({"token:manage-own", "account:manage"})

# A token needs no scope for these.
ALWAYS = frozenset({PUBLIC, SIGNED_IN})

SCOPES: dict[str, frozenset[str]] = {
    "catalogue:read": frozenset({"edition:read-drafts"}),
    "catalogue:write": frozenset(
        {
            "edition:read-drafts",
            "edition:draft",
            "edition:open-comment",
            "edition:submit",
            "comment:answer",
            "edition:correct",
            "obligation:record",
            "programme:keep",
            "catalogue:follow",
            "catalogue:import",
            "catalogue:read-imports",
        }
    ),
    "catalogue:approve": frozenset(
        {
            "edition:read-drafts",
            "edition:approve",
            "edition:return",
            "edition:confirm",
            "edition:withdraw",
            "catalogue:read-imports",
            "catalogue:approve-import",
        }
    ),
    "bodies:write": frozenset(
        {
            "body:register",
            "accreditation:record",
            "designation:record",
            "arrangement:record",
            "foreign-result:import",
        }
    ),
    "applications:read": frozenset({"application:read-own", "application:read-all"}),
    "applications:write": frozenset(
        {
            "application:read-own",
            "application:submit",
            "application:withdraw",
            "application:answer",
            "file:upload",
        }
    ),
    "applications:process": frozenset(
        {
            "application:read-all",
            "application:take-up",
            "application:review",
            "application:decide",
            "application:ask",
        }
    ),
    "declarations:read": frozenset({"declaration:read-own", "declaration:read-all"}),
    "declarations:write": frozenset({"declaration:read-own", "declaration:submit", "file:upload"}),
    "declarations:process": frozenset(
        {"declaration:read-all", "declaration:decide", "declaration:change-status"}
    ),
    "reports:read": frozenset({"report:read-own", "report:read-all"}),
    "reports:write": frozenset({"report:read-own", "report:submit", "file:upload"}),
    "reports:decide": frozenset({"report:read-all", "report:decide"}),
    "certificates:issue": frozenset({"certificate:follow", "certificate:issue"}),
    "certificates:change-status": frozenset({"certificate:follow", "certificate:change-status"}),
    "desk": frozenset({"desk:use", "task:handle", "surveillance:keep"}),
    "webhooks": frozenset({"webhook:keep"}),
}

# A scope is a group of the table above or a single permission.
SCOPE_NAMES: tuple[str, ...] = (*SCOPES, *sorted(PERMISSIONS.keys() - NEVER_BY_TOKEN - ALWAYS))


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Return the permissions that ``scopes`` name together; names no longer known give none."""
    named = {name for scope in scopes for name in SCOPES.get(scope, frozenset({scope}))}
    return (frozenset(named) & PERMISSIONS.keys()) - NEVER_BY_TOKEN | ALWAYS


def make_secret() -> str:
    """Return a new token: "vnr_" and 43 URL-safe characters, 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def fingerprint(secret: str) -> str:
    """Return the SHA-256 of ``secret`` in hex, which is all that is stored of it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
