"""Who signs: the register's decentralised identifier (did:web) and its documents."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from registry.credentials.models import SigningKey

CREDENTIAL = "credential"
DOCUMENT = "document"

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"]


def did(base_url: str) -> str:
    """Return the identifier of the register at ``base_url`` (did:web Method Specification)."""
    parts = urlsplit(base_url)
    path = [quote(part, safe="") for part in parts.path.split("/") if part]
    # The port's colon is written in percent, since a colon stands for a slash here.
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path])


def key_url(base_url: str, key_id: str) -> str:
    """Return how a credential names the key that signed it."""
    return f"{did(base_url)}#{key_id}"


def did_document(base_url: str, keys: Iterable[SigningKey]) -> dict[str, Any]:
    """Return the document of the register's identifier with every credential key.

    A retired key goes on vouching for what it signed. A compromised one is shown
    as revoked and vouches for nothing.
    """
    issuer = did(base_url)
    own = [key for key in keys if key.use == CREDENTIAL]
    return {
        "@context": _CONTEXTS,
        "id": issuer,
        "verificationMethod": [_method(base_url, key) for key in own],
        "assertionMethod": [
            key_url(base_url, key.key_id) for key in own if key.compromised_since is None
        ],
    }


def jwks(base_url: str, keys: Iterable[SigningKey]) -> dict[str, Any]:
    """Return the credential keys that still vouch, as a JWK Set (RFC 7517)."""
    return {
        "keys": [
            {
                **key.jwk,
                "kid": key_url(base_url, key.key_id),
                "alg": key.algorithm,
                "use": "sig",
            }
            for key in keys
            if key.use == CREDENTIAL and key.compromised_since is None
        ]
    }


def _method(base_url: str, key: SigningKey) -> dict[str, Any]:
    method = {
        "id": key_url(base_url, key.key_id),
        "type": "JsonWebKey2020",
        "controller": did(base_url),
        "publicKeyJwk": {**key.jwk, "alg": key.algorithm},
    }
    if key.compromised_since is not None:
        method["revoked"] = f"{key.compromised_since.isoformat()}T00:00:00Z"
    return method
