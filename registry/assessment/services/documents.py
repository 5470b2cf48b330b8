"""Makes what is handed out of a certificate: its credential, then its signed PDF.

Each step ends in a stored file and a row that names it, in that order. Killed
anywhere, the next attempt takes up after the last row; what was stored without a
row is never served. The rows name signed bytes only.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from registry.accounts.models import OrganisationRecord
from registry.assessment.models import (
    Certificate,
    CertificateDocument,
    Report,
)
from registry.assessment.queries.documents import CREDENTIAL, PDF, document_of
from registry.assessment.queries.reports import behind
from registry.assessment.queries.versions import FIRST, Version, version_of
from registry.assessment.services.credential_content import (
    CredentialFacts,
    ReportFacts,
    certificate_credential,
)
from registry.assessment.services.rendering import render_certificate
from registry.canonical import canonical_json, sha256_hex
from registry.catalog.models import Edition
from registry.container import Registry
from registry.credentials import envelope
from registry.credentials.credential_key import credential_key
from registry.credentials.document_key import document_key
from registry.credentials.identity import did, key_url
from registry.credentials.key_register import ACTOR, ensure_used
from registry.credentials.pdf_signing import sign_pdf
from registry.credentials.status_indexes import assign_status_index, status_index
from registry.errors import Conflict
from registry.history import known
from registry.journal.keys import trial_signer
from registry.journal.models import JournalEntry
from registry.journal.proofs import inclusion_for
from registry.journal.publishing import publish_checkpoint
from registry.journal.queries import entry, hashed_content

JWS = "JWS"


class _Made(NamedTuple):
    """A document on its way into the store."""

    kind: str
    content: bytes
    key_id: str
    unsigned_sha256: str
    level: str
    note: str | None = None


def signed_pdf(registry: Registry, certificate_id: int, number: int = FIRST) -> str:
    """Return the SHA-256 of a version's signed PDF, making the file when it is missing.

    Raises ``NotFound`` for no such version, ``RenderingFailed`` and ``SigningFailed``;
    nothing is handed out then.
    """
    stored = _stored(registry, certificate_id, PDF, number)
    if stored is not None:
        return stored
    token = registry.files.get(signed_credential(registry, certificate_id, number)).decode("ascii")
    certificate, version, decided_at = _version(registry, certificate_id, number)
    key = document_key(registry.settings, registry.clock.now())
    ensure_used(registry.units, key.public)
    drawn = render_certificate(
        certificate.number,
        version,
        decided_at,
        canonical_json(envelope.enveloped(token)),
        trial=key.public.trial,
    )
    authority = version.snapshot["register"]["authority"]
    signed = sign_pdf(
        drawn,
        key,
        instant=registry.clock.now(),
        signer_name=authority["vi"] or authority["en"],
        timestamp_url=registry.settings.signing.timestamp_url,
    )
    made = _Made(
        PDF, signed.content, key.public.key_id, sha256_hex(drawn), signed.level, signed.note
    )
    return _store(registry, certificate_id, number, made)


def signed_credential(registry: Registry, certificate_id: int, number: int = FIRST) -> str:
    """Return the SHA-256 of a version's credential, a compact token, making it if missing.

    It proves that the issue is in the journal, so a checkpoint is published first
    where none covers it yet.
    """
    stored = _stored(registry, certificate_id, CREDENTIAL, number)
    if stored is not None:
        return stored
    key = credential_key(registry.settings, registry.clock.now())
    ensure_used(registry.units, key.public)
    claims = certificate_credential(_facts(registry, certificate_id, number))
    token = envelope.sign(claims, key, key_url(registry.settings.base_url, key.public.key_id))
    made = _Made(
        CREDENTIAL,
        token.encode("ascii"),
        key.public.key_id,
        sha256_hex(canonical_json(claims)),
        JWS,
    )
    return _store(registry, certificate_id, number, made)


def _stored(registry: Registry, certificate_id: int, kind: str, number: int) -> str | None:
    with registry.units.reading() as session:
        document = document_of(session, certificate_id, kind, number)
    if document is None or not registry.files.has(document.sha256):
        return None
    return document.sha256


def _store(registry: Registry, certificate_id: int, number: int, made: _Made) -> str:
    """Store a document, then name it; of two who made it at once, the first one's is kept."""
    sha256 = registry.files.put(made.content)
    with registry.units(ACTOR) as uow:
        present = document_of(uow.session, certificate_id, made.kind, number)
        if present is not None and registry.files.has(present.sha256):
            return present.sha256
        document = CertificateDocument(
            certificate_id=certificate_id,
            version=number,
            kind=made.kind,
            sha256=sha256,
            size=len(made.content),
            key_id=made.key_id,
            unsigned_sha256=made.unsigned_sha256,
            level=made.level,
            note=made.note,
            made_at=uow.now,
        )
        uow.session.add(document)
    return sha256


def _version(
    registry: Registry, certificate_id: int, number: int
) -> tuple[Certificate, Version, datetime]:
    """Return a certificate, one of its versions and when that was decided."""
    with registry.units.reading() as session:
        version = version_of(session, certificate_id, number)
        decided_at = select(JournalEntry.recorded_at).where(
            JournalEntry.position == version.decided_position
        )
        certificate = session.get_one(Certificate, certificate_id)
        return certificate, version, session.scalars(decided_at).one()


def _facts(registry: Registry, certificate_id: int, number: int) -> CredentialFacts:
    certificate, version, _ = _version(registry, certificate_id, number)
    subject = f"certificate:{certificate_id}"
    with registry.units.reading() as session:
        place = status_index(session, subject, number)
    if place is None:
        with registry.units(ACTOR) as uow:
            place = assign_status_index(uow, subject, number)
    position = version.issued_position
    _cover(registry, position)
    with registry.units.reading() as session:
        proof = inclusion_for(session, position)
        reports = {
            report.number: report
            for report in session.scalars(select(Report).where(behind(certificate.application_id)))
        }
        holder = session.scalars(
            select(OrganisationRecord).where(
                OrganisationRecord.organisation_id == certificate.organisation_id,
                known(OrganisationRecord, certificate.issued_position),
            )
        ).one()
        said = version.snapshot["reports"]
        return CredentialFacts(
            base_url=registry.settings.base_url,
            issuer=did(registry.settings.base_url),
            zone=registry.settings.zone,
            number=certificate.number,
            version=number,
            snapshot=version.snapshot,
            digest=version.digest,
            valid_from=version.valid_from,
            valid_until=version.valid_until,
            edition_slug=session.get_one(Edition, certificate.edition_id).slug,
            holder_scheme=holder.identifier_scheme,
            reports=[
                ReportFacts(one, reports[one["number"]].digest, _results(reports[one["number"]]))
                for one in said
            ],
            status_list=place.list_number,
            status_place=place.place,
            entry=hashed_content(entry(session, position)).decode(),
            proof=proof,
        )


def _results(report: Report) -> list[dict[str, object]]:
    results: list[dict[str, object]] = report.content["results"]
    return results


def _cover(registry: Registry, position: int) -> None:
    """Publish a checkpoint that covers a journal entry where there is none."""
    with registry.units.reading() as session:
        try:
            inclusion_for(session, position)
        except Conflict:
            covered = False
        else:
            covered = True
    if not covered:
        publish_checkpoint(registry.units, trial_signer(registry.settings))
