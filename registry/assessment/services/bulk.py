"""One action on many rows of the desk: each row works or is refused by itself.

A rehearsal takes every step and undoes it again, so that what is shown beforehand is
what the services would do, not a second opinion of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from registry.assessment import states
from registry.assessment.models import Application, ApplicationRecord, TaskRecord
from registry.assessment.services.applications import take_up_application
from registry.assessment.services.tasks import assign_task, finish_task
from registry.errors import Invalid, NotFound, RegistryError
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


class Outcome(StrEnum):
    """What came of one row; a row sent again that was done before is "already"."""

    POSSIBLE = "possible"
    DONE = "done"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one row, and why not."""

    subject: str
    outcome: Outcome
    reason: str | None = None


class _Rehearsed(Exception):
    """Everything was possible; undo it."""


def act_on_rows(
    uow: UnitOfWork, data: Mapping[str, Any], *, rehearse: bool = False
) -> list[RowResult]:
    """Take one action on many rows; data as ``BulkSchema`` loads it. Results in its order."""
    uow.actor.require("desk:use")
    versions = [*data["versions"], *([None] * len(data["rows"]))]
    return [
        _one(uow, data, subject, version, rehearse=rehearse)
        for subject, version in zip(data["rows"], versions, strict=False)
    ]


def _one(
    uow: UnitOfWork, data: Mapping[str, Any], subject: str, version: int | None, *, rehearse: bool
) -> RowResult:
    kind, _, number = subject.partition(":")
    action = _ACTIONS.get((data["action"], kind))
    if action is None or not number.isascii() or not number.isdigit() or len(number) > _DIGITS:
        return RowResult(
            subject, Outcome.REFUSED, Message("This action is not possible with this kind of row.")
        )
    already, act = action
    try:
        if already(uow, int(number), data):
            return RowResult(subject, Outcome.ALREADY)
        with uow.part():
            act(uow, int(number), data, version)
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        return RowResult(subject, Outcome.POSSIBLE)
    except RegistryError as refusal:
        return RowResult(subject, Outcome.REFUSED, _said(refusal))
    return RowResult(subject, Outcome.DONE)


def _said(refusal: RegistryError) -> str:
    if isinstance(refusal, Invalid):
        return next(text for texts in refusal.fields.values() for text in texts)
    return refusal.message


def _application(uow: UnitOfWork, application_id: int) -> Application:
    application = uow.session.get(Application, application_id)
    if application is None:
        raise NotFound(Message("There is no application of this number."))
    return application


def _taken_up(uow: UnitOfWork, application_id: int, _data: Mapping[str, Any]) -> bool:
    record = uow.session.scalar(
        select(ApplicationRecord).where(
            ApplicationRecord.application_id == application_id, known(ApplicationRecord)
        )
    )
    return (
        record is not None
        and record.state == states.EVALUATION
        and record.evaluator_id == uow.actor.user_id
    )


def _take_up(uow: UnitOfWork, id_: int, _data: Mapping[str, Any], version: int | None) -> None:
    take_up_application(uow, _application(uow, id_).number, expected=version)


def _task_record(uow: UnitOfWork, task_id: int) -> TaskRecord | None:
    return uow.session.scalar(
        select(TaskRecord).where(TaskRecord.task_id == task_id, known(TaskRecord))
    )


def _assigned(uow: UnitOfWork, task_id: int, data: Mapping[str, Any]) -> bool:
    record = _task_record(uow, task_id)
    return (
        record is not None
        and record.state == states.OPEN
        and record.assigned_user_id is not None
        and record.assigned_user_id == (data["user_id"] or uow.actor.user_id)
    )


def _assign(uow: UnitOfWork, id_: int, data: Mapping[str, Any], version: int | None) -> None:
    assign_task(uow, id_, {"user_id": data["user_id"]}, expected=version)


def _finished(uow: UnitOfWork, task_id: int, data: Mapping[str, Any]) -> bool:
    record = _task_record(uow, task_id)
    return (
        record is not None
        and record.state == states.DONE
        and record.assigned_user_id == uow.actor.user_id
        and record.reason == data["reason"]
    )


def _finish(uow: UnitOfWork, id_: int, data: Mapping[str, Any], version: int | None) -> None:
    finish_task(uow, id_, {"reason": data["reason"]}, expected=version)


_DIGITS = 9
_Already = Callable[[UnitOfWork, int, Mapping[str, Any]], bool]
_Act = Callable[[UnitOfWork, int, Mapping[str, Any], int | None], None]

_ACTIONS: Mapping[tuple[str, str], tuple[_Already, _Act]] = {
    ("take-up", "application"): (_taken_up, _take_up),
    ("assign", "task"): (_assigned, _assign),
    ("finish", "task"): (_finished, _finish),
}
