"""Issues certificates: reserve a number, check, freeze the snapshot, journal.

Two units of work. The first sets a number aside for the application; the second
decides, freezes and journals in one commit. Killed before, between or after
them, nothing is lost and nothing is given twice: the next attempt takes up the
number reserved for that application. The PDF file is made later from the frozen
snapshot (``rendering``) and can be made again at any time.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from registry.actor import Actor
from registry.assessment import numbers, states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Certificate,
    CertificateEvent,
    CertificateNumber,
)
from registry.assessment.queries.certificates import CertificateFacts
from registry.assessment.services.applications import (
    accepted_reports,
    load_for_decision,
    refuse_application,
    refuse_while_waiting,
)
from registry.assessment.services.checks import person
from registry.assessment.services.judging_again import judge_again
from registry.assessment.services.periods import DEFAULT_YEARS, years_later
from registry.assessment.services.replacement import certificate_to_replace, record_replacement
from registry.assessment.services.snapshots import IssuingRegister, certificate_snapshot
from registry.canonical import content_digest
from registry.errors import Conflict, Invalid
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory


def decide_application(
    units: UnitOfWorkFactory,
    actor: Actor,
    number: str,
    data: Mapping[str, Any],
    register: IssuingRegister,
    *,
    expected: int | None = None,
) -> Certificate | None:
    """Grant or refuse an application; data as ``DecisionSchema`` loads it.

    Returns the certificate of a grant, None after a refusal.
    """
    if data["decision"] == "grant":
        return issue_certificate(units, actor, number, data, register, expected=expected)
    with units(actor) as uow:
        refuse_application(uow, number, data, expected=expected)
    return None


def issue_certificate(
    units: UnitOfWorkFactory,
    actor: Actor,
    number: str,
    data: Mapping[str, Any],
    register: IssuingRegister,
    *,
    expected: int | None = None,
) -> Certificate:
    """Grant application ``number`` and issue its certificate; can be called again after a crash.

    Raises ``Conflict`` when no accepted report stands behind it, ``BadTransition``
    or ``Stale`` when somebody else decided first.
    """
    with units(actor) as uow:
        reserve_number(uow, number, data, register, expected=expected)
    with units(actor) as uow:
        return grant_reserved(uow, number, data, register, expected=expected)


def reserve_number(
    uow: UnitOfWork,
    number: str,
    data: Mapping[str, Any],
    register: IssuingRegister,
    *,
    expected: int | None = None,
) -> str:
    """Return the certificate number set aside for an application, setting one aside if needed."""
    application = _check(uow, number, data, expected).application
    reserved = _reserved(uow, application)
    if reserved is not None:
        return reserved.number
    year = uow.today.year
    last = uow.session.scalar(
        select(func.max(CertificateNumber.serial)).where(CertificateNumber.year == year)
    )
    serial = 1 + (last or 0)
    text = str(numbers.make(register.number_prefix, year, serial))
    position = uow.record(
        "certificate.reserve-number", f"application:{application.id}", {"number": text}
    )
    uow.session.add(
        CertificateNumber(
            number=text,
            year=year,
            serial=serial,
            application_id=application.id,
            reserved_position=position,
        )
    )
    uow.session.flush()
    return text


def grant_reserved(
    uow: UnitOfWork,
    number: str,
    data: Mapping[str, Any],
    register: IssuingRegister,
    *,
    expected: int | None = None,
) -> Certificate:
    """Grant an application and issue its certificate under the number set aside for it.

    The second of the two units of work; ``Conflict`` when no number is reserved.
    """
    case = _check(uow, number, data, expected)
    application, record = case.application, case.record
    reserved = _reserved(uow, application)
    if reserved is None:
        raise Conflict(Message("No certificate number is reserved for this application."))
    first, last = _validity(uow, data, case.replaced)
    granted = perform(
        uow,
        states.APPLICATION,
        "grant",
        application.id,
        record,
        changes={"decision_maker_id": person(uow), "state_since": uow.today},
        data={"certificate": reserved.number},
        sealed={"reasons": data["reasons"]} if data["reasons"] else None,
    )
    snapshot = certificate_snapshot(
        uow,
        register,
        number=reserved.number,
        application=application,
        record=granted,
        reports=accepted_reports(uow, application),
        valid_from=first,
        valid_until=last,
        decision=uow.receipts[-1],
        replaces=case.replaced.certificate.number if case.replaced else None,
    )
    certificate = Certificate(
        number=reserved.number,
        application_id=application.id,
        organisation_id=application.organisation_id,
        edition_id=application.edition_id,
        valid_from=first,
        valid_until=last,
        snapshot=dict(snapshot),
        digest=content_digest(snapshot),
        # The snapshot names the decision's entry, so that is where it was frozen.
        issued_position=granted.known_from,
        demonstration=application.demonstration,
    )
    uow.session.add(certificate)
    uow.session.flush()
    position = uow.record(
        "certificate.issue",
        f"certificate:{certificate.id}",
        {
            "number": certificate.number,
            "application": f"application:{application.id}",
            "holder": f"organisation:{application.organisation_id}",
            "valid_from": first,
            "valid_until": last,
            "digest": certificate.digest,
        },
    )
    issued = CertificateEvent(
        certificate_id=certificate.id,
        kind="issued",
        effective_on=uow.today,
        decided_by_user_id=uow.actor.user_id,
    )
    uow.add(issued, position=position)
    record_replacement(uow, application, certificate)
    uow.session.flush()
    return certificate


class _Case(NamedTuple):
    """What is decided on, and the certificate that a grant would replace."""

    application: Application
    record: ApplicationRecord
    replaced: CertificateFacts | None


def _check(uow: UnitOfWork, number: str, data: Mapping[str, Any], expected: int | None) -> _Case:
    """Check everything that a grant needs, before a number is spent and again before it is used."""
    application, record = load_for_decision(uow, number, expected)
    states.APPLICATION.check("grant", record.state, uow.actor)
    refuse_while_waiting(uow, application)
    replaced = certificate_to_replace(uow, application)
    _validity(uow, data, replaced)
    reports = accepted_reports(uow, application)
    if not reports:
        raise Conflict(
            Message("No accepted report for this edition stands behind the application.")
        )
    for report in reports:
        judge_again(uow, report)
    return _Case(application, record, replaced)


def _reserved(uow: UnitOfWork, application: Application) -> CertificateNumber | None:
    return uow.session.scalar(
        select(CertificateNumber).where(CertificateNumber.application_id == application.id)
    )


def _validity(
    uow: UnitOfWork, data: Mapping[str, Any], replaced: CertificateFacts | None
) -> tuple[date, date]:
    """Return the first and the last day; a replacement ends with what it replaces."""
    first: date = data["valid_from"] or uow.today
    if first < uow.today:
        raise Invalid.one("valid_from", Message("A certificate cannot begin before its decision."))
    latest = replaced.versions[-1].valid_until if replaced else None
    usual = years_later(first, DEFAULT_YEARS) - timedelta(days=1)
    last: date = data["valid_until"] or latest or usual
    if last < first:
        raise Invalid.one("valid_until", Message("The last day lies before the first day."))
    if latest is not None and last > latest:
        raise Invalid.one(
            "valid_until", Message("A replacement does not last longer than what it replaces.")
        )
    return first, last
