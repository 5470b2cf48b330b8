"""What an event on an accreditation, a listing or a body sets going: tasks, nothing else.

Statuses of what depends on it stay as they are until an officer decides; what was
true on a day before stays true.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from registry.assessment.models import (
    Accreditation,
    AccreditationEvent,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    BodyDesignation,
    BodyRecord,
    ScopeLine,
    Task,
)
from registry.assessment.queries.dependents import Loss, dependents, loss_of_accreditation
from registry.assessment.queries.foreign_dependents import foreign_dependents
from registry.assessment.queries.tasks import WITHDRAWN
from registry.assessment.services.tasks import close_tasks, open_tasks
from registry.catalog.models import Document
from registry.errors import Invalid
from registry.history import AsOf, Fact, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

HALTING = frozenset({"suspended", "reduced", WITHDRAWN})
REINSTATED = "reinstated"
_SUSPENDED = "suspended"
_ARRANGEMENT_ENDED = "arrangement-ended"


def after_accreditation_event(
    uow: UnitOfWork, event: AccreditationEvent, line_ids: Sequence[int]
) -> list[Task]:
    """Open or close the tasks that an event on an accreditation calls for; return them.

    A reduction touches only the lines named.
    """
    cause = f"accreditation:{event.accreditation_id}"
    since = event.effective_on
    if event.kind in HALTING:
        lines = line_ids if event.kind == "reduced" else None
        as_of = AsOf(uow.today)
        loss = loss_of_accreditation(uow.session, event.accreditation_id, since, as_of, lines)
        return open_tasks(uow, cause, event.kind, since, dependents(uow.session, loss, as_of))
    if event.kind == REINSTATED:
        because = f"accreditation.{event.kind}"
        return close_tasks(uow, cause, because, event.reason, cause_kind=_SUSPENDED)
    return []


def after_event_retracted(
    uow: UnitOfWork, event: AccreditationEvent, reason: str | None
) -> list[Task]:
    """Close the tasks of a suspension or withdrawal that was recorded in error."""
    if event.kind not in HALTING:
        return []
    cause = f"accreditation:{event.accreditation_id}"
    because = "accreditation.retract-event"
    return close_tasks(uow, cause, because, reason, cause_kind=event.kind)


def after_line_ended(uow: UnitOfWork, line: Fact, last: date) -> list[Task]:
    """Open the tasks that the end of a scope line, designation or listing calls for."""
    match line:
        case ScopeLine():
            return after_scope_line_ended(uow, line, last)
        case BodyDesignation():
            return after_designation_ended(uow, line, last)
        case ArrangementListing():
            return after_listing_ended(uow, line, last)
    return []


def after_line_retracted(uow: UnitOfWork, line: Fact) -> list[Task]:
    """Open the tasks that call for a look because a line never held on which things may rest."""
    match line:
        case ScopeLine():
            return after_scope_line_ended(uow, line, _before(line), "scope-retracted")
        case BodyDesignation():
            return after_designation_ended(uow, line, _before(line), "designation-retracted")
        case ArrangementListing():
            return after_listing_ended(uow, line, _before(line), "listing-retracted")
    return []


def _before(line: ScopeLine | BodyDesignation | ArrangementListing) -> date:
    return line.valid_from - timedelta(days=1)


def after_scope_line_ended(
    uow: UnitOfWork, line: ScopeLine, last: date, kind: str = "reduced"
) -> list[Task]:
    """Open the tasks that the end of one scope line calls for; ``kind`` is a task-cause."""
    since = last + timedelta(days=1)
    accreditation = uow.session.get_one(Accreditation, line.accreditation_id)
    loss = Loss(accreditation.body_id, since, [line])
    found = dependents(uow.session, loss, AsOf(uow.today))
    return open_tasks(uow, f"accreditation:{accreditation.id}", kind, since, found)


def after_designation_ended(
    uow: UnitOfWork, designation: BodyDesignation, last: date, kind: str = "designation-ended"
) -> list[Task]:
    """Open the tasks that the end of a ministry's designation for a regulation calls for."""
    since = last + timedelta(days=1)
    document = uow.session.get_one(Document, designation.document_id)
    loss = Loss(designation.body_id, since, regulations=frozenset({document.key}))
    found = dependents(uow.session, loss, AsOf(uow.today))
    return open_tasks(uow, f"body:{designation.body_id}", kind, since, found)


def after_listing_ended(
    uow: UnitOfWork, listing: ArrangementListing, last: date, kind: str = "listing-ended"
) -> list[Task]:
    """Open the tasks that the end of a body's listing under an arrangement calls for.

    Only results for regulations that the arrangement covers are touched.
    """
    keys = uow.session.scalars(
        select(ArrangementScope.document_key).where(
            ArrangementScope.arrangement_id == listing.arrangement_id, known(ArrangementScope)
        )
    ).all()
    since = last + timedelta(days=1)
    named = frozenset(key for key in keys if key is not None)
    loss = Loss(listing.body_id, since, regulations=None if None in keys else named)
    found = dependents(uow.session, loss, AsOf(uow.today))
    return open_tasks(uow, f"arrangement:{listing.arrangement_id}", kind, since, found)


def after_arrangement_corrected(
    uow: UnitOfWork, after: ArrangementRecord, before: date | None, reason: str
) -> list[Task]:
    """Open the tasks that an earlier end of an arrangement calls for; close those of a later.

    ``before`` is the last day as it was recorded until now.
    """
    last = after.valid_until
    if last == before:
        return []
    changed = []
    if (last or date.max) > (before or date.max):
        cause = f"arrangement:{after.arrangement_id}"
        because = "arrangement.correct"
        changed = close_tasks(uow, cause, because, reason, cause_kind=_ARRANGEMENT_ENDED)
    if last is not None:
        for listing in uow.session.scalars(
            select(ArrangementListing).where(
                ArrangementListing.arrangement_id == after.arrangement_id,
                known(ArrangementListing),
            )
        ):
            if listing.valid_until is None or listing.valid_until > last:
                changed += after_listing_ended(uow, listing, last, _ARRANGEMENT_ENDED)
    return changed


def after_body_withdrawn(uow: UnitOfWork, record: BodyRecord, last: date) -> list[Task]:
    """Open the tasks that the end of a body's registration calls for."""
    since = last + timedelta(days=1)
    found = dependents(uow.session, Loss(record.body_id, since), AsOf(uow.today))
    return open_tasks(uow, f"body:{record.body_id}", WITHDRAWN, since, found)


def after_body_corrected(
    uow: UnitOfWork, before: BodyRecord, after: BodyRecord, reason: str
) -> list[Task]:
    """Close the tasks of an end that was recorded in error, and open those of the true one."""
    if after.valid_until == before.valid_until:
        return []
    changed = []
    if (after.valid_until or date.max) > (before.valid_until or date.max):
        cause = f"body:{after.body_id}"
        changed = close_tasks(uow, cause, "body.correct", reason, cause_kind=WITHDRAWN)
    if after.valid_until is not None:
        changed += after_body_withdrawn(uow, after, after.valid_until)
    return changed


def after_foreign_lapse(uow: UnitOfWork, result_id: int, kind: str, since: date) -> list[Task]:
    """Open the tasks that the end of a foreign scheme's certificate calls for.

    ``kind`` is what befell it, a key of foreign-result-status; ``since`` the first day on
    which that is known.
    """
    found = foreign_dependents(uow.session, result_id, AsOf(uow.today))
    return open_tasks(uow, f"foreign-result:{result_id}", kind, since, found) if found else []


def after_foreign_return(uow: UnitOfWork, result_id: int) -> list[Task]:
    """Close the tasks of a foreign certificate that its scheme's list shows as active again."""
    return close_tasks(uow, f"foreign-result:{result_id}", "foreign-result.record", None)


def end_scope_lines(
    uow: UnitOfWork,
    accreditation_id: int,
    line_ids: Sequence[int],
    since: date,
    position: int,
) -> None:
    """Let the lines named end the day before ``since``: that is what a reduction does.

    Raises ``Invalid`` on "scope_lines" for lines of another accreditation and for lines
    that do not hold on that day.
    """
    for line in lines_named(uow, accreditation_id, line_ids, since):
        uow.replace(line, line.revised(valid_until=since - timedelta(days=1)), position)


def lines_named(
    uow: UnitOfWork, accreditation_id: int, line_ids: Sequence[int], since: date
) -> list[ScopeLine]:
    """Return the scope lines ``line_ids`` that hold on the day; ``Invalid`` otherwise."""
    found = {
        line.id: line
        for line in uow.session.scalars(
            select(ScopeLine).where(
                ScopeLine.id.in_(list(line_ids)),
                ScopeLine.accreditation_id == accreditation_id,
                known(ScopeLine),
            )
        )
    }
    lines = []
    for number, line_id in enumerate(dict.fromkeys(line_ids)):
        line = found.get(line_id)
        # A line that begins on that very day would be left without a day.
        if line is None or line.valid_from >= since or (line.valid_until or since) < since:
            raise Invalid.one(
                f"scope_lines.{number}",
                Message("This is no scope line of this accreditation on that day."),
            )
        lines.append(line)
    return lines
