"""Signs the status lists: which certificates are withdrawn or suspended today."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.assessment import states
from registry.assessment.models import Certificate, CertificateEvent
from registry.assessment.queries.certificates import facts_of
from registry.canonical import content_digest
from registry.container import Registry
from registry.credentials import envelope, status_list
from registry.credentials.credential_key import CredentialKey, credential_key
from registry.credentials.identity import did, key_url
from registry.credentials.key_register import ACTOR, ensure_used
from registry.credentials.models import StatusIndex, StatusListCopy
from registry.errors import NotFound
from registry.history import AsOf, known

SECONDS_TO_LIVE = 300

# Which status sets the bit of which list. A certificate that expired says so itself, and
# a version in whose place another holds today is revoked: it no longer says what is certified.
_SET = {
    status_list.REVOCATION: frozenset({states.WITHDRAWN, states.REPLACED}),
    status_list.SUSPENSION: frozenset({states.SUSPENDED}),
}


def signed_status_list(registry: Registry, purpose: str, number: int) -> str:
    """Return the status list of today as a compact token, signed anew when it changed.

    It holds until the end of the next day. Raises ``NotFound`` for a list that no
    credential names.
    """
    key = credential_key(registry.settings, registry.clock.now())
    with registry.units.reading() as session:
        if purpose not in _SET or not 1 <= number <= last_list(session):
            raise NotFound("There is no such status list.")
        state = _state(registry, session, key)
        copy = session.get(StatusListCopy, (purpose, number))
        if copy is not None and copy.state == state:
            return copy.token
        places = _places(registry, session, purpose, number)
    ensure_used(registry.units, key.public)
    token = _sign(registry, key, purpose, number, places)
    with registry.units(ACTOR) as uow:
        uow.session.merge(
            StatusListCopy(
                purpose=purpose, list_number=number, state=state, token=token, made_at=uow.now
            )
        )
    return token


def last_list(session: Session) -> int:
    """Return the number of the last list that a credential names; the first is always there."""
    return session.scalar(select(func.max(StatusIndex.list_number))) or 1


def _state(registry: Registry, session: Session, key: CredentialKey) -> str:
    """Return a digest of all that a list depends on: events, places, the day and the key."""
    return content_digest(
        [
            session.scalar(select(func.max(CertificateEvent.known_from))) or 0,
            session.scalar(select(func.max(StatusIndex.id))) or 0,
            registry.clock.today().isoformat(),
            registry.settings.base_url,
            key.public.key_id,
        ]
    )


def _places(registry: Registry, session: Session, purpose: str, number: int) -> list[int]:
    placed: dict[str, list[StatusIndex]] = defaultdict(list)
    for index in session.scalars(select(StatusIndex).where(StatusIndex.list_number == number)):
        placed[index.subject].append(index)
    return [
        index.place
        for facts in facts_of(session, _changed(session), AsOf(registry.clock.today()))
        for index in placed.get(f"certificate:{facts.certificate.id}", ())
        if facts.status.key in _SET[purpose]
        or (purpose == status_list.REVOCATION and index.version < facts.said.number)
    ]


def _changed(session: Session) -> Sequence[Certificate]:
    """Return the certificates of which anything but the issue is known."""
    changed = select(CertificateEvent.certificate_id).where(
        CertificateEvent.kind != "issued", known(CertificateEvent)
    )
    return session.scalars(select(Certificate).where(Certificate.id.in_(changed))).all()


def _sign(
    registry: Registry, key: CredentialKey, purpose: str, number: int, places: list[int]
) -> str:
    settings = registry.settings
    today = registry.clock.today()
    end = datetime.combine(today + timedelta(days=2), time.min, settings.zone)
    claims = status_list.claims(
        settings.base_url,
        did(settings.base_url),
        purpose,
        number,
        places,
        made_at=registry.clock.now(),
        valid_until=end.astimezone(UTC),
        seconds_to_live=SECONDS_TO_LIVE,
    )
    return envelope.sign(claims, key, key_url(settings.base_url, key.public.key_id))
