"""Draws a certificate's PDF from its frozen snapshot; the bytes are not signed yet."""

from datetime import datetime

from registry.assessment.models import Certificate


def render_certificate(
    certificate: Certificate, issued_at: datetime, credential: bytes, *, trial: bool
) -> bytes:
    """Return the certificate as PDF/A-3 that carries ``credential``, an enveloped one.

    The bytes follow from the arguments alone, so whoever draws again after a crash
    draws the same. ``trial`` prints that the signature is not for real use.
    """
    # WeasyPrint takes a second to load: only who draws pays for it.
    from registry.pdf.renderer import Attachment, render_pdf  # noqa: PLC0415

    return render_pdf(
        "certificate.html",
        {**certificate.snapshot, "signature": {"trial": trial}},
        identifier=bytes.fromhex(certificate.digest)[:16],
        instant=issued_at,
        attachments=[
            Attachment(
                f"{certificate.number}.json",
                credential,
                f"{certificate.number}: verifiable credential",
                "Alternative",
            )
        ],
    )
