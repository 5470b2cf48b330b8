"""The versions of certificates, and which certificate came in the place of which."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    Certificate,
    CertificateEvent,
    CertificateReplacement,
    CertificateVersion,
)
from registry.assessment.versions import VERSION_EVENTS
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

FIRST = 1


@dataclass(frozen=True, slots=True)
class Version:
    """What a certificate says from a day on.

    ``kind`` is that of the event that began it. ``decided_position`` is the journal
    entry that its snapshot rests on, ``issued_position`` the one that names its digest.
    """

    number: int
    kind: str
    snapshot: Mapping[str, Any]
    digest: str
    valid_from: date
    valid_until: date
    effective_on: date
    reason: str | None
    decided_position: int
    issued_position: int


def first_version(certificate: Certificate, issued: CertificateEvent | None) -> Version:
    """Return the certificate's own row as its first version; ``issued`` is its event."""
    return Version(
        number=FIRST,
        kind="issued",
        snapshot=certificate.snapshot,
        digest=certificate.digest,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        effective_on=issued.effective_on if issued else certificate.valid_from,
        reason=None,
        decided_position=certificate.issued_position,
        issued_position=issued.known_from if issued else certificate.issued_position,
    )


def versions_of(
    session: Session,
    certificates: Sequence[Certificate],
    events: Mapping[int, Sequence[CertificateEvent]],
    position: int | None,
) -> dict[int, tuple[Version, ...]]:
    """Return each certificate's versions known at ``position``, in order, by its id.

    The events tell which certificates have more than one: most need no further question.
    """
    changed = [
        certificate_id
        for certificate_id, befell in events.items()
        if any(event.kind in VERSION_EVENTS for event in befell)
    ]
    later: dict[int, list[Version]] = defaultdict(list)
    if changed:
        rows = session.scalars(
            select(CertificateVersion)
            .where(
                CertificateVersion.certificate_id.in_(changed), known(CertificateVersion, position)
            )
            .order_by(CertificateVersion.version)
        )
        for row in rows:
            later[row.certificate_id].append(_later(row))
    return {
        certificate.id: (
            first_version(certificate, _issued(events.get(certificate.id, ()))),
            *later[certificate.id],
        )
        for certificate in certificates
    }


def version_of(session: Session, certificate_id: int, number: int) -> Version:
    """Return one version as known now; ``NotFound`` otherwise."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFound(Message("There is no such certificate."))
    if number == FIRST:
        issued = session.scalars(
            select(CertificateEvent).where(
                CertificateEvent.certificate_id == certificate_id,
                CertificateEvent.kind == "issued",
                known(CertificateEvent),
            )
        ).first()
        return first_version(certificate, issued)
    row = session.scalar(
        select(CertificateVersion).where(
            CertificateVersion.certificate_id == certificate_id,
            CertificateVersion.version == number,
            known(CertificateVersion),
        )
    )
    if row is None:
        raise NotFound(Message("There is no such version of this certificate."))
    return _later(row)


def replacing_number(session: Session, certificate_id: int, as_of: AsOf) -> str | None:
    """Return the number of the certificate issued in the place of this one."""
    query = (
        select(Certificate.number)
        .join(
            CertificateReplacement,
            CertificateReplacement.application_id == Certificate.application_id,
        )
        .where(
            CertificateReplacement.certificate_id == certificate_id,
            known(CertificateReplacement, as_of.position),
        )
    )
    if as_of.position is not None:
        query = query.where(Certificate.issued_position <= as_of.position)
    return session.scalar(query)


def _later(row: CertificateVersion) -> Version:
    return Version(
        number=row.version,
        kind=row.kind,
        snapshot=row.snapshot,
        digest=row.digest,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        effective_on=row.effective_on,
        reason=row.reason,
        decided_position=int(row.snapshot["journal"]["position"]),
        issued_position=row.known_from,
    )


def _issued(events: Sequence[CertificateEvent]) -> CertificateEvent | None:
    return next((event for event in events if event.kind == "issued"), None)
