"""Replaces a certificate by another number: the holder changed, or the paper was in error.

A replacement is an application like any other, opened by an officer who then is its
evaluator: it is reviewed, decided on and issued by the same steps and persons
(ISO/IEC 17065, 7.10). It rests on the reports behind the certificate that it replaces.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    ApplicationReliance,
    Certificate,
    CertificateReplacement,
)
from registry.assessment.queries.certificates import CertificateFacts, facts_of
from registry.assessment.queries.references import certificate_at
from registry.assessment.services.applications import accepted_reports, new_number
from registry.assessment.services.certificates import add_event, check_day
from registry.assessment.services.checks import check_latest, person, refuse_own_matter
from registry.errors import BadTransition, Conflict
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

_REPLACEABLE = frozenset({states.IN_FORCE, states.NOT_YET_IN_FORCE})
_OVER = frozenset({states.REFUSED, states.WITHDRAWN})


def open_replacement(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> Application:
    """Open the application that certificate ``number`` is to be replaced by.

    Data as ``ReplacementSchema`` loads it; ``product`` None means the product as it is
    certified. Raises ``Conflict`` while one is open already, ``BadTransition`` for a
    certificate that is suspended or over.
    """
    uow.actor.require("certificate:change-status")
    certificate = certificate_at(uow.session, number)
    refuse_own_matter(uow, certificate.organisation_id)
    facts = _facts(uow, certificate)
    check_latest(facts.events, expected)
    _refuse_unless_replaceable(facts)
    if _open_application(uow, certificate) is not None:
        raise Conflict(Message("A replacement of this certificate is open already."))
    former = uow.session.get_one(Application, certificate.application_id)
    product = data["product"] or _certified_product(uow, former, facts)
    application = Application(
        number=new_number(uow.today.year),
        organisation_id=certificate.organisation_id,
        edition_id=certificate.edition_id,
        demonstration=certificate.demonstration,
    )
    uow.session.add(application)
    uow.session.flush()
    position = uow.record(
        "application.open-replacement",
        f"application:{application.id}",
        {"state": states.EVALUATION, "replaces": certificate.number, "ground": data["ground"]},
        sealed={**data, "number": application.number, "product": product},
    )
    record = ApplicationRecord(
        application_id=application.id,
        state=states.EVALUATION,
        state_since=uow.today,
        product=product,
        method=facts.said.snapshot["method"]["key"],
        note=data["reason"],
        submitted_by_user_id=person(uow),
        evaluator_id=person(uow),
    )
    relied = [
        ApplicationReliance(application_id=application.id, report_id=report.id)
        for report in accepted_reports(uow, former)
    ]
    replacement = CertificateReplacement(
        application_id=application.id,
        certificate_id=certificate.id,
        ground=data["ground"],
        reason=data["reason"],
    )
    uow.add(record, replacement, *relied, position=position)
    uow.session.flush()
    return application


def certificate_to_replace(uow: UnitOfWork, application: Application) -> CertificateFacts | None:
    """Return the certificate that granting ``application`` replaces, None for most.

    Raises ``BadTransition`` when it was suspended or ended since the case was opened.
    """
    replacement = _replacement(uow, application)
    if replacement is None:
        return None
    facts = _facts(uow, uow.session.get_one(Certificate, replacement.certificate_id))
    _refuse_unless_replaceable(facts)
    return facts


def record_replacement(uow: UnitOfWork, application: Application, issued: Certificate) -> None:
    """End the certificate that ``issued`` replaces, on the first day of the new one."""
    replacement = _replacement(uow, application)
    if replacement is None:
        return
    former = uow.session.get_one(Certificate, replacement.certificate_id)
    check_day(_facts(uow, former).events, issued.valid_from)
    position = uow.record(
        "certificate.replace",
        f"certificate:{former.id}",
        {
            "number": former.number,
            "replaced_by": issued.number,
            "effective_on": issued.valid_from,
            "reason": replacement.reason,
        },
    )
    add_event(
        uow,
        former,
        "replaced",
        issued.valid_from,
        reason=replacement.reason,
        position=position,
    )


def _replacement(uow: UnitOfWork, application: Application) -> CertificateReplacement | None:
    return uow.session.scalar(
        select(CertificateReplacement).where(
            CertificateReplacement.application_id == application.id, known(CertificateReplacement)
        )
    )


def _open_application(uow: UnitOfWork, certificate: Certificate) -> int | None:
    return uow.session.scalar(
        select(ApplicationRecord.application_id)
        .join(
            CertificateReplacement,
            CertificateReplacement.application_id == ApplicationRecord.application_id,
        )
        .where(
            CertificateReplacement.certificate_id == certificate.id,
            ApplicationRecord.state.not_in(_OVER),
            known(ApplicationRecord),
        )
    )


def _facts(uow: UnitOfWork, certificate: Certificate) -> CertificateFacts:
    return facts_of(uow.session, [certificate], AsOf(uow.today))[0]


def _refuse_unless_replaceable(facts: CertificateFacts) -> None:
    if facts.status.key not in _REPLACEABLE:
        raise BadTransition(
            Message(
                "“{action}” is not possible while the state is “{state}”.",
                action="replace",
                state=facts.status.key,
            )
        )


def _certified_product(
    uow: UnitOfWork, former: Application, facts: CertificateFacts
) -> dict[str, Any]:
    """Return the product as it was applied for, with the models that are still certified."""
    record = uow.session.scalars(
        select(ApplicationRecord).where(
            ApplicationRecord.application_id == former.id, known(ApplicationRecord)
        )
    ).one()
    return {**record.product, "models": list(facts.versions[-1].snapshot["product"]["models"])}
