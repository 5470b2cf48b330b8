"""The key that signs credentials and status lists: its file, and a trial key without one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.config import Settings, stored_secret
from registry.credentials.identity import CREDENTIAL
from registry.credentials.public_key import PublicKey
from registry.errors import Invalid
from registry.messages import Message

TRIAL_FILE = "credential-key"
SETTING = "REGISTRY_CREDENTIAL_KEY"


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """A private key as joserfc takes it, with what the register is told of it."""

    public: PublicKey
    private: Any = field(repr=False)

    @property
    def algorithm(self) -> str:
        """The algorithm of RFC 7518 or RFC 9864 that belongs to the key."""
        return self.public.algorithm


def credential_key(settings: Settings, now: datetime) -> CredentialKey:
    """Return the key of the settings; without one, a trial key, made where there is none.

    Raises ``Invalid`` naming the setting for a file that holds no P-256 or Ed25519 key.
    """
    own = settings.signing.credential_key
    if own is None:
        path = settings.data_dir / TRIAL_FILE
        return read_key(stored_secret(path, new_key), now, trial=True)
    try:
        return read_key(own.read_text("ascii"), now, trial=False)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(str(error)) from None


def new_key() -> str:
    """Return a new P-256 key in PEM (PKCS#8)."""
    return (
        generate_private_key(SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )


def read_key(pem: str, now: datetime, *, trial: bool) -> CredentialKey:
    """Return the key in ``pem``; ``now`` is when it came to be used."""
    from joserfc.jwk import ECKey, OKPKey  # noqa: PLC0415 - loaded by who signs or checks.

    try:
        key = serialization.load_pem_private_key(pem.encode("ascii"), None)
    except (ValueError, TypeError) as error:
        raise _unusable(str(error)) from None
    private: ECKey | OKPKey
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        private, algorithm = ECKey.import_key(key), "ES256"
    elif isinstance(key, Ed25519PrivateKey):
        private, algorithm = OKPKey.import_key(key), "Ed25519"
    else:
        raise _unusable("P-256 or Ed25519 is needed")
    public = PublicKey(
        key_id=private.thumbprint(),
        use=CREDENTIAL,
        algorithm=algorithm,
        jwk=dict(private.as_dict(private=False)),
        certificate=None,
        trial=trial,
        valid_from=now,
        valid_until=None,
    )
    return CredentialKey(public, private)


def _unusable(reason: str) -> Invalid:
    return Invalid.one(SETTING, Message("This key cannot be used: {why}", why=reason))
