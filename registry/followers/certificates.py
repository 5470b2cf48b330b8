"""Renders the PDF of each certificate that has none yet."""

from sqlalchemy import select

from registry.assessment.models import Certificate, CertificateFile
from registry.assessment.services.rendering import render_certificate
from registry.container import Registry


def follow(registry: Registry) -> None:
    """Render what was issued and not rendered; a crash leaves it for the next run."""
    with registry.units.reading() as session:
        waiting = session.scalars(
            select(Certificate.id)
            .outerjoin(CertificateFile, CertificateFile.certificate_id == Certificate.id)
            .where(CertificateFile.certificate_id.is_(None))
            .order_by(Certificate.id)
        ).all()
    for certificate_id in waiting:
        render_certificate(registry.units, registry.files, certificate_id)
