"""Registers bodies and what ministries designate them for."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from registry.assessment.models import AccreditationRecord, Body, BodyDesignation, BodyRecord
from registry.assessment.queries.bodies import ACCREDITATION_BODY, body_facts
from registry.assessment.queries.references import body_at, document_named, organisation_named
from registry.assessment.services.amendments import said_of
from registry.assessment.services.cascade import after_body_corrected, after_body_withdrawn
from registry.assessment.services.checks import overlap, refuse_own_matter
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_position
from registry.vocabulary.checks import require_term


def register_body(uow: UnitOfWork, data: Mapping[str, Any]) -> Body:
    """Register an organisation as a body; data as ``BodySchema`` loads it."""
    uow.actor.require("body:register")
    organisation = organisation_named(uow.session, data["organisation"], "organisation")
    for number, kind in enumerate(data["kinds"]):
        require_term(uow, "body-kind", kind, f"kinds.{number}")
    if uow.session.scalar(select(Body.id).where(Body.organisation_id == organisation.id)):
        raise Invalid.one(
            "organisation", Message("This organisation is registered as a body already.")
        )
    body = Body(
        slug=organisation.slug,
        organisation_id=organisation.id,
        demonstration=organisation.demonstration,
    )
    uow.session.add(body)
    uow.session.flush()
    position = uow.record("body.register", f"body:{body.id}", data)
    record = BodyRecord(
        body_id=body.id,
        kinds=sorted(set(data["kinds"])),
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )
    uow.add(record, position=position)
    uow.session.flush()
    return body


def withdraw_body(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> BodyRecord:
    """End a body's registration from a day on; data as ``BodyWithdrawalSchema`` loads it.

    What the body did before stays as it was. A task is opened for each thing that
    rests on what it did from that day on.
    """
    uow.actor.require("body:register")
    body, record = _registration(uow, slug)
    since = data["effective_on"]
    if record.valid_from is not None and since <= record.valid_from:
        raise Invalid.one("effective_on", Message("The body was not registered before this day."))
    if record.valid_until is not None and since > record.valid_until:
        raise Invalid.one(
            "effective_on", Message("The registration of this body ends before this day already.")
        )
    last = since - timedelta(days=1)
    position = uow.record("body.withdraw", f"body:{body.id}", data)
    ended = record.revised(valid_until=last)
    uow.replace(record, ended, position)
    uow.session.flush()
    after_body_withdrawn(uow, ended, last)
    return ended


def correct_body(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], *, expected: int | None = None
) -> BodyRecord:
    """Say what a body is registered as and when: what the register said before stays known.

    Data as ``BodyCorrectionSchema`` loads it. An end recorded in error is taken back by
    leaving the last day out; the tasks it opened are closed, those of another end opened.
    """
    uow.actor.require("body:register")
    body, record = _registration(uow, slug)
    if expected is not None:
        check_position(body_facts(uow.session, slug, AsOf(uow.today)).version, expected)
    for number, kind in enumerate(data["kinds"]):
        require_term(uow, "body-kind", kind, f"kinds.{number}")
    revised = record.revised(
        kinds=sorted(set(data["kinds"])),
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )
    if said_of(revised) == said_of(record):
        raise Invalid.one("reason", Message("The register says this already."))
    if ACCREDITATION_BODY not in revised.kinds and _accredits(uow, body):
        raise Invalid.one("kinds", Message("Accreditations by this body are recorded."))
    position = uow.record("body.correct", f"body:{body.id}", data)
    uow.replace(record, revised, position)
    uow.session.flush()
    after_body_corrected(uow, record, revised, data["reason"])
    return revised


def _registration(uow: UnitOfWork, slug: str) -> tuple[Body, BodyRecord]:
    """Return a body that the actor may judge of, and what it is registered as."""
    body = body_at(uow.session, slug)
    refuse_own_matter(uow, body.organisation_id)
    record = select(BodyRecord).where(BodyRecord.body_id == body.id, known(BodyRecord))
    return body, uow.session.scalars(record).one()


def _accredits(uow: UnitOfWork, body: Body) -> bool:
    found = select(AccreditationRecord.id).where(
        AccreditationRecord.accreditor_id == body.id, known(AccreditationRecord)
    )
    return uow.session.scalars(found.limit(1)).first() is not None


def designate_body(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> BodyDesignation:
    """Record a ministry's permission; data as ``BodyDesignationSchema`` loads it."""
    uow.actor.require("designation:record")
    body = body_at(uow.session, slug)
    refuse_own_matter(uow, body.organisation_id)
    document = document_named(uow.session, data["regulation"], "regulation")
    require_term(uow, "activity", data["activity"], "activity")
    require_term(uow, "issuing-body", data["ministry"], "ministry")
    period = (data["valid_from"], data["valid_until"])
    for other in uow.session.scalars(
        select(BodyDesignation).where(
            BodyDesignation.body_id == body.id,
            BodyDesignation.document_id == document.id,
            BodyDesignation.activity == data["activity"],
            known(BodyDesignation),
        )
    ):
        if overlap(period, (other.valid_from, other.valid_until)):
            raise Invalid.one(
                "valid_from", Message("The body is designated for this in that period already.")
            )
    position = uow.record("body.designate", f"body:{body.id}", {**data, "regulation": document.key})
    designation = BodyDesignation(
        body_id=body.id,
        document_id=document.id,
        activity=data["activity"],
        ministry=data["ministry"],
        instrument=data["instrument"],
        valid_from=data["valid_from"],
        valid_until=data["valid_until"],
    )
    uow.add(designation, position=position)
    uow.session.flush()
    return designation
