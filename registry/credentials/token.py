"""A document key on a PKCS#11 token (a smart card or a hardware security module).

Needs the extra ``pkcs11`` of the package.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from registry.config import SigningSettings
from registry.errors import Invalid
from registry.messages import Message

SETTING = "REGISTRY_PKCS11_MODULE"


@contextmanager
def token_signer(signing: SigningSettings) -> Iterator[Any]:
    """Open the token and return its key as a pyHanko signer.

    Raises ``Invalid`` naming the setting when module, token, PIN or key are wrong.
    """
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415
    except ImportError as error:
        raise _unusable(f"{error}; install standards-registry[pkcs11]") from None
    criteria = TokenCriteria(label=signing.token) if signing.token else None
    try:
        with open_pkcs11_session(
            str(signing.token_module), token_criteria=criteria, user_pin=signing.token_pin
        ) as session:
            signer = PKCS11Signer(session, cert_label=signing.token_key, other_certs_to_pull=None)
            # Many tokens sign on elliptic curves only what was hashed outside.
            signer.use_raw_mechanism = signer.signing_cert.public_key.algorithm == "ec"
            yield signer
    except (PKCS11Error, OSError) as error:
        raise _unusable(str(error) or type(error).__name__) from None


def token_certificate(signing: SigningSettings) -> tuple[bytes, tuple[bytes, ...]]:
    """Return certificate and chain (DER) that the token holds for the key."""
    with token_signer(signing) as signer:
        certificate: bytes = signer.signing_cert.dump()
        others = {link.dump() for link in signer.cert_registry} - {certificate}
        return certificate, tuple(sorted(others))


def _unusable(reason: str) -> Invalid:
    return Invalid.one(SETTING, Message("This token cannot be used: {why}", why=reason))
