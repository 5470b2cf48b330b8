"""Makes a certificate's PDF file from its frozen snapshot; a derived thing."""

from sqlalchemy import select

from registry.actor import system_actor
from registry.assessment.models import Certificate, CertificateFile
from registry.errors import NotFound
from registry.journal.models import JournalEntry
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWorkFactory


def render_certificate(units: UnitOfWorkFactory, files: FileStore, certificate_id: int) -> str:
    """Return the SHA-256 of the certificate's stored PDF, making the file when it is missing.

    The bytes follow from the snapshot alone, so two who render at once, or again
    after a crash, store the same file. No lock is held while it is drawn.
    """
    with units.reading() as session:
        certificate = session.get(Certificate, certificate_id)
        if certificate is None:
            raise NotFound(Message("There is no such certificate."))
        stored = session.get(CertificateFile, certificate_id)
        if stored is not None and files.has(stored.sha256):
            return stored.sha256
        issued_at = session.scalars(
            select(JournalEntry.recorded_at).where(
                JournalEntry.position == certificate.issued_position
            )
        ).one()
    # WeasyPrint takes a second to load: only who draws pays for it.
    from registry.pdf.renderer import render_pdf  # noqa: PLC0415

    content = render_pdf(
        "certificate.html",
        certificate.snapshot,
        identifier=bytes.fromhex(certificate.digest)[:16],
        instant=issued_at,
    )
    sha256 = files.put(content)
    with units(system_actor("renderer")) as uow:
        uow.session.merge(
            CertificateFile(
                certificate_id=certificate_id,
                sha256=sha256,
                size=len(content),
                rendered_at=uow.now,
            )
        )
    return sha256
