"""Time stamps and long-term material, from authorities that answer on this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registry.credentials.document_key import DocumentKey, described
from registry.credentials.pdf_signing import SigningFailed, sign_pdf
from registry.credentials.pdf_verification import verify_pdf
from registry.credentials.trust import TrustBundle, TrustedKey
from registry.pdf.renderer import render_pdf
from tests.golden import pdf_samples

NOW = datetime.now(UTC).replace(microsecond=0)
DER = serialization.Encoding.DER
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def certificate(
    name: str, key: Key, issuer: tuple[x509.Certificate, Key] | None, *extensions: Any
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above, signing = issuer or (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=300))
        .add_extension(x509.BasicConstraints(above is None, None), critical=True)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signing, hashes.SHA256())


def usage(**uses: bool) -> tuple[x509.KeyUsage, bool]:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: uses.get(name, False) for name in names.split()}), True


class Authority:
    """A root with its revocation list and its time stamps, served on this machine."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate("Root", self.key, None, usage(key_cert_sign=True, crl_sign=True))
        self.lists = True
        self.stamps = True
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        stamping_key = rsa.generate_private_key(65537, 2048)
        self.stamper = DummyTimeStamper(
            tsa_cert=self._asn1(
                self.issue(
                    "Time",
                    stamping_key,
                    usage(digital_signature=True),
                    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
                )
            ),
            tsa_key=keys.PrivateKeyInfo.load(self.pkcs8(stamping_key)),
            certs_to_embed=self._store(),
        )

    def issue(self, name: str, key: Key, *extensions: Any) -> x509.Certificate:
        """Return a certificate for ``key`` that says where the revocation list is."""
        where = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"{self.url}/root.crl")], None, None, None
        )
        return certificate(
            name,
            key,
            (self.root, self.key),
            (x509.CRLDistributionPoints([where]), False),
            *extensions,
        )

    def document_key(self) -> DocumentKey:
        """Return a key of the register that this authority certified."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self.issue(
            "Seal", key, usage(digital_signature=True, content_commitment=True)
        ).public_bytes(DER)
        return DocumentKey(
            described(made, trial=False),
            made,
            chain=(self.root.public_bytes(DER),),
            private=self.pkcs8(key),
        )

    def revocation_list(self) -> bytes:
        """Return a list on which nothing is revoked."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(NOW - timedelta(hours=1))
        builder = builder.next_update(NOW + timedelta(days=7))
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(DER)

    @staticmethod
    def pkcs8(key: Key) -> bytes:
        """Return a private key as pyHanko takes it."""
        return key.private_bytes(
            DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def _asn1(self, made: x509.Certificate) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(made.public_bytes(DER))

    def _store(self) -> SimpleCertificateStore:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(self._asn1(self.root))
        return store

    def _handler(authority: "Authority") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            """Answers for the authority."""

            def do_GET(self) -> None:
                """Give the revocation list."""
                if authority.lists:
                    self._answer("application/pkix-crl", authority.revocation_list())
                else:
                    self.send_error(503)

            def do_POST(self) -> None:
                """Stamp the time."""
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                if not authority.stamps:
                    self.send_error(503)
                    return
                request = tsp.TimeStampReq.load(asked)
                answer = authority.stamper.request_tsa_response(request)
                self._answer("application/timestamp-reply", answer.dump())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def _answer(self, media_type: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler


@pytest.fixture
def authority() -> Iterator[Authority]:
    made = Authority()
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return render_pdf("certificate.html", pdf_samples.extreme_certificate(), instant=NOW)


def sign(drawn: bytes, key: DocumentKey, authority: Authority) -> Any:
    return sign_pdf(
        drawn, key, instant=NOW, signer_name="Cơ quan", timestamp_url=f"{authority.url}/stamp"
    )


def trusting(key: DocumentKey) -> TrustBundle:
    public = key.public
    known = TrustedKey(
        public.key_id,
        public.use,
        public.algorithm,
        public.jwk,
        public.certificate,
        public.trial,
        public.valid_from,
        public.valid_until,
        None,
        None,
    )
    return TrustBundle(NOW, "https://registry.example.org", {}, (known,), (), None)


def stamped(signature: Any) -> bool:
    """Whether a time-stamp token (RFC 3161, appendix A) is in a signature."""
    attributes = signature.signer_info["unsigned_attrs"]
    return any(one["type"].native == "signature_time_stamp_token" for one in attributes)


def test_long_term_material_is_in_the_signed_revision(drawn: bytes, authority: Authority) -> None:
    key = authority.document_key()
    signed = sign(drawn, key, authority)
    assert (signed.level, signed.note) == ("B-LT", None)
    reader = PdfFileReader(BytesIO(signed.content))
    (signature,) = reader.embedded_signatures
    signature.compute_integrity_info()
    assert signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert stamped(signature)
    assert len(reader.root["/DSS"]["/CRLs"]) >= 1
    assert reader.root["/DSS"]["/Certs"]
    assert verify_pdf(signed.content, trusting(key)).genuine


def test_without_the_lists_the_time_stamp_stays_and_the_reason_is_noted(
    drawn: bytes, authority: Authority
) -> None:
    authority.lists = False
    key = authority.document_key()
    signed = sign(drawn, key, authority)
    assert signed.level == "B-T"
    assert signed.note
    reader = PdfFileReader(BytesIO(signed.content))
    assert stamped(reader.embedded_signatures[0])
    assert "/DSS" not in reader.root
    assert verify_pdf(signed.content, trusting(key)).genuine


def test_without_the_time_stamp_nothing_is_signed(drawn: bytes, authority: Authority) -> None:
    authority.stamps = False
    with pytest.raises(SigningFailed, match="not signed"):
        sign(drawn, authority.document_key(), authority)
