"""What rested on foreign results that are no longer in force: by their lists, or by time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from registry.assessment.foreign.deciding import LAPSED
from registry.assessment.foreign.writing import IN_FORCE
from registry.assessment.models import (
    ForeignDecision,
    ForeignReliance,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
)
from registry.assessment.queries.foreign_dependents import declarations_naming, numbers_meant
from registry.history import AsOf, known

ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class Relied:
    """Something that rested on a result which is no longer in force.

    ``status`` is what became of the result, known since ``known_by``. ``subject`` is
    "acceptance" for our own, or names the application or declaration as the journal does;
    ``since`` is when it came to rest on the result.
    """

    result_id: int
    scheme: str
    number: str
    status: str
    known_by: date | None
    subject: str
    since: date


def affected(session: Session, as_of: AsOf) -> list[Relied]:
    """Return everything that rested on results whose lists or own end say they are over."""
    found = [
        *_rows(session.execute(_accepted(as_of)), as_of),
        *_rows(session.execute(_recorded(as_of)), as_of),
        *_declared(session, as_of),
    ]
    unique = {(relied.result_id, relied.subject): relied for relied in reversed(found)}
    return sorted(unique.values(), key=lambda relied: (relied.result_id, relied.subject))


def _over(as_of: AsOf) -> Any:
    """Select results that are not in force: scheme, number, status, its days, own end."""
    newest = (
        select(func.max(ForeignResultStatus.id).label("id"))
        .where(known(ForeignResultStatus, as_of.position))
        .group_by(ForeignResultStatus.foreign_result_id)
        .subquery()
    )
    return (
        select(
            ForeignResult.id,
            ForeignResult.scheme,
            ForeignResult.number,
            ForeignResultStatus.kind,
            ForeignResultStatus.effective_on,
            ForeignResultStatus.effective_by,
            ForeignResultRecord.valid_until,
        )
        .join(ForeignResultStatus, ForeignResultStatus.foreign_result_id == ForeignResult.id)
        .join(ForeignResultRecord, ForeignResultRecord.foreign_result_id == ForeignResult.id)
        .join(newest, newest.c.id == ForeignResultStatus.id)
        .where(
            known(ForeignResultRecord, as_of.position),
            or_(ForeignResultStatus.kind != IN_FORCE, ForeignResultRecord.valid_until < as_of.at),
        )
    )


def _accepted(as_of: AsOf) -> Any:
    """Select our own acceptances, whether or not they still stand."""
    recorded: ColumnElement[bool] = ForeignDecision.outcome == "accept"
    if as_of.position is not None:
        recorded &= ForeignDecision.known_from <= as_of.position
    accepted = (
        select(ForeignDecision.foreign_result_id, func.min(ForeignDecision.on).label("since"))
        .where(recorded)
        .group_by(ForeignDecision.foreign_result_id)
        .subquery()
    )
    return (
        _over(as_of)
        .join(accepted, accepted.c.foreign_result_id == ForeignResult.id)
        .add_columns(accepted.c.since)
    )


def _recorded(as_of: AsOf) -> Any:
    """Select what officers recorded as resting on results."""
    return (
        _over(as_of)
        .join(ForeignReliance, ForeignReliance.foreign_result_id == ForeignResult.id)
        .where(known(ForeignReliance, as_of.position))
        .add_columns(ForeignReliance.since, ForeignReliance.subject)
    )


def _declared(session: Session, as_of: AsOf) -> list[Relied]:
    """Return declarations whose basis names a result by its number."""
    named = {
        declaration: numbers_meant(declaration.content["other_certificate"]["number"])
        for declaration in declarations_naming(session)
    }
    numbers = frozenset[str]().union(*named.values())
    if not numbers:
        return []
    over = session.execute(_over(as_of).where(ForeignResult.number.in_(numbers))).all()
    return _rows(
        (
            (*row, declaration.valid_from, f"declaration:{declaration.id}")
            for declaration, meant in named.items()
            for row in over
            if row.number in meant
        ),
        as_of,
    )


def _rows(rows: Iterable[Any], as_of: AsOf) -> list[Relied]:
    found = []
    for id_, scheme, number, kind, on, by, until, since, *subject in rows:
        lapsed = kind == IN_FORCE and until is not None and until < as_of.at
        status = LAPSED if lapsed else kind
        known_by = until + timedelta(days=1) if lapsed else on or by
        about = subject[0] if subject else ACCEPTANCE
        found.append(Relied(id_, scheme, number, status, known_by, about, since))
    return found
