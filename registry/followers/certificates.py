"""Renders the PDF of each certificate that has none yet."""

import logging

from sqlalchemy import select

from registry.assessment.models import Certificate, CertificateFile
from registry.assessment.services.rendering import render_certificate
from registry.container import Registry

log = logging.getLogger(__name__)


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
        try:
            render_certificate(registry.units, registry.files, certificate_id)
        except Exception:
            # One that cannot be drawn must not keep the others waiting.
            log.exception("Certificate %s cannot be drawn.", certificate_id)
