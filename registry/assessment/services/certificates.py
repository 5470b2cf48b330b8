"""Suspends, reinstates and withdraws certificates (ISO/IEC 17065, 7.11)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.assessment.models import Certificate, CertificateEvent
from registry.assessment.queries.certificates import facts_of
from registry.assessment.queries.references import certificate_at
from registry.assessment.services.checks import check_latest, refuse_own_matter
from registry.assessment.states import CERTIFICATE
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


def suspend_certificate(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Certificate:
    """Suspend from a day on; data as ``StatusChangeSchema`` loads it."""
    return _change(uow, "suspend", number, data, expected)


def reinstate_certificate(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Certificate:
    """End a suspension from a day on."""
    return _change(uow, "reinstate", number, data, expected)


def withdraw_certificate(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Certificate:
    """Withdraw for good from a day on."""
    return _change(uow, "withdraw", number, data, expected)


def _change(
    uow: UnitOfWork, action: str, number: str, data: Mapping[str, Any], expected: int | None
) -> Certificate:
    """Record an event unless it contradicts the status on its day or what came before.

    Raises ``BadTransition`` for a contradiction (suspending what is withdrawn) and
    ``Invalid`` on "effective_on" for a day before the issue or before the last event.
    """
    uow.actor.require(CERTIFICATE.transitions[action].permission)
    certificate = certificate_at(uow.session, number)
    refuse_own_matter(uow, certificate.organisation_id)
    events = list(
        uow.session.scalars(
            select(CertificateEvent)
            .where(CertificateEvent.certificate_id == certificate.id, known(CertificateEvent))
            .order_by(CertificateEvent.id)
        )
    )
    check_latest(events, expected)
    day = data["effective_on"]
    check_day(events, day)
    status = facts_of(uow.session, [certificate], AsOf(day))[0].status
    kind = CERTIFICATE.check(action, status.key, uow.actor)
    position = uow.record(
        f"certificate.{action}",
        f"certificate:{certificate.id}",
        {"number": certificate.number, **data},
    )
    add_event(uow, certificate, kind, day, reason=data["reason"], position=position)
    return certificate


def check_day(events: Sequence[CertificateEvent], day: date) -> None:
    """Raise ``Invalid`` on "effective_on" for a day before the issue or before the last event."""
    if day < min(event.effective_on for event in events):
        raise Invalid.one("effective_on", Message("The certificate was not issued by that day."))
    if day < max(event.effective_on for event in events):
        raise Invalid.one("effective_on", Message("This day lies before the last event recorded."))


def add_event(
    uow: UnitOfWork,
    certificate: Certificate,
    kind: str,
    day: date,
    *,
    reason: str,
    position: int,
) -> None:
    """Add the event that the journal entry at ``position`` records."""
    event = CertificateEvent(
        certificate_id=certificate.id,
        kind=kind,
        effective_on=day,
        reason=reason,
        decided_by_user_id=uow.actor.user_id,
    )
    uow.add(event, position=position)
    uow.session.flush()
