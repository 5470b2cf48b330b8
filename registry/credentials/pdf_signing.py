"""Signs a PDF file: PAdES (ETSI EN 319 142-1) as a certification that allows no change.

The signature is added as one incremental update. It touches neither the text nor
the metadata, so what was PDF/A-3 stays so, and it covers the whole file.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from registry.credentials.document_key import DocumentKey
from registry.errors import RegistryError

log = logging.getLogger(__name__)

FIELD = "Signature"
_TIMEOUT = 10  # seconds that a time-stamping authority may take
_DIGEST = "sha256"


class SigningFailed(RegistryError):
    """The document was not signed; nothing was written."""


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """The bytes and the level reached: "B-B", with a time stamp "B-T", "B-LT" with proof.

    ``note`` says why a higher level was not reached though it was tried.
    """

    content: bytes
    level: str
    note: str | None = None


def sign_pdf(
    content: bytes,
    key: DocumentKey,
    *,
    instant: datetime,
    signer_name: str,
    timestamp_url: str | None = None,
) -> SignedDocument:
    """Return ``content`` with a certifying signature by ``key``, made at ``instant`` (aware).

    With ``timestamp_url`` an RFC 3161 time stamp is in it, and the certificates and
    revocation lists that prove the signature later, where they can be had; without
    them the level stays B-T. Raises ``SigningFailed``.
    """
    signing = _Signing(key, instant, signer_name, timestamp_url)
    if timestamp_url is None:
        return SignedDocument(signing.sign(content), "B-B")
    note = None
    if key.chain:
        try:
            return SignedDocument(signing.sign(content, _context(key)), "B-LT")
        except SigningFailed as error:
            note = error.message
            log.warning("No long-term material in a signature: %s", note)
    return SignedDocument(signing.sign(content), "B-T", note)


def _context(key: DocumentKey) -> Any:
    """Return what the signature is validated in, to collect what proves it later."""
    from asn1crypto.x509 import Certificate  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415
    from pyhanko_certvalidator.fetchers.requests_fetchers import (  # noqa: PLC0415
        RequestsFetcherBackend,
    )

    links = [Certificate.load(link) for link in key.chain]
    return ValidationContext(
        # The operator's own chain is believed: whom others believe is theirs to decide.
        trust_roots=[link for link in links if link.self_signed != "no"] or links[-1:],
        other_certs=links,
        allow_fetching=True,
        fetcher_backend=RequestsFetcherBackend(per_request_timeout=_TIMEOUT),
        revocation_mode="require",
    )


@dataclass(frozen=True, slots=True)
class _Signing:
    """Who signs, when, and who stamps the time."""

    key: DocumentKey
    instant: datetime
    signer_name: str
    timestamp_url: str | None

    def sign(self, content: bytes, context: Any = None) -> bytes:
        """Return ``content`` signed; with a validation ``context``, what proves it is in it."""
        failures = _failures()
        output = BytesIO()
        try:
            with self.key.signer() as signer:
                signing = _signer_at(self.instant)(
                    self._metadata(context), signer=signer, timestamper=self._stamper()
                )
                writer = _writer()(BytesIO(content))
                asyncio.run(signing.async_sign_pdf(writer, output=output))
        except failures as error:
            raise SigningFailed(f"The document was not signed: {error}") from error
        return output.getvalue()

    def _metadata(self, context: Any) -> Any:
        # pyHanko takes half a second to load: only who signs pays for it.
        from pyhanko.sign import fields, signers  # noqa: PLC0415
        from pyhanko.sign.signers.pdf_signer import (  # noqa: PLC0415
            DSSContentSettings,
            SigDSSPlacementPreference,
        )

        return signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=_DIGEST,
            name=self.signer_name,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            embed_validation_info=context is not None,
            validation_context=context,
            # In the same update as the signature, so that nothing follows it in the file.
            dss_settings=DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        )

    def _stamper(self) -> Any:
        from pyhanko.sign.timestamps.requests_client import (  # noqa: PLC0415
            RequestsHTTPTimeStamper as Stamper,
        )

        if self.timestamp_url is None:
            return None
        return Stamper(self.timestamp_url, timeout=_TIMEOUT)  # type: ignore[no-untyped-call]


def _writer() -> Any:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    class Writer(IncrementalPdfFileWriter):
        """Leaves title, dates and version as the renderer wrote them: PDF/A-3 is PDF 1.7."""

        def _update_meta(self) -> None:
            pass

        def ensure_output_version(self, version: Any) -> None:
            """Keep the version."""

    return Writer


def _signer_at(instant: datetime) -> Any:
    from pyhanko.sign.signers.pdf_signer import PdfSigner, PdfSigningSession  # noqa: PLC0415

    class At(PdfSigner):
        """Signs at the instant of the register's clock."""

        def init_signing_session(
            self, pdf_out: Any, existing_fields_only: bool = False
        ) -> PdfSigningSession:
            """Begin a session at ``instant``."""
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = instant
            return session

        def register_extensions(self, pdf_out: Any, *, md_algorithm: str) -> None:
            """Claim none: they belong to PDF 2.0."""

    return At


def _failures() -> tuple[type[Exception], ...]:
    """Return how pyHanko says that a signature could not be made."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign.general import SigningError  # noqa: PLC0415
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415
    from pyhanko_certvalidator.errors import (  # noqa: PLC0415
        CRLFetchError,
        OCSPFetchError,
        PathError,
        ValidationError,
    )

    return (
        OSError,
        ValueError,
        PdfError,
        SigningError,
        TimestampRequestError,
        PathError,
        ValidationError,
        CRLFetchError,
        OCSPFetchError,
    )
