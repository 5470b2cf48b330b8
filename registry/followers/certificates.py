"""Makes credential and signed PDF of each certificate that has none yet."""

import logging
from datetime import timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.assessment.models import (
    Certificate,
    CertificateClaim,
    CertificateDocument,
    CertificateVersion,
)
from registry.assessment.queries.documents import PDF
from registry.assessment.queries.versions import FIRST
from registry.assessment.services.documents import signed_pdf
from registry.container import Registry

log = logging.getLogger(__name__)

_ACTOR = system_actor("signing")

# Longer than any certificate takes. A worker that was killed holds its claim until then;
# whoever asks for the file meanwhile gets it made at once.
CLAIM = timedelta(minutes=2)


def follow(registry: Registry) -> None:
    """Make what is missing, one after the other; a crash leaves the rest for the next run.

    Several workers share the work: each claims a certificate before it begins.
    """
    failed: set[int] = set()
    while (certificate_id := _claim(registry, failed)) is not None:
        try:
            for version in _missing(registry, certificate_id):
                signed_pdf(registry, certificate_id, version)
        except Exception:
            # One that cannot be made must not keep the others waiting.
            log.exception("The documents of certificate %s cannot be made.", certificate_id)
            failed.add(certificate_id)
        finally:
            _release(registry, certificate_id)


def _claim(registry: Registry, failed: set[int]) -> int | None:
    """Return a certificate without its file that nobody works on, now claimed."""
    # Most looks find nothing to do; they must not wait for their turn as the writer.
    with registry.units.reading() as session:
        if _waiting(session, registry, failed) is None:
            return None
    with registry.units(_ACTOR) as uow:
        certificate_id = _waiting(uow.session, registry, failed)
        if certificate_id is not None:
            until = uow.now + CLAIM
            uow.session.merge(CertificateClaim(certificate_id=certificate_id, claimed_until=until))
    return certificate_id


def _waiting(session: Session, registry: Registry, failed: set[int]) -> int | None:
    made = exists().where(
        CertificateDocument.certificate_id == Certificate.id,
        CertificateDocument.version == FIRST,
        CertificateDocument.kind == PDF,
    )
    later_made = exists().where(
        CertificateDocument.certificate_id == CertificateVersion.certificate_id,
        CertificateDocument.version == CertificateVersion.version,
        CertificateDocument.kind == PDF,
    )
    later_missing = exists().where(CertificateVersion.certificate_id == Certificate.id, ~later_made)
    return session.scalar(
        select(Certificate.id)
        .outerjoin(CertificateClaim, CertificateClaim.certificate_id == Certificate.id)
        .where(
            or_(~made, later_missing),
            Certificate.id.not_in(failed),
            or_(
                CertificateClaim.certificate_id.is_(None),
                CertificateClaim.claimed_until <= registry.clock.now(),
            ),
        )
        .order_by(Certificate.id)
        .limit(1)
    )


def _missing(registry: Registry, certificate_id: int) -> list[int]:
    """Return the versions of a certificate that have no PDF, in order."""
    with registry.units.reading() as session:
        made = session.scalars(
            select(CertificateDocument.version).where(
                CertificateDocument.certificate_id == certificate_id,
                CertificateDocument.kind == PDF,
            )
        )
        later = session.scalars(
            select(CertificateVersion.version).where(
                CertificateVersion.certificate_id == certificate_id
            )
        )
        return sorted({FIRST, *later} - set(made))


def _release(registry: Registry, certificate_id: int) -> None:
    with registry.units(_ACTOR) as uow:
        claim = uow.session.get(CertificateClaim, certificate_id)
        if claim is not None:
            uow.session.delete(claim)
