"""The officers' desk: the queue, tasks, what depends on an accreditation, what ends soon."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.api.answers import listed, representation
from registry.api.parameters import AS_OF, AT, MOST, Parameter, query, several, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, ReceiptSchema, page_of
from registry.assessment.queries import desk as queries
from registry.assessment.queries.dependents import (
    Dependent,
    Loss,
    dependents,
    loss_of_accreditation,
)
from registry.assessment.queries.expiry import KINDS as EXPIRY_KINDS
from registry.assessment.queries.expiry import MOST_DAYS, Expiry, expiring
from registry.assessment.queries.references import body_at
from registry.assessment.queries.tasks import TaskFacts, task_facts
from registry.assessment.schemas.desk import AssignmentSchema, BulkSchema, TaskEndSchema
from registry.assessment.services.bulk import Outcome, RowResult, act_on_rows
from registry.assessment.services.tasks import assign_task, finish_task
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, asked_date, current_actor, reading
from registry.web.i18n import translate
from registry.web.paging import whole_number

blueprint = Resource("Desk", "What waits for an officer, and what depends on an accreditation")

ONE_TASK = f"/tasks/<int(max={MOST}):task_id>"
USE = "desk:use"
HANDLE = "task:handle"
RISKS = ("late", "near", "suspended-behind", "contradiction", "referred", "foreign-result")

Data = Mapping[str, Any]


class RiskAnswerSchema(AnswerSchema):
    """A rule that the row meets, and what it weighs."""

    key = fields.String()
    weight = fields.Integer()


class WorkItemAnswerSchema(AnswerSchema):
    """A row of the queue. ``bar`` says why the actor may not act on it."""

    kind = fields.String()
    subject = fields.String(metadata={"description": "What is acted on, like task:7."})
    about = fields.String(metadata={"description": "What it concerns, like certificate:3."})
    label = fields.String()
    step = fields.String()
    since = fields.Date()
    due = fields.Date()
    age = fields.Integer(metadata={"description": "Days it has waited."})
    score = fields.Integer()
    risks = fields.List(fields.Nested(RiskAnswerSchema))
    assigned_user = fields.Integer(allow_none=True)
    bar = fields.String(allow_none=True)
    version = fields.Integer()


class DependentAnswerSchema(AnswerSchema):
    """A thing that depends on what is lost; ``on`` is the first day touched."""

    kind = fields.String()
    subject = fields.String()
    label = fields.String()
    state = fields.String()
    on = fields.Date()
    rests_on = fields.List(fields.String())


class TaskAnswerSchema(ChangeableSchema):
    """A task: what to look at again, why, and where it stands."""

    id = fields.Integer()
    kind = fields.String()
    subject = fields.String()
    cause = fields.String()
    cause_kind = fields.String()
    cause_from = fields.Date()
    state = fields.String(metadata={"enum": ["open", "done", "closed"]})
    role = fields.String()
    assigned_user = fields.Integer(allow_none=True)
    due_on = fields.Date()
    reason = fields.String(allow_none=True)


class RowAnswerSchema(AnswerSchema):
    """What came of one row, and why not."""

    subject = fields.String()
    outcome = fields.String(metadata={"enum": [outcome.value for outcome in Outcome]})
    reason = fields.String(allow_none=True)


class RowsAnswerSchema(AnswerSchema):
    """Results in the order of the rows; a receipt when anything was recorded."""

    items = fields.List(fields.Nested(RowAnswerSchema))
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


class ExpiryAnswerSchema(AnswerSchema):
    """That a thing ends on a day."""

    kind = fields.String()
    subject = fields.String()
    label = fields.String()
    about = fields.String()
    last_day = fields.Date()


_FROM: Parameter = query("from", "The first day of the loss; today when left out.", format="date")


@blueprint.question(
    "/desk",
    page_of(WorkItemAnswerSchema),
    query=[
        *AS_OF,
        query("kind", "Only rows of this kind.", enum=tuple(queries.SOURCES)),
        query("risk", "Only rows that meet this rule.", enum=RISKS),
        query(
            "assigned",
            "By whom it is with.",
            enum=(queries.MINE, queries.FREE, queries.OTHERS),
        ),
        query("actionable", "Only what the actor may act on.", enum=("true", "false")),
    ],
    permission=USE,
)
def show_desk() -> Response:
    """List everything that waits for the actor, the most urgent first."""
    with reading() as session:
        found = queries.desk(
            session,
            current_actor(),
            asked_as_of(session),
            kind=text("kind"),
            risk=text("risk"),
            assigned=text("assigned"),
            actionable=text("actionable") == "true",
        )
    return listed([_present_item(item) for item in found])


@blueprint.command("/desk/preview", RowsAnswerSchema, body=BulkSchema, permission=USE)
def preview(uow: UnitOfWork, data: Data) -> Data:
    """Say which rows the action would work for and which not, and change nothing."""
    return _rows(act_on_rows(uow, data, rehearse=True))


@blueprint.command("/desk/actions", RowsAnswerSchema, body=BulkSchema, permission=USE)
def act(uow: UnitOfWork, data: Data) -> Data:
    """Take one action on many rows; each works or is refused by itself."""
    return _rows(act_on_rows(uow, data))


@blueprint.question(
    f"/accreditations/<int(max={MOST}):accreditation_id>/dependents",
    page_of(DependentAnswerSchema),
    query=[
        *AS_OF,
        _FROM,
        query("line", "Only what rests on this scope line, by its number; may be repeated."),
    ],
    permission="accreditation:record",
)
def list_dependents(accreditation_id: int) -> Response:
    """List what would depend on losing the accreditation, or lines of it, from a day on."""
    lines = [_number("line", value) for value in several("line")]
    with reading() as session:
        as_of = asked_as_of(session)
        since = asked_date("from") or as_of.at
        loss = loss_of_accreditation(session, accreditation_id, since, as_of, lines or None)
        found = dependents(session, loss, as_of)
    return listed([_present_dependent(item) for item in found])


@blueprint.question(
    "/bodies/<slug>/dependents",
    page_of(DependentAnswerSchema),
    query=[*AS_OF, _FROM],
    permission="body:register",
)
def list_body_dependents(slug: str) -> Response:
    """List what would depend on the end of a body's registration from a day on."""
    with reading() as session:
        as_of = asked_as_of(session)
        loss = Loss(body_at(session, slug).id, asked_date("from") or as_of.at)
        found = dependents(session, loss, as_of)
    return listed([_present_dependent(item) for item in found])


@blueprint.question(ONE_TASK, TaskAnswerSchema, query=AS_OF, permission=HANDLE)
def show_task(task_id: int) -> Response:
    """Show one task."""
    with reading() as session:
        facts = task_facts(session, task_id, asked_as_of(session))
    return representation(_present_task(facts), facts.record.known_from)


@blueprint.command(
    f"{ONE_TASK}/assign",
    TaskAnswerSchema,
    body=AssignmentSchema,
    permission=HANDLE,
    versioned=True,
)
def assign(uow: UnitOfWork, task_id: int, data: Data, expected: int | None) -> Data:
    """Give a task to a person, or take it on."""
    assign_task(uow, task_id, data, expected=expected)
    return _task(uow.session, task_id, uow.today)


@blueprint.command(
    f"{ONE_TASK}/finish", TaskAnswerSchema, body=TaskEndSchema, permission=HANDLE, versioned=True
)
def finish(uow: UnitOfWork, task_id: int, data: Data, expected: int | None) -> Data:
    """End a task by saying what was decided."""
    finish_task(uow, task_id, data, expected=expected)
    return _task(uow.session, task_id, uow.today)


@blueprint.question(
    "/expiry",
    page_of(ExpiryAnswerSchema),
    query=[
        AT,
        AS_OF[1],
        query("days", "Ending within so many days; 90 when left out.", type="integer"),
        query("kind", "Only things of this kind.", enum=tuple(EXPIRY_KINDS)),
    ],
    permission=USE,
)
def list_expiring() -> Response:
    """List what holds on the day asked and ends soon, the soonest first."""
    days = _number("days", request.args.get("days") or "90", most=MOST_DAYS)
    with reading() as session:
        found = expiring(session, asked_as_of(session), days, kind=text("kind"))
    return listed([_present_expiry(item) for item in found])


def _number(field: str, typed: str, most: int = MOST) -> int:
    number = whole_number(typed)
    if number is None or number > most:
        raise Invalid.one(field, Message("A whole number up to {most} is needed.", most=most))
    return number


def _task(session: Session, task_id: int, today: date) -> dict[str, Any]:
    return _present_task(task_facts(session, task_id, AsOf(today)))


def _rows(results: list[RowResult]) -> dict[str, Any]:
    return {
        "items": [
            {
                "subject": row.subject,
                "outcome": row.outcome.value,
                "reason": translate(row.reason) if row.reason else None,
            }
            for row in results
        ]
    }


def _present_item(item: queries.WorkItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "subject": item.subject,
        "about": item.about,
        "label": item.label,
        "step": item.step,
        "since": item.since,
        "due": item.due,
        "age": item.age,
        "score": item.score,
        "risks": [{"key": risk.key, "weight": risk.weight} for risk in item.risks],
        "assigned_user": item.assigned_user_id,
        "bar": translate(item.bar) if item.bar else None,
        "version": item.version,
    }


def _present_dependent(item: Dependent) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "subject": item.subject,
        "label": item.label,
        "state": item.state,
        "on": item.on,
        "rests_on": list(item.rests_on),
    }


def _present_task(facts: TaskFacts) -> dict[str, Any]:
    task, record = facts.task, facts.record
    return {
        "id": task.id,
        "kind": task.kind,
        "subject": task.subject,
        "cause": task.cause,
        "cause_kind": task.cause_kind,
        "cause_from": task.cause_from,
        "state": record.state,
        "role": record.role,
        "assigned_user": record.assigned_user_id,
        "due_on": record.due_on,
        "reason": record.reason,
        "version": record.known_from,
    }


def _present_expiry(item: Expiry) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "subject": item.subject,
        "label": item.label,
        "about": item.about,
        "last_day": item.last_day,
    }
