"""Renews certificates and reduces their scope: a new version under the same number.

A version is frozen as the first one was: the decision is journalled, the snapshot
names that entry, and a second entry names the snapshot's digest. Nothing of an
earlier version changes; on a day before the new one begins, the earlier one holds.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    Body,
    Certificate,
    CertificateVersion,
    Report,
    Surveillance,
    SurveillanceRecord,
)
from registry.assessment.queries.certificates import CertificateFacts, facts_of
from registry.assessment.queries.references import certificate_at
from registry.assessment.queries.versions import Version
from registry.assessment.services.applications import accepted_reports
from registry.assessment.services.certificates import add_event, check_day
from registry.assessment.services.checks import check_latest, person, refuse_own_matter
from registry.assessment.services.judging_again import judge_again
from registry.assessment.services.periods import DEFAULT_YEARS, years_later
from registry.assessment.services.snapshots import next_snapshot
from registry.assessment.versions import RENEWED, SCOPE_REDUCED
from registry.canonical import content_digest
from registry.errors import BadTransition, Conflict, Denied, Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.pdf.snapshots import CertificateSnapshot
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.models import Term

ISSUE = "certificate:issue"
CHANGE = "certificate:change-status"
ISSUE_VERSION = "certificate.issue-version"

_CONFORMING = "conforming"
_NO_SURVEILLANCE = "none"


def renew_certificate(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Certificate:
    """Renew a certificate's validity under its number; data as ``RenewalSchema`` loads it.

    It takes a decision by a person who neither evaluated nor reviewed, surveillance
    that found conformity where the method has surveillance, and reports whose
    acceptance still holds (ISO/IEC 17065, 7.6 and 7.9). Raises ``Conflict`` naming
    what is missing, ``BadTransition`` for a certificate that is not in force.
    """
    uow.actor.require(ISSUE)
    facts = _open(uow, number, expected)
    certificate = facts.certificate
    reports = _refuse_who_assessed(uow, certificate)
    day = data["effective_on"] or uow.today
    check_day(facts.events, day)
    if day < uow.today:
        raise Invalid.one("effective_on", Message("A renewal cannot begin before its decision."))
    now, then = _facts_on(uow, certificate, uow.today), _facts_on(uow, certificate, day)
    _require_in_force("renew", now.status.key, then.status.key)
    until = data["valid_until"] or years_later(day, DEFAULT_YEARS) - timedelta(days=1)
    if until <= facts.versions[-1].valid_until:
        raise Invalid.one(
            "valid_until", Message("A renewal ends after the present last day of validity.")
        )
    _check_surveillance(uow, certificate, then.said.snapshot["method"]["key"])
    for report in reports:
        judge_again(uow, report)
    return _add_version(
        uow,
        facts,
        action="certificate.renew",
        kind=RENEWED,
        day=day,
        valid_from=day,
        valid_until=until,
        reason=data["reason"],
        changes={},
    )


def reduce_scope(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Certificate:
    """Take models or requirements out from a day on; data as ``ScopeReductionSchema`` loads it.

    ISO/IEC 17065, 7.11.1. Raises ``Invalid`` naming what the certificate does not hold,
    and where nothing would be left: that is a withdrawal.
    """
    uow.actor.require(CHANGE)
    facts = _open(uow, number, expected)
    refuse_own_matter(uow, facts.certificate.organisation_id)
    day = data["effective_on"]
    check_day(facts.events, day)
    status = _facts_on(uow, facts.certificate, day).status.key
    if status not in (states.IN_FORCE, states.NOT_YET_IN_FORCE, states.SUSPENDED):
        _refuse("reduce-scope", status)
    last = facts.versions[-1]
    return _add_version(
        uow,
        facts,
        action="certificate.reduce-scope",
        kind=SCOPE_REDUCED,
        day=day,
        valid_from=max(day, last.valid_from),
        valid_until=last.valid_until,
        reason=data["reason"],
        changes=_reduced(last, data),
    )


def _open(uow: UnitOfWork, number: str, expected: int | None) -> CertificateFacts:
    facts = _facts_on(uow, certificate_at(uow.session, number), uow.today)
    check_latest(facts.events, expected)
    return facts


def _facts_on(uow: UnitOfWork, certificate: Certificate, day: date) -> CertificateFacts:
    return facts_of(uow.session, [certificate], AsOf(day))[0]


def _require_in_force(action: str, *statuses: str) -> None:
    for status in statuses:
        if status != states.IN_FORCE:
            _refuse(action, status)


def _refuse(action: str, status: str) -> None:
    raise BadTransition(
        Message(
            "“{action}” is not possible while the state is “{state}”.",
            action=action,
            state=status,
        )
    )


def _refuse_who_assessed(uow: UnitOfWork, certificate: Certificate) -> Sequence[Report]:
    """Return the reports behind a certificate, for a person who may decide on it again."""
    application = uow.session.get_one(Application, certificate.application_id)
    record = uow.session.scalars(
        select(ApplicationRecord).where(
            ApplicationRecord.application_id == application.id, known(ApplicationRecord)
        )
    ).one()
    reports = accepted_reports(uow, application)
    bodies = uow.session.scalars(
        select(Body.organisation_id).where(Body.id.in_([report.body_id for report in reports]))
    )
    refuse_own_matter(uow, certificate.organisation_id, *bodies)
    if person(uow) in (record.evaluator_id, record.reviewer_id):
        raise Denied(Message("Whoever evaluated or reviewed an application cannot decide on it."))
    if not reports:
        raise Conflict(Message("No accepted report stands behind this certificate any more."))
    return reports


def _check_surveillance(uow: UnitOfWork, certificate: Certificate, method: str) -> None:
    """Refuse while surveillance is overdue, found fault last, or is missing for the method."""
    records = uow.session.scalars(
        select(SurveillanceRecord)
        .join(Surveillance, Surveillance.id == SurveillanceRecord.surveillance_id)
        .where(Surveillance.subject == f"certificate:{certificate.id}", known(SurveillanceRecord))
    ).all()
    if any(record.state == states.PLANNED and record.planned_on < uow.today for record in records):
        raise Conflict(Message("Surveillance of this certificate is overdue."))
    done = sorted(
        (record for record in records if record.state == states.DONE and record.done_on),
        key=lambda record: (record.done_on or date.min, record.id),
    )
    if not done and _has_surveillance(uow, method):
        raise Conflict(
            Message("The certification method needs surveillance, and none has been done yet.")
        )
    if done and done[-1].result != _CONFORMING:
        raise Conflict(Message("The last surveillance did not find conformity."))


def _has_surveillance(uow: UnitOfWork, method: str) -> bool:
    attributes = uow.session.scalars(
        select(Term.attributes)
        .where(Term.vocabulary == "certification-method", Term.key == method, known(Term))
        .order_by(Term.valid_from.desc())
    ).first()
    return bool(attributes and attributes.get("surveillance", _NO_SURVEILLANCE) != _NO_SURVEILLANCE)


def _reduced(version: Version, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of the snapshot that a reduction changes."""
    product, requirements = version.snapshot["product"], version.snapshot["requirements"]
    models = _without("models", product["models"], data["models"])
    designations = _without(
        "requirements", [item["designation"] for item in requirements], data["requirements"]
    )
    if not (data["models"] or data["requirements"] or data["scope"]):
        raise Invalid.one(
            "models", Message("Name the models or requirements taken out, or the scope left.")
        )
    scope = data["scope"]
    return {
        "product": {**product, "models": models},
        "requirements": [item for item in requirements if item["designation"] in designations],
        "scope": {"vi": scope.get("vi"), "en": scope.get("en")}
        if scope
        else version.snapshot["scope"],
    }


def _without(field: str, present: Sequence[str], taken_out: Sequence[str]) -> list[str]:
    errors = {
        f"{field}.{index}": [Message("The certificate does not name “{text}”.", text=text)]
        for index, text in enumerate(taken_out)
        if text not in present
    }
    if errors:
        raise Invalid(errors)
    left = [text for text in present if text not in taken_out]
    if taken_out and not left:
        raise Invalid.one(field, Message("Nothing would be left; withdraw the certificate."))
    return left


def _taken_out(former: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a decision takes out of a snapshot, and the scope it leaves, for the journal."""
    said = {**former, **changes}
    models = set(former["product"]["models"]) - set(said["product"]["models"])
    requirements = {item["designation"] for item in former["requirements"]} - {
        item["designation"] for item in said["requirements"]
    }
    return {
        **({"models_taken_out": sorted(models)} if models else {}),
        **({"requirements_taken_out": sorted(requirements)} if requirements else {}),
        **({"scope": said["scope"]} if said["scope"] != former["scope"] else {}),
    }


def _add_version(
    uow: UnitOfWork,
    facts: CertificateFacts,
    *,
    action: str,
    kind: str,
    day: date,
    valid_from: date,
    valid_until: date,
    reason: str,
    changes: Mapping[str, Any],
) -> Certificate:
    certificate, last = facts.certificate, facts.versions[-1]
    version = last.number + 1
    subject = f"certificate:{certificate.id}"
    said = {"number": certificate.number, "version": version, "effective_on": day}
    uow.record(
        action,
        subject,
        {
            **said,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "reason": reason,
            **_taken_out(last.snapshot, changes),
        },
    )
    snapshot = next_snapshot(
        uow,
        cast(CertificateSnapshot, {**last.snapshot, **changes}),
        version=version,
        kind=kind,
        day=day,
        valid_from=valid_from,
        valid_until=valid_until,
        status=facts.status.key,
        decision=uow.receipts[-1],
    )
    digest = content_digest(snapshot)
    position = uow.record(
        ISSUE_VERSION, subject, {**said, "digest": digest, "replaces": last.digest}
    )
    frozen = CertificateVersion(
        certificate_id=certificate.id,
        version=version,
        kind=kind,
        snapshot=dict(snapshot),
        digest=digest,
        valid_from=valid_from,
        valid_until=valid_until,
        effective_on=day,
        reason=reason,
        decided_by_user_id=uow.actor.user_id,
    )
    uow.add(frozen, position=position)
    add_event(uow, certificate, kind, day, reason=reason, position=position)
    return certificate
