"""Checks a PDF file against a trust bundle.

Nothing in a file is believed, or even unpacked, before a known key is found to have
signed all of it: until then only its bytes are searched, so no crafted file can use
more memory than its size. The signature must cover the whole file but for its own
hexadecimal digits. That leaves no room for content that was prepared before signing,
put between, or added afterwards (the shadow, wrapping and saving attacks).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any

from registry.credentials import envelope
from registry.credentials.trust import TrustBundle, TrustedKey

GENUINE = "genuine"
TOO_LARGE = "too-large"
NOT_A_PDF = "not-a-pdf"
ENCRYPTED = "encrypted"
TRUNCATED = "truncated"
UNSIGNED = "unsigned"
UNKNOWN_KEY = "unknown-key"
COMPROMISED_KEY = "compromised-key"
ALTERED = "altered"
ADDED_TO = "added-to"

LARGEST = 32 * 1024 * 1024
_MOST_SIGNATURES = 16
_LARGEST_SIGNATURE = 256 * 1024
_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})\s{1,8}(\d{1,10})"
    rb"\s{0,80}\]"
)
_HEX = re.compile(rb"<[0-9A-Fa-f]*>")
_WRITTEN = re.compile(rb"/Contents\s{0,8}(<[0-9A-Fa-f]{64,}>)")
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class PdfFindings:
    """What came of checking a file; ``code`` is one of this module's constants.

    "altered": a known key is named and did not sign these bytes. "added-to": what it
    signed is intact, and ``added_bytes`` follow. ``key`` is the register's key that
    is named. ``credential`` is the token that a genuine file carries. ``signed_at``
    is the signer's word; ``after_retirement`` says that it lies after the key's end.
    """

    code: str
    key: TrustedKey | None = None
    signed_at: datetime | None = None
    after_retirement: bool = False
    added_bytes: int = 0
    credential: str | None = None

    @property
    def genuine(self) -> bool:
        """Whether the register signed the file as it is."""
        return self.code == GENUINE


def verify_pdf(content: bytes, trust: TrustBundle) -> PdfFindings:
    """Check that ``content`` is a file that the register signed, as it signed it."""
    problem = _not_worth_reading(content)
    if problem:
        return PdfFindings(problem)
    found = [_signature(content, match, trust) for match in _byte_ranges(content)]
    if not found:
        return PdfFindings(_why_unsigned(content))
    # A file that anybody else signed as well is judged by what the register signed.
    best = min(found, key=lambda finding: _PRECEDENCE.index(finding.code))
    return _read(content, best) if best.genuine else best


_PRECEDENCE = (
    GENUINE,
    COMPROMISED_KEY,
    ADDED_TO,
    ALTERED,
    TRUNCATED,
    UNKNOWN_KEY,
)


def _not_worth_reading(content: bytes) -> str | None:
    if len(content) > LARGEST:
        return TOO_LARGE
    if b"%PDF-" not in content[:1024]:
        return NOT_A_PDF
    return None


def _why_unsigned(content: bytes) -> str:
    if b"%%EOF" not in content[-1024:]:
        return TRUNCATED
    return ENCRYPTED if re.search(rb"/Encrypt[\s/<\d]", content) else UNSIGNED


def _byte_ranges(content: bytes) -> Iterator[re.Match[bytes]]:
    for number, match in enumerate(_BYTE_RANGE.finditer(content)):
        if number >= _MOST_SIGNATURES:
            return
        yield match


def _signature(content: bytes, match: re.Match[bytes], trust: TrustBundle) -> PdfFindings:
    """Judge one signature by the bytes that it says it covers."""
    start, gap, rest, length = (int(number) for number in match.groups())
    end = rest + length
    if end > len(content):
        return PdfFindings(TRUNCATED)
    signed = _Cms.read(content[gap:rest]) if start == 0 and gap < rest else None
    if signed is None:
        return _moved(content, match, trust)
    key = trust.document_key(signed.key_id)
    if key is None:
        return PdfFindings(UNKNOWN_KEY)
    if key.compromised_since is not None:
        return PdfFindings(COMPROMISED_KEY, key)
    # The signature's own place must be in what it covers, or it covers another file.
    inside = match.end() <= gap or rest <= match.start() < match.end() <= end
    if not inside or not signed.covers(content[:gap], content[rest:end]):
        return PdfFindings(ALTERED, key)
    added = len(content) - end
    return PdfFindings(ADDED_TO if added else GENUINE, key, added_bytes=added)


def _moved(content: bytes, match: re.Match[bytes], trust: TrustBundle) -> PdfFindings:
    """Judge a signature that is not where it says it is.

    A program that saves a file anew moves it: it still names its key, and covers nothing.
    """
    near = slice(max(0, match.start() - _LARGEST_SIGNATURE), match.end() + _LARGEST_SIGNATURE)
    for written in islice(_WRITTEN.finditer(content[near]), _MOST_SIGNATURES):
        signed = _Cms.read(written.group(1))
        key = trust.document_key(signed.key_id) if signed else None
        if key is not None:
            return PdfFindings(COMPROMISED_KEY if key.compromised_since else ALTERED, key)
    return PdfFindings(UNKNOWN_KEY)


@dataclass(frozen=True, slots=True)
class _Cms:
    """A CMS signature (RFC 5652) and the certificate that it names."""

    signer_info: Any
    certificate: Any
    key_id: str

    @classmethod
    def read(cls, written: bytes) -> "_Cms | None":
        """Read a signature by exactly one signer in hexadecimal; None for anything else."""
        from asn1crypto import cms  # noqa: PLC0415 - loaded by who signs or checks.

        if len(written) > _LARGEST_SIGNATURE or not _HEX.fullmatch(written):
            return None
        try:
            der = bytes.fromhex(written[1:-1].decode("ascii"))
            signed_data = cms.ContentInfo.load(der)["content"]
            (signer_info,) = signed_data["signer_infos"]
            sid = signer_info["sid"].chosen
            for choice in signed_data["certificates"]:
                certificate = choice.chosen
                named = (sid["issuer"], sid["serial_number"].native)
                if (certificate.issuer, certificate.serial_number) == named:
                    return cls(
                        signer_info, certificate, hashlib.sha256(certificate.dump()).hexdigest()
                    )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            # asn1crypto reads lazily: whatever is wrong shows at the member asked for.
            return None
        return None

    def covers(self, *parts: bytes) -> bool:
        """Whether the signature is one over these bytes."""
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415

        try:
            algorithm = self.signer_info["digest_algorithm"]["algorithm"].native
            if algorithm not in _DIGESTS:
                return False
            digest = hashlib.new(algorithm)
            for part in parts:
                digest.update(part)
            intact, valid = validate_sig_integrity(
                self.signer_info,
                self.certificate,
                expected_content_type="data",
                actual_digest=digest.digest(),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return False
        return bool(intact and valid)


def _read(content: bytes, found: PdfFindings) -> PdfFindings:
    """Read what a file says, which a known key signed as a whole."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    assert found.key is not None
    try:
        reader = PdfFileReader(BytesIO(content))
        (signature,) = reader.embedded_signatures
        signature.compute_integrity_info()
        whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
        signed_at = signature.self_reported_timestamp
        token = _credential(reader)
    except (PdfError, ValueError, KeyError, TypeError):
        return PdfFindings(ALTERED, found.key)
    if not whole:
        return PdfFindings(ALTERED, found.key)
    retired = found.key.retired_on
    return PdfFindings(
        GENUINE,
        found.key,
        signed_at=signed_at,
        after_retirement=bool(retired and signed_at and signed_at.date() > retired),
        credential=token,
    )


def _credential(reader: Any) -> str | None:
    """Return the token among the files that the document carries."""
    for reference in reader.root.get("/AF", ()):
        specification = reference.get_object()
        if specification.get("/AFRelationship") != "/Alternative":
            continue
        stream = specification["/EF"]["/F"]
        try:
            return envelope.token_in(stream.data)
        except envelope.EnvelopeError:
            continue
    return None
