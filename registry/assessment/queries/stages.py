"""Days per stage over the recorded history of applications, for everybody to compare with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    Application,
    ApplicationRecord,
    InformationRequest,
    InformationRequestRecord,
)
from registry.assessment.queries.remembered import Remembered
from registry.assessment.rules.stages import Period, Stage, StageFigures, figures, stages
from registry.assessment.states import DECIDED, EVALUATION, REVIEW, SUBMITTED
from registry.history import AsOf, known

WAY = (SUBMITTED, EVALUATION, REVIEW)


class Course(NamedTuple):
    """One application over time: what it aims at, and its stages until the day asked."""

    application_id: int
    edition_id: int
    demonstration: bool
    stages: Sequence[Stage]


_courses: Remembered[list[Course]] = Remembered()


def courses(session: Session, as_of: AsOf) -> list[Course]:
    """Return the course of every application known at the position, until the day asked.

    Read again only after the journal has grown.
    """
    return _courses.answer(session, as_of, lambda: _read(session, as_of))


def stage_figures(
    session: Session, as_of: AsOf, *, demonstration: bool, edition_id: int | None = None
) -> dict[str, StageFigures]:
    """Return, by state, in how many days stages were finished; of one regulation if asked.

    Invented cases are counted only among themselves.
    """
    days: dict[str, list[int]] = {state: [] for state in WAY}
    for course in courses(session, as_of):
        if course.demonstration != demonstration:
            continue
        if edition_id is not None and course.edition_id != edition_id:
            continue
        for stage in course.stages:
            if stage.until is not None and stage.state in days:
                days[stage.state].append(stage.days)
    return {state: figures(found) for state, found in days.items()}


def waiting_periods(
    session: Session, as_of: AsOf, application_id: int | None = None
) -> Mapping[int, Sequence[Period]]:
    """Return, by application id, the periods during which its applicant was asked."""
    query = (
        select(
            InformationRequest.application_id,
            InformationRequestRecord.asked_on,
            InformationRequestRecord.closed_on,
        )
        .join(
            InformationRequestRecord, InformationRequestRecord.request_id == InformationRequest.id
        )
        .where(known(InformationRequestRecord, as_of.position))
    )
    if application_id is not None:
        query = query.where(InformationRequest.application_id == application_id)
    periods: dict[int, list[Period]] = defaultdict(list)
    for asked_of, asked_on, closed_on in session.execute(query):
        periods[asked_of].append((asked_on, closed_on))
    return periods


def is_open(course: Course) -> bool:
    """Whether an application is still on its way."""
    return bool(course.stages) and course.stages[-1].state not in DECIDED


def _read(session: Session, as_of: AsOf) -> list[Course]:
    query = select(
        Application.id,
        Application.edition_id,
        Application.demonstration,
        ApplicationRecord.state,
        ApplicationRecord.state_since,
    ).join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
    query = query.where(ApplicationRecord.state_since <= as_of.at)
    if as_of.position is not None:
        query = query.where(ApplicationRecord.known_from <= as_of.position)
    changes: dict[tuple[int, int, bool], list[tuple[str, date]]] = defaultdict(list)
    for id_, edition_id, demonstration, state, since in session.execute(
        query.order_by(Application.id, ApplicationRecord.known_from)
    ):
        changes[id_, edition_id, demonstration].append((state, since))
    waiting = waiting_periods(session, as_of)
    return [
        Course(*key, stages(found, waiting.get(key[0], ()), as_of.at))
        for key, found in changes.items()
    ]
