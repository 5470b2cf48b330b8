"""Surveillance of certificates and accreditations: planned, moved, done, dropped."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import page, page_parameters, representation
from registry.api.parameters import AS_OF, MOST, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import ChangeableSchema, page_of
from registry.assessment.queries.surveillance import (
    SurveillanceFacts,
    surveillance_facts,
    surveillances,
)
from registry.assessment.schemas.desk import (
    SurveillanceDropSchema,
    SurveillanceMoveSchema,
    SurveillancePlanSchema,
    SurveillanceResultSchema,
)
from registry.assessment.services import surveillance as service
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, reading

blueprint = Resource("Surveillance", "Planned surveillance and what came of it")

ONE = f"/surveillance/<int(max={MOST}):surveillance_id>"
PERMISSION = "surveillance:keep"
STATES = ("planned", "done", "dropped")

Data = Mapping[str, Any]


class SurveillanceAnswerSchema(ChangeableSchema):
    """One surveillance activity."""

    id = fields.Integer()
    href = fields.String()
    of = fields.String(metadata={"description": "What it is of, like certificate:3."})
    label = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": list(STATES)})
    activity = fields.String()
    planned_on = fields.Date()
    done_on = fields.Date(allow_none=True)
    result = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


@blueprint.question(
    "/surveillance",
    page_of(SurveillanceAnswerSchema),
    query=[*AS_OF, *PAGING, query("state", "Only what is in this state.", enum=STATES)],
    permission=PERMISSION,
)
def list_surveillance() -> Response:
    """List surveillance in the order in which it was planned."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = surveillances(
            session,
            asked_as_of(session),
            state=text("state"),
            after=key[0] if key else 0,
            limit=limit + 1,
        )
    return page(rows, limit, _present, lambda row: (row.surveillance.id,))


@blueprint.question(ONE, SurveillanceAnswerSchema, query=AS_OF, permission=PERMISSION)
def show_surveillance(surveillance_id: int) -> Response:
    """Show one surveillance activity."""
    with reading() as session:
        facts = surveillance_facts(session, surveillance_id, asked_as_of(session))
    return representation(_present(facts), facts.record.known_from)


@blueprint.command(
    "/surveillance",
    SurveillanceAnswerSchema,
    body=SurveillancePlanSchema,
    permission=PERMISSION,
    status=201,
)
def plan(uow: UnitOfWork, data: Data) -> Data:
    """Plan surveillance of a certificate or an accreditation for a day."""
    return _one(uow.session, service.plan_surveillance(uow, data).id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/move",
    SurveillanceAnswerSchema,
    body=SurveillanceMoveSchema,
    permission=PERMISSION,
    versioned=True,
)
def move(uow: UnitOfWork, surveillance_id: int, data: Data, expected: int | None) -> Data:
    """Move planned surveillance to another day."""
    service.move_surveillance(uow, surveillance_id, data, expected=expected)
    return _one(uow.session, surveillance_id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/finish",
    SurveillanceAnswerSchema,
    body=SurveillanceResultSchema,
    permission=PERMISSION,
    versioned=True,
)
def finish(uow: UnitOfWork, surveillance_id: int, data: Data, expected: int | None) -> Data:
    """Record what came of surveillance."""
    service.finish_surveillance(uow, surveillance_id, data, expected=expected)
    return _one(uow.session, surveillance_id, AsOf(uow.today))


@blueprint.command(
    f"{ONE}/drop",
    SurveillanceAnswerSchema,
    body=SurveillanceDropSchema,
    permission=PERMISSION,
    versioned=True,
)
def drop(uow: UnitOfWork, surveillance_id: int, data: Data, expected: int | None) -> Data:
    """Drop planned surveillance, with the reason."""
    service.drop_surveillance(uow, surveillance_id, data, expected=expected)
    return _one(uow.session, surveillance_id, AsOf(uow.today))


def _one(session: Session, surveillance_id: int, as_of: AsOf) -> dict[str, Any]:
    return _present(surveillance_facts(session, surveillance_id, as_of))


def _present(facts: SurveillanceFacts) -> dict[str, Any]:
    record = facts.record
    return {
        "id": facts.surveillance.id,
        "href": url_for("Surveillance.show_surveillance", surveillance_id=facts.surveillance.id),
        "of": facts.surveillance.subject,
        "label": facts.of.label if facts.of else None,
        "state": record.state,
        "activity": record.activity,
        "planned_on": record.planned_on,
        "done_on": record.done_on,
        "result": record.result,
        "note": record.note,
        "version": record.known_from,
    }
