"""Tasks: what officers have to look at again because something under it was lost.

A task changes nothing by itself. It is opened and closed in the unit of work of what
caused it; an officer ends it by saying in writing what was decided.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.accounts.permissions import permissions_of
from registry.accounts.queries import roles_on
from registry.assessment.models import Task, TaskRecord
from registry.assessment.queries.dependents import Dependent
from registry.assessment.queries.subjects import describe
from registry.assessment.queries.tasks import already_open
from registry.assessment.services.checks import person, refuse_own_matter
from registry.assessment.states import CLOSED, OPEN, TASK
from registry.errors import Denied, Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, check_version
from registry.vocabulary.queries import terms

TASK_KIND = "task-kind"
HANDLE = "task:handle"


def open_tasks(
    uow: UnitOfWork, cause: str, cause_kind: str, since: date, found: Iterable[Dependent]
) -> list[Task]:
    """Open a task for each dependent, but where one is open for the same cause already.

    Journals "task.open" on the dependent thing itself. Role and days come from the
    vocabulary ``task-kind``.
    """
    rules = {term.key: term.attributes for term in terms(uow.session, TASK_KIND, AsOf(uow.today))}
    present = already_open(uow.session, cause, cause_kind, AsOf(uow.today))
    opened = []
    for dependent in found:
        if (dependent.kind, dependent.subject) in present:
            continue
        rule = rules[dependent.kind]
        due = uow.today + timedelta(days=rule["days"])
        position = uow.record(
            "task.open",
            dependent.subject,
            {
                "kind": dependent.kind,
                "cause": cause,
                "cause_kind": cause_kind,
                "from": since,
                "due": due,
            },
        )
        task = Task(
            kind=dependent.kind,
            subject=dependent.subject,
            cause=cause,
            cause_kind=cause_kind,
            cause_from=since,
            opened_on=uow.today,
            opened_position=position,
        )
        uow.session.add(task)
        uow.session.flush()
        record = TaskRecord(
            task_id=task.id, state=OPEN, state_since=uow.today, role=rule["role"], due_on=due
        )
        uow.add(record, position=position)
        opened.append(task)
    uow.session.flush()
    return opened


def close_tasks(
    uow: UnitOfWork,
    cause: str,
    because: str,
    reason: str | None,
    *,
    cause_kind: str | None = None,
) -> list[Task]:
    """Close the tasks of a cause that are still open; ``because`` is what made them needless.

    With ``cause_kind`` only those that this, of what befell the cause, opened.
    """
    closed = []
    for task, record in _open_for(uow, cause):
        if cause_kind not in (None, task.cause_kind):
            continue
        position = uow.record(
            "task.close",
            task.subject,
            {"kind": task.kind, "task": task.id, "cause": cause, "because": because},
        )
        changes = {"state": CLOSED, "state_since": uow.today, "reason": reason}
        uow.replace(record, record.revised(**changes), position)
        closed.append(task)
    uow.session.flush()
    return closed


def assign_task(
    uow: UnitOfWork, task_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Task:
    """Give a task to a person, or to oneself; data as ``AssignmentSchema`` loads it.

    Whoever it is given to must hold the task's role and belong to no party of it.
    """
    task, record = _load(uow, task_id, expected)
    TASK.check("assign", record.state, uow.actor)
    chosen = data["user_id"] if data["user_id"] is not None else person(uow)
    if chosen == record.assigned_user_id:
        # Sent twice: the task is with this person already.
        return task
    assignee = uow.session.get(User, chosen)
    if assignee is None or not assignee.active:
        raise Invalid.one("user_id", Message("There is no such account."))
    if assignee.organisation_id in _parties(uow, task):
        raise Denied(Message("Nobody may act on a matter of their own organisation."))
    roles = roles_on(uow.session, [chosen], uow.today).get(chosen, frozenset())
    if HANDLE not in permissions_of(roles) or record.role not in roles:
        raise Invalid.one("user_id", Message("This person does not hold the role for this task."))
    position = uow.record(
        "task.assign", task.subject, {"task": task.id, "kind": task.kind, "to": f"user:{chosen}"}
    )
    uow.replace(record, record.revised(assigned_user_id=chosen), position)
    uow.session.flush()
    return task


def finish_task(
    uow: UnitOfWork, task_id: int, data: Mapping[str, Any], *, expected: int | None = None
) -> Task:
    """End a task by saying what was decided; data as ``TaskEndSchema`` loads it.

    Only somebody with the task's role, and while it is with somebody only that person.
    """
    task, record = _load(uow, task_id, expected)
    refuse_own_matter(uow, *_parties(uow, task))
    target = TASK.check("finish", record.state, uow.actor)
    refuse_other_hands(uow, record)
    position = uow.record(
        "task.finish",
        task.subject,
        {"task": task.id, "kind": task.kind},
        sealed={"reason": data["reason"]},
    )
    changes = {
        "state": target,
        "state_since": uow.today,
        "reason": data["reason"],
        "assigned_user_id": person(uow),
    }
    uow.replace(record, record.revised(**changes), position)
    uow.session.flush()
    return task


def refuse_other_hands(uow: UnitOfWork, record: TaskRecord) -> None:
    """Raise ``Denied`` unless the actor holds the task's role and it is with nobody else."""
    if not uow.actor.everything and record.role not in uow.actor.roles:
        raise Denied(Message("This task is for another role."))
    if record.assigned_user_id not in (None, person(uow)):
        raise Denied(Message("Somebody else has taken this task on."))


def _load(uow: UnitOfWork, task_id: int, expected: int | None) -> tuple[Task, TaskRecord]:
    uow.actor.require(HANDLE)
    row = uow.session.execute(
        select(Task, TaskRecord)
        .join(TaskRecord, TaskRecord.task_id == Task.id)
        .where(Task.id == task_id, known(TaskRecord))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such task."))
    check_version(row[1], expected)
    return row[0], row[1]


def _parties(uow: UnitOfWork, task: Task) -> frozenset[int]:
    facts = describe(uow.session, task.subject, AsOf(uow.today))
    return facts.organisations if facts else frozenset()


def _open_for(uow: UnitOfWork, cause: str) -> list[tuple[Task, TaskRecord]]:
    rows = uow.session.execute(
        select(Task, TaskRecord)
        .join(TaskRecord, TaskRecord.task_id == Task.id)
        .where(Task.cause == cause, TaskRecord.state == OPEN, known(TaskRecord))
        .order_by(Task.id)
    )
    return [(task, record) for task, record in rows]
