"""Checks certificates: what a number means, and what holds on a day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment import numbers
from registry.assessment.models import Certificate, CertificateEvent
from registry.assessment.queries.versions import Version, versions_of
from registry.assessment.status import Status, status_on
from registry.assessment.versions import version_on
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

# How many numbers one statement names.
_NUMBERS_AT_ONCE = 500


class Finding(StrEnum):
    """What came of looking for a number."""

    FOUND = "found"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate with its status on the day asked, the events and the versions known.

    ``said`` is the version that holds on that day.
    """

    certificate: Certificate
    status: Status
    events: Sequence[CertificateEvent]
    versions: Sequence[Version]
    said: Version

    @property
    def version(self) -> int:
        """The journal position of the newest event, for ``expected``."""
        return max(event.known_from for event in self.events)


@dataclass(frozen=True, slots=True)
class CertificateCheck:
    """The answer to a typed number.

    ``number`` is its canonical form when it is well-formed; ``suggestion`` the
    number probably meant when it was mistyped.
    """

    finding: Finding
    number: str | None = None
    suggestion: str | None = None
    found: CertificateFacts | None = field(default=None)


def find_certificate(session: Session, text: str, as_of: AsOf) -> CertificateCheck:
    """Look a typed number up; tells a mistyped one from one that the register never gave."""
    return next(check_numbers(session, [text], as_of))


def find_version(
    session: Session, number: str, asked: str | None, today: date
) -> tuple[Certificate, int]:
    """Return a certificate and the version ``asked`` for, or the one that holds today.

    Raises ``NotFound`` for a certificate or a version that there is not.
    """
    found = find_certificate(session, number, AsOf(today)).found
    if found is None:
        raise NotFound(Message("There is no certificate of this number."))
    if asked is None:
        return found.certificate, found.said.number
    for version in found.versions:
        if str(version.number) == asked:
            return found.certificate, version.number
    raise NotFound(Message("There is no such version of this certificate."))


def check_numbers(
    session: Session, texts: Sequence[str], as_of: AsOf
) -> Iterator[CertificateCheck]:
    """Look typed numbers up, each as ``find_certificate`` does, in the order given.

    A few questions to the database for every few hundred numbers. Who does not keep the
    answers needs memory for so many certificates only.
    """
    for start in range(0, len(texts), _NUMBERS_AT_ONCE):
        readings = [numbers.parse(text) for text in texts[start : start + _NUMBERS_AT_ONCE]]
        wanted = {str(read.number) for read in readings if read.number}
        found = _found(session, wanted, as_of) if wanted else {}
        for read in readings:
            yield _check(read, found)


def _found(session: Session, wanted: set[str], as_of: AsOf) -> dict[str, CertificateFacts]:
    query = select(Certificate).where(Certificate.number.in_(wanted))
    if as_of.position is not None:
        query = query.where(Certificate.issued_position <= as_of.position)
    rows = session.scalars(query).all()
    return {facts.certificate.number: facts for facts in facts_of(session, rows, as_of)}


def _check(read: numbers.ParsedNumber, found: Mapping[str, CertificateFacts]) -> CertificateCheck:
    if read.number is None:
        return CertificateCheck(
            Finding(read.reading.value),
            suggestion=str(read.suggestion) if read.suggestion else None,
        )
    number = str(read.number)
    facts = found.get(number)
    return CertificateCheck(
        Finding.UNKNOWN if facts is None else Finding.FOUND, number=number, found=facts
    )


def certificates(
    session: Session,
    as_of: AsOf,
    *,
    organisation_id: int | None = None,
    edition_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[CertificateFacts]:
    """Return up to ``limit`` certificates, the newest first; ``after`` is the last id shown."""
    query = select(Certificate).order_by(Certificate.id.desc()).limit(limit)
    if as_of.position is not None:
        query = query.where(Certificate.issued_position <= as_of.position)
    if organisation_id is not None:
        query = query.where(Certificate.organisation_id == organisation_id)
    if edition_id is not None:
        query = query.where(Certificate.edition_id == edition_id)
    if after is not None:
        query = query.where(Certificate.id < after)
    return facts_of(session, session.scalars(query).all(), as_of)


def facts_of(session: Session, found: Sequence[Certificate], as_of: AsOf) -> list[CertificateFacts]:
    """Return each certificate with its status on the day asked and what befell it."""
    events: dict[int, list[CertificateEvent]] = defaultdict(list)
    for event in session.scalars(
        select(CertificateEvent)
        .where(
            CertificateEvent.certificate_id.in_([certificate.id for certificate in found]),
            known(CertificateEvent, as_of.position),
        )
        .order_by(CertificateEvent.effective_on, CertificateEvent.id)
    ):
        events[event.certificate_id].append(event)
    versions = versions_of(session, found, events, as_of.position)
    return [
        _facts(certificate, events[certificate.id], versions[certificate.id], as_of)
        for certificate in found
    ]


def _facts(
    certificate: Certificate,
    events: Sequence[CertificateEvent],
    versions: Sequence[Version],
    as_of: AsOf,
) -> CertificateFacts:
    said = version_on(versions, as_of.at)
    return CertificateFacts(certificate, status_on(said, events, as_of.at), events, versions, said)
