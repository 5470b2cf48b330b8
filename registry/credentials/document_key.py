"""The key and certificate that sign documents: PKCS#11 token, PKCS#12 file or trial key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from registry.canonical import sha256_hex
from registry.config import Settings, SigningSettings, stored_secret
from registry.credentials.identity import DOCUMENT
from registry.credentials.public_key import PublicKey
from registry.errors import Invalid
from registry.messages import Message

TRIAL_FILE = "document-key"
TRIAL_NAME = "TRIAL – not for real use"
_TRIAL_YEARS = 5
_DER = serialization.Encoding.DER
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """A certificate with its chain, and its private key unless a token keeps that."""

    public: PublicKey
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    private: bytes | None = field(default=None, repr=False)
    token: SigningSettings | None = field(default=None, repr=False)

    @contextmanager
    def signer(self) -> Iterator[Any]:
        """Open the key as a pyHanko signer; a token's session ends with the block."""
        # pyHanko takes half a second to load: only who signs pays for it.
        from asn1crypto import keys  # noqa: PLC0415
        from asn1crypto.x509 import Certificate  # noqa: PLC0415
        from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415
        from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

        if self.token is not None:
            from registry.credentials.token import token_signer  # noqa: PLC0415

            with token_signer(self.token) as signer:
                yield signer
            return
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([Certificate.load(link) for link in self.chain])
        assert self.private is not None
        yield SimpleSigner(
            signing_cert=Certificate.load(self.certificate),
            signing_key=keys.PrivateKeyInfo.load(self.private),
            cert_registry=store,
        )


def document_key(settings: Settings, now: datetime) -> DocumentKey:
    """Return the key of the settings; without one, a trial key, made where there is none.

    Raises ``Invalid`` naming the setting for a file or token that cannot be used.
    """
    signing = settings.signing
    if signing.token_module is not None:
        from registry.credentials.token import token_certificate  # noqa: PLC0415

        certificate, chain = token_certificate(signing)
        return DocumentKey(
            described(certificate, trial=False), certificate, chain=chain, token=signing
        )
    if signing.document_key is not None:
        return _pkcs12(signing)
    host = urlsplit(settings.base_url).netloc
    pem = stored_secret(settings.data_dir / TRIAL_FILE, lambda: new_trial_key(host, now))
    return _trial(pem.encode("ascii"))


def new_trial_key(host: str, now: datetime) -> str:
    """Return a new P-256 key and a certificate that says it is for trial use, in PEM."""
    key = generate_private_key(SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, host[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, TRIAL_NAME),
        ]
    )
    start = now.astimezone(UTC).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _TRIAL_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signatures(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(_PEM)).decode("ascii")


def described(certificate: bytes, *, trial: bool) -> PublicKey:
    """Return what the register is told of a document key by its certificate (DER).

    Raises ``ValueError`` for keys that are neither RSA of 2,048 bits or more nor
    on an elliptic curve of JWK.
    """
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415 - loaded by who signs or checks.

    parsed = x509.load_der_x509_certificate(certificate)
    key = parsed.public_key()
    jwk: ECKey | RSAKey
    if isinstance(key, EllipticCurvePublicKey):
        jwk, algorithm = ECKey.import_key(key), f"ECDSA {key.curve.name}"
    elif isinstance(key, RSAPublicKey) and key.key_size >= 2048:
        jwk, algorithm = RSAKey.import_key(key), f"RSA {key.key_size}"
    else:
        raise ValueError("an RSA key of at least 2048 bits or an elliptic curve is needed")
    return PublicKey(
        key_id=sha256_hex(certificate),
        use=DOCUMENT,
        algorithm=algorithm,
        jwk=dict(jwk.as_dict(private=False)),
        certificate=certificate,
        trial=trial,
        valid_from=parsed.not_valid_before_utc,
        valid_until=parsed.not_valid_after_utc,
    )


def _trial(pem: bytes) -> DocumentKey:
    certificate = x509.load_pem_x509_certificate(pem).public_bytes(_DER)
    private = serialization.load_pem_private_key(pem, None)
    return DocumentKey(described(certificate, trial=True), certificate, private=_pkcs8(private))


def _pkcs12(signing: SigningSettings) -> DocumentKey:
    assert signing.document_key is not None
    password = signing.document_key_password
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            signing.document_key.read_bytes(), password.encode() if password else None
        )
        if key is None or certificate is None:
            raise ValueError("it lacks the key or its certificate")
        der = certificate.public_bytes(_DER)
        return DocumentKey(
            described(der, trial=False),
            der,
            chain=tuple(other.public_bytes(_DER) for other in others),
            private=_pkcs8(key),
        )
    except (OSError, ValueError) as error:
        message = Message("This key cannot be used: {why}", why=str(error))
        raise Invalid.one("REGISTRY_DOCUMENT_KEY", message) from None


def _pkcs8(key: Any) -> bytes:
    private: bytes = key.private_bytes(
        _DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private


def _for_signatures() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
