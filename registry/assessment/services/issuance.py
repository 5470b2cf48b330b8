"""Issues certificates: reserve a number, check, freeze the snapshot, journal.

Two units of work. The first sets a number aside for the application; the second
decides, freezes and journals in one commit. Killed before, between or after
them, nothing is lost and nothing is given twice: the next attempt takes up the
number reserved for that application. The PDF file is made later from the frozen
snapshot (``rendering``) and can be made again at any time.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from registry.actor import Actor
from registry.assessment import numbers, states
from registry.assessment.models import (
    AcceptanceDecision,
    Application,
    ApplicationRecord,
    Certificate,
    CertificateEvent,
    CertificateNumber,
    Report,
)
from registry.assessment.queries.acceptance import gather_facts, judge
from registry.assessment.services.applications import (
    accepted_reports,
    load_for_decision,
    refuse_application,
)
from registry.assessment.services.checks import person
from registry.assessment.services.snapshots import IssuingRegister, certificate_snapshot
from registry.canonical import content_digest
from registry.errors import Conflict, Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

# Where the decision does not say how long, a certificate holds for three years.
DEFAULT_YEARS = 3


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
    application, _ = _check(uow, number, data, expected)
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
    application, record = _check(uow, number, data, expected)
    reserved = _reserved(uow, application)
    if reserved is None:
        raise Conflict(Message("No certificate number is reserved for this application."))
    first, last = _validity(uow, data)
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
    uow.session.flush()
    return certificate


def _check(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], expected: int | None
) -> tuple[Application, ApplicationRecord]:
    """Check everything that a grant needs, before a number is spent and again before it is used."""
    application, record = load_for_decision(uow, number, expected)
    states.APPLICATION.check("grant", record.state, uow.actor)
    _validity(uow, data)
    reports = accepted_reports(uow, application)
    if not reports:
        raise Conflict(
            Message("No accepted report for this edition stands behind the application.")
        )
    for report in reports:
        _judge_again(uow, report)
    return application, record


def _judge_again(uow: UnitOfWork, report: Report) -> None:
    """Refuse to rely on a report whose acceptance no longer holds by what is known today.

    An accreditation may have been suspended since, from a day before the test. What
    an officer accepted in writing stands until an officer decides otherwise.
    """
    decision = uow.session.scalars(
        select(AcceptanceDecision).where(
            AcceptanceDecision.report_id == report.id, known(AcceptanceDecision)
        )
    ).one()
    if decision.decided_by_user_id is not None:
        return
    as_of = AsOf(uow.today)
    gathered = gather_facts(uow.session, report, as_of, uow.clock.zone)
    if judge(gathered, as_of).outcome != "accept":
        raise Conflict(
            Message(
                "Report {number} no longer meets every condition; an officer must look at it.",
                number=report.number,
            )
        )


def _reserved(uow: UnitOfWork, application: Application) -> CertificateNumber | None:
    return uow.session.scalar(
        select(CertificateNumber).where(CertificateNumber.application_id == application.id)
    )


def _validity(uow: UnitOfWork, data: Mapping[str, Any]) -> tuple[date, date]:
    first: date = data["valid_from"] or uow.today
    if first < uow.today:
        raise Invalid.one("valid_from", Message("A certificate cannot begin before its decision."))
    last: date = data["valid_until"] or _years_later(first, DEFAULT_YEARS) - timedelta(days=1)
    if last < first:
        raise Invalid.one("valid_until", Message("The last day lies before the first day."))
    return first, last


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February has no counterpart in the other year.
        return day.replace(year=day.year + years, day=28)
