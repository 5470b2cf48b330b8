"""Plans surveillance of certificates and accreditations and records what came of it.

ISO/IEC 17065, 7.9; ISO/IEC 17011, 7.9. Days are dates of the register.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment.models import Accreditation, Surveillance, SurveillanceRecord
from registry.assessment.queries.references import certificate_at
from registry.assessment.queries.subjects import describe
from registry.assessment.services.checks import refuse_own_matter
from registry.assessment.states import SURVEILLANCE
from registry.errors import Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version
from registry.vocabulary.checks import require_term


def plan_surveillance(uow: UnitOfWork, data: Mapping[str, Any]) -> Surveillance:
    """Plan surveillance for a day; data as ``SurveillancePlanSchema`` loads it.

    The same activity on the same thing and day is not planned twice.
    """
    uow.actor.require("surveillance:keep")
    require_term(uow, "surveillance-activity", data["activity"], "activity")
    subject = _subject(uow, data)
    _refuse_own(uow, subject)
    if data["planned_on"] < uow.today:
        raise Invalid.one("planned_on", Message("This day has passed."))
    present = uow.session.scalar(
        select(SurveillanceRecord.id)
        .join(Surveillance, Surveillance.id == SurveillanceRecord.surveillance_id)
        .where(
            Surveillance.subject == subject,
            SurveillanceRecord.planned_on == data["planned_on"],
            SurveillanceRecord.activity == data["activity"],
            SurveillanceRecord.state == "planned",
            known(SurveillanceRecord),
        )
    )
    if present is not None:
        raise Invalid.one("planned_on", Message("This is planned for that day already."))
    surveillance = Surveillance(subject=subject)
    uow.session.add(surveillance)
    uow.session.flush()
    position = uow.record(
        "surveillance.plan",
        f"surveillance:{surveillance.id}",
        {"of": subject, "activity": data["activity"]},
        # A visit that its party reads of beforehand may be meant to be unannounced.
        sealed={"planned_on": data["planned_on"], "note": data["note"]},
    )
    record = SurveillanceRecord(
        surveillance_id=surveillance.id,
        state="planned",
        planned_on=data["planned_on"],
        activity=data["activity"],
        note=data["note"],
    )
    uow.add(record, position=position)
    uow.session.flush()
    return surveillance


def move_surveillance(
    uow: UnitOfWork, surveillance_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Surveillance:
    """Move planned surveillance to another day; data as ``SurveillanceMoveSchema`` loads it."""
    if data["planned_on"] < uow.today:
        raise Invalid.one("planned_on", Message("This day has passed."))
    return _change(uow, "move", surveillance_id, data, expected)


def finish_surveillance(
    uow: UnitOfWork, surveillance_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Surveillance:
    """Record what came of it; data as ``SurveillanceResultSchema`` loads it."""
    require_term(uow, "surveillance-result", data["result"], "result")
    if data["done_on"] > uow.today:
        raise Invalid.one("done_on", Message("This day is still to come."))
    return _change(uow, "finish", surveillance_id, data, expected)


def drop_surveillance(
    uow: UnitOfWork, surveillance_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Surveillance:
    """Drop planned surveillance, with the reason; data as ``SurveillanceDropSchema`` loads it."""
    return _change(uow, "drop", surveillance_id, data, expected)


def _change(
    uow: UnitOfWork,
    action: str,
    surveillance_id: int,
    data: Mapping[str, Any],
    expected: int | None,
) -> Surveillance:
    uow.actor.require("surveillance:keep")
    row = uow.session.execute(
        select(Surveillance, SurveillanceRecord)
        .join(SurveillanceRecord, SurveillanceRecord.surveillance_id == Surveillance.id)
        .where(Surveillance.id == surveillance_id, known(SurveillanceRecord))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such surveillance."))
    surveillance, record = row
    check_version(record, expected)
    _refuse_own(uow, surveillance.subject)
    perform(
        uow,
        SURVEILLANCE,
        action,
        surveillance.id,
        record,
        changes=data,
        data={"of": surveillance.subject},
        sealed=data,
    )
    return surveillance


def _subject(uow: UnitOfWork, data: Mapping[str, Any]) -> str:
    if data["certificate"] is not None:
        try:
            return f"certificate:{certificate_at(uow.session, data['certificate']).id}"
        except NotFound as missing:
            raise Invalid.one("certificate", missing.message) from None
    if uow.session.get(Accreditation, data["accreditation"]) is None:
        raise Invalid.one("accreditation", Message("There is no such accreditation."))
    return f"accreditation:{data['accreditation']}"


def _refuse_own(uow: UnitOfWork, subject: str) -> None:
    facts = describe(uow.session, subject, AsOf(uow.today))
    refuse_own_matter(uow, *(facts.organisations if facts else ()))
