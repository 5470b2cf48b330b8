"""Claims secured as a JSON Web Signature (W3C VC-JOSE-COSE, RFC 7515).

Reading is strict: the header names a known key and the algorithm that belongs
to that key; nothing in the token says how it wants to be checked.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.canonical import canonical_json
from registry.credentials.credential_key import CredentialKey

CREDENTIAL_TYPE = "vc+jwt"
MEDIA_TYPE = "application/vc+jwt"
LARGEST = 1024 * 1024

_ENVELOPED = "EnvelopedVerifiableCredential"
_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_DATA = f"data:{MEDIA_TYPE},"


class EnvelopeError(ValueError):
    """A token that cannot be relied on; ``code`` says why, for programs."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token says and the key that signed it, by its full name."""

    claims: dict[str, Any]
    key_url: str


def sign(claims: Mapping[str, Any], key: CredentialKey, key_url: str) -> str:
    """Return ``claims`` as a compact token signed by ``key``."""
    from joserfc import jws  # noqa: PLC0415 - loaded by who signs or checks.

    header = {
        "alg": key.algorithm,
        "typ": CREDENTIAL_TYPE,
        "cty": "vc",
        "kid": key_url,
    }
    return jws.serialize_compact(
        header, canonical_json(claims), key.private, algorithms=[key.algorithm]
    )


def open_token(token: str, keys: Mapping[str, Mapping[str, Any]]) -> Opened:
    """Return what ``token`` says if one of ``keys`` signed it.

    ``keys`` are public JWKs with their ``alg``, by full name. Raises
    ``EnvelopeError`` with a code: "malformed", "wrong-type", "unknown-key",
    "wrong-algorithm" or "bad-signature".
    """
    from joserfc import jws  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import import_key  # noqa: PLC0415

    header = _header(token)
    if header.get("typ") != CREDENTIAL_TYPE:
        raise EnvelopeError("wrong-type")
    key_url = header.get("kid")
    jwk = keys.get(key_url) if isinstance(key_url, str) else None
    algorithm = header.get("alg")
    if algorithm in (None, "none") or "crit" in header:
        raise EnvelopeError("wrong-algorithm")
    if jwk is None or not isinstance(key_url, str):
        raise EnvelopeError("unknown-key")
    if algorithm != jwk["alg"]:
        raise EnvelopeError("wrong-algorithm")
    public = import_key({name: value for name, value in jwk.items() if name != "alg"})
    try:
        opened = jws.deserialize_compact(token, public, algorithms=[jwk["alg"]])
    except (JoseError, ValueError):
        raise EnvelopeError("bad-signature") from None
    return Opened(_object(opened.payload), key_url)


def unchecked_claims(token: str) -> dict[str, Any]:
    """Return what a token says, whoever signed it: for showing, never for relying on."""
    return _object(_part(token, 1))


def enveloped(token: str) -> dict[str, Any]:
    """Return ``token`` as the JSON object that carries it (VCDM 2.0, 4.13)."""
    return {"@context": _CONTEXT, "id": _DATA + token, "type": _ENVELOPED}


def token_in(content: bytes) -> str:
    """Return the token in a file: compact, or an enveloped credential as JSON.

    Raises ``EnvelopeError`` "malformed" for anything else.
    """
    if len(content) > LARGEST:
        raise EnvelopeError("malformed")
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise EnvelopeError("malformed") from None
    if not text.startswith("{"):
        return text
    address = _object(text).get("id")
    if not isinstance(address, str) or not address.startswith(_DATA):
        raise EnvelopeError("malformed")
    return address.removeprefix(_DATA)


def _header(token: str) -> dict[str, Any]:
    if len(token) > LARGEST or token.count(".") != 2:
        raise EnvelopeError("malformed")
    return _object(_part(token, 0))


def _part(token: str, number: int) -> bytes:
    parts = token.split(".")
    if len(token) > LARGEST or len(parts) != 3:
        raise EnvelopeError("malformed")
    part = parts[number]
    try:
        return base64.b64decode(
            part.encode("ascii") + b"=" * (-len(part) % 4), b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        raise EnvelopeError("malformed") from None


def _object(content: bytes | str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise EnvelopeError("malformed") from None
    if not isinstance(value, dict):
        raise EnvelopeError("malformed")
    return value
