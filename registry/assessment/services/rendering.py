"""Draws a certificate's PDF from its frozen snapshot; the bytes are not signed yet."""

from datetime import datetime

from registry.assessment.queries.versions import Version


def render_certificate(
    number: str, version: Version, issued_at: datetime, credential: bytes, *, trial: bool
) -> bytes:
    """Return a version of a certificate as PDF/A-3 that carries ``credential``, an enveloped one.

    The bytes follow from the arguments alone, so whoever draws again after a crash
    draws the same. ``trial`` prints that the signature is not for real use.
    """
    # WeasyPrint takes a second to load: only who draws pays for it.
    from registry.pdf.renderer import Attachment, render_pdf  # noqa: PLC0415

    return render_pdf(
        "certificate.html",
        {**version.snapshot, "signature": {"trial": trial}},
        identifier=bytes.fromhex(version.digest)[:16],
        instant=issued_at,
        attachments=[
            Attachment(
                f"{number}.json",
                credential,
                f"{number}: verifiable credential",
                "Alternative",
            )
        ],
    )
