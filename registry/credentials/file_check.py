"""Checks a file of any kind against a trust bundle: what it is, who signed it, what it says.

Pure: no network, no database, no clock. What today's status is, is for the register or
its status lists to say; ``registry.assessment.file_answers`` joins the two.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from registry.canonical import sha256_hex
from registry.credentials import envelope, pdf_verification
from registry.credentials.carried import titles_in, tokens_in
from registry.credentials.pdf_verification import PdfFindings, verify_pdf
from registry.credentials.trust import TrustBundle, TrustedKey
from registry.credentials.verification import (
    CredentialFindings,
    InclusionFindings,
    StatusFinding,
    check_inclusion,
    check_status,
    verify_credential,
)

PDF = "pdf"
CREDENTIAL = "credential"
OTHER = "other"

GENUINE = "genuine"
ALTERED = "altered"
ADDED_TO = "added-to"
TRUNCATED = "truncated"
RETIRED_KEY = "retired-key"
COMPROMISED_KEY = "compromised-key"
UNKNOWN_KEY = "unknown-key"
WRONG_ISSUER = "wrong-issuer"
WRONG_ALGORITHM = "wrong-algorithm"
WRONG_PROOF = "wrong-proof"
OTHER_DOCUMENT = "other-document"
UNSIGNED = "unsigned"
ENCRYPTED = "encrypted"
TOO_LARGE = "too-large"
NOT_A_CERTIFICATE = "not-a-certificate"

CODES = (
    GENUINE,
    ALTERED,
    ADDED_TO,
    TRUNCATED,
    RETIRED_KEY,
    COMPROMISED_KEY,
    UNKNOWN_KEY,
    WRONG_ISSUER,
    WRONG_ALGORITHM,
    WRONG_PROOF,
    OTHER_DOCUMENT,
    UNSIGNED,
    ENCRYPTED,
    TOO_LARGE,
    NOT_A_CERTIFICATE,
)

# A cross-reference table alone can put other objects in the place of those signed.
_PDF_UPDATE = re.compile(rb"\d\s+obj\b|\bxref\b|\btrailer\b|\bstartxref\b")

# How a token's findings are called for a file of any kind.
_OF_TOKEN = {
    "bad-signature": ALTERED,
    "wrong-type": NOT_A_CERTIFICATE,
    "wrong-shape": OTHER_DOCUMENT,
    "malformed": NOT_A_CERTIFICATE,
}


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What a file is found to be; ``code`` is one of ``CODES``.

    ``key`` is the register's key that is named, ``signed_at`` the signer's word.
    ``added`` says what follows the signature: "blank", "signature", "objects" (pages may
    show something else than was signed) or "bytes". ``claims`` are what the credential in
    the file says; only with ``claims_genuine`` did the register say it. ``titles`` are
    what a file without a credential calls itself. ``period`` is as in
    ``CredentialFindings``, ``statuses`` what the bundle's lists say.
    """

    code: str
    kind: str
    sha256: str
    size: int
    key: TrustedKey | None = None
    signed_at: datetime | None = None
    added: str | None = None
    added_bytes: int = 0
    claims: Mapping[str, Any] | None = None
    claims_genuine: bool = False
    period: str | None = None
    inclusion: InclusionFindings | None = None
    statuses: tuple[StatusFinding, ...] = ()
    titles: tuple[str, ...] = field(default=())

    @property
    def genuine(self) -> bool:
        """Whether the register made the file, as it is, for a certificate."""
        return self.code == GENUINE

    @property
    def entry(self) -> Mapping[str, Any]:
        """What the credential says of its place in the register."""
        subject = (self.claims or {}).get("credentialSubject")
        entry = subject.get("registerEntry") if isinstance(subject, dict) else None
        return entry if isinstance(entry, dict) else {}

    @property
    def number(self) -> str | None:
        """The certificate's number that the file's credential names."""
        number = self.entry.get("certificateNumber")
        return number if isinstance(number, str) else None

    @property
    def version(self) -> int | None:
        """The version of the certificate that the file's credential names."""
        version = self.entry.get("certificateVersion")
        return version if type(version) is int else None


def check_file(content: bytes, trust: TrustBundle, moment: datetime) -> FileFindings:
    """Say what ``content`` is, at ``moment`` (aware), to who believes ``trust``."""
    found = FileFindings(NOT_A_CERTIFICATE, OTHER, sha256_hex(content), len(content))
    if len(content) > pdf_verification.LARGEST:
        return replace(found, code=TOO_LARGE)
    pdf = verify_pdf(content, trust)
    if pdf.code != pdf_verification.NOT_A_PDF:
        return _pdf(replace(found, kind=PDF), content, pdf, trust, moment)
    try:
        token = envelope.token_in(content)
    except envelope.EnvelopeError:
        return _plain_claims(found, content)
    if token.count(".") != 2:
        return found
    judged = verify_credential(token, trust, moment)
    code = _OF_TOKEN.get(judged.code, judged.code)
    if code == NOT_A_CERTIFICATE:
        return found
    found = replace(found, kind=CREDENTIAL, code=code, key=judged.key)
    return _with_credential(found, token, judged, trust, moment)


def _pdf(
    found: FileFindings, content: bytes, pdf: PdfFindings, trust: TrustBundle, moment: datetime
) -> FileFindings:
    found = replace(
        found,
        code=pdf.code,
        key=pdf.key,
        signed_at=pdf.signed_at,
        added_bytes=pdf.added_bytes,
    )
    token = pdf.credential
    if pdf.genuine and token is None:
        return replace(found, code=OTHER_DOCUMENT)
    if pdf.after_retirement:
        found = replace(found, code=RETIRED_KEY)
    if pdf.code == ADDED_TO:
        signed, rest = content[: -pdf.added_bytes], content[-pdf.added_bytes :]
        token = verify_pdf(signed, trust).credential
        found = replace(found, added=_kind_of_addition(rest))
    if token is None:
        token = next(iter(tokens_in(content)), None)
        found = replace(found, titles=tuple(titles_in(content)))
    if token is None:
        return found
    return _with_credential(found, token, verify_credential(token, trust, moment), trust, moment)


def _with_credential(
    found: FileFindings,
    token: str,
    judged: CredentialFindings,
    trust: TrustBundle,
    moment: datetime,
) -> FileFindings:
    claims = judged.claims
    if claims is None and found.kind == PDF and found.genuine:
        # The signature over the whole file vouches for what is attached to it as well, so a
        # register that moved to another address still knows its own files.
        claims = _unchecked(token)
        if claims is None:
            return replace(found, code=OTHER_DOCUMENT)
    if claims is None:
        return replace(found, claims=_unchecked(token))
    inclusion = check_inclusion(claims, trust)
    proven = inclusion.code == "included"
    return replace(
        found,
        code=WRONG_PROOF if found.genuine and not proven else found.code,
        key=found.key or judged.key,
        claims=claims,
        claims_genuine=True,
        period=judged.period,
        inclusion=inclusion,
        statuses=tuple(check_status(claims, trust, moment)),
    )


def _plain_claims(found: FileFindings, content: bytes) -> FileFindings:
    """Recognise the claims of a credential that came without the signature over them."""
    try:
        claims = json.loads(content) if len(content) <= envelope.LARGEST else None
    except (ValueError, RecursionError):
        return found
    if not isinstance(claims, dict) or not isinstance(claims.get("credentialSubject"), dict):
        return found
    return replace(found, kind=CREDENTIAL, code=UNSIGNED, claims=claims)


def _unchecked(token: str) -> Mapping[str, Any] | None:
    try:
        return envelope.unchecked_claims(token)
    except envelope.EnvelopeError:
        return None


def _kind_of_addition(added: bytes) -> str:
    if not added.strip(b"\0\t\n\f\r "):
        return "blank"
    if b"/ByteRange" in added:
        return "signature"
    return "objects" if _PDF_UPDATE.search(added) else "bytes"
