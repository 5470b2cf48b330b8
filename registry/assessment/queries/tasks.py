"""Tasks as they stood."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import Task, TaskRecord
from registry.assessment.queries.subjects import SubjectFacts, describe
from registry.assessment.states import OPEN
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

# What befell a cause, a key of task-cause, that no other loss can follow.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task, where it stands, and the things it is about; the version is the record's."""

    task: Task
    record: TaskRecord
    about: SubjectFacts | None
    cause: SubjectFacts | None


def task_facts(session: Session, task_id: int, as_of: AsOf) -> TaskFacts:
    """Return one task; ``NotFound`` when the register held none then."""
    row = session.execute(
        select(Task, TaskRecord)
        .join(TaskRecord, TaskRecord.task_id == Task.id)
        .where(Task.id == task_id, known(TaskRecord, as_of.position))
    ).one_or_none()
    if row is None:
        raise NotFound(Message("There is no such task."))
    task, record = row
    about = describe(session, task.subject, as_of)
    return TaskFacts(task, record, about, describe(session, task.cause, as_of))


def tasks_of(session: Session, cause: str, as_of: AsOf) -> Sequence[tuple[Task, TaskRecord]]:
    """Return the tasks that one cause opened, in the order in which it opened them."""
    rows = session.execute(
        select(Task, TaskRecord)
        .join(TaskRecord, TaskRecord.task_id == Task.id)
        .where(Task.cause == cause, known(TaskRecord, as_of.position))
        .order_by(Task.id)
    )
    return [(task, record) for task, record in rows]


def already_open(
    session: Session, cause: str, cause_kind: str, as_of: AsOf
) -> set[tuple[str, str]]:
    """Return kind and subject of the open tasks that spare a cause another of the same.

    A task goes when what opened it is undone, a suspension by a reinstatement, and must not
    take along the look that something else calls for. Only a withdrawal, which comes last,
    is content with whatever is open.
    """
    return {
        (task.kind, task.subject)
        for task, record in tasks_of(session, cause, as_of)
        if record.state == OPEN and cause_kind in (task.cause_kind, WITHDRAWN)
    }
