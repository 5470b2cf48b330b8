"""Which documents of a certificate are handed out."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from registry.assessment.models import CertificateDocument
from registry.credentials.models import SigningKey
from registry.history import known

PDF = "pdf"
CREDENTIAL = "credential"


def document_of(
    session: Session, certificate_id: int, kind: str, version: int = 1
) -> CertificateDocument | None:
    """Return the latest making of a document, ``None`` when it has to be made.

    What a compromised key signed is not handed out any more: it is made again.
    """
    compromised = exists().where(
        SigningKey.key_id == CertificateDocument.key_id,
        SigningKey.compromised_since.is_not(None),
        known(SigningKey),
    )
    return session.scalar(
        select(CertificateDocument)
        .where(
            CertificateDocument.certificate_id == certificate_id,
            CertificateDocument.version == version,
            CertificateDocument.kind == kind,
            ~compromised,
        )
        .order_by(CertificateDocument.id.desc())
        .limit(1)
    )
