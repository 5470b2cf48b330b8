"""Judges foreign results again when days pass: sunsets, and periods of standards and listings."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.actor import system_actor
from registry.assessment.foreign.deciding import decide_results
from registry.assessment.foreign.demonstration import find_arrangement, obligation
from registry.assessment.foreign.reading import BATCH
from registry.assessment.models import (
    Arrangement,
    ArrangementListing,
    ArrangementRecord,
    ArrangementScope,
    ForeignDecision,
    ForeignResult,
    ForeignResultRecord,
    ForeignReview,
)
from registry.history import known
from registry.unit_of_work import UnitOfWorkFactory

_ACTOR = system_actor("foreign")


def review_foreign_results(units: UnitOfWorkFactory) -> Counter[str]:
    """Judge again what the days since the last review may have changed.

    Returns how many came out otherwise, by outcome. A run that was killed is done again:
    what was recorded comes out as it stands.
    """
    changed: Counter[str] = Counter()
    today = units.clock.today()
    # Most looks find that this day was reviewed; they must not wait for their turn as writer.
    with units.reading() as session:
        arrangement = find_arrangement(session)
        through = _reviewed_through(session)
        if arrangement is None or through is None or through >= today:
            return changed
        due = _due(session, arrangement, through, today)
    for start in range(0, len(due), BATCH):
        with units(_ACTOR) as uow:
            ids = due[start : start + BATCH]
            results = uow.session.scalars(select(ForeignResult).where(ForeignResult.id.in_(ids)))
            held = uow.session.get_one(Arrangement, arrangement.id)
            changed += decide_results(uow, held, results.all())
    with units(_ACTOR) as uow:
        uow.session.merge(ForeignReview(id=1, through=today))
    return changed


def _reviewed_through(session: Session) -> date | None:
    """Return the day of the last review, else that of the first decision that stands."""
    through = session.scalar(select(ForeignReview.through).where(ForeignReview.id == 1))
    if through is not None:
        return through
    return session.scalar(select(func.min(ForeignDecision.on)).where(known(ForeignDecision)))


def _due(session: Session, arrangement: Arrangement, through: date, today: date) -> list[int]:
    """Return the results whose own end passed; all of them where a common period turned."""
    query = select(ForeignResult.id).order_by(ForeignResult.id)
    if not _turned(session, arrangement, through, today):
        query = query.join(
            ForeignResultRecord, ForeignResultRecord.foreign_result_id == ForeignResult.id
        ).where(
            ForeignResultRecord.valid_until >= through,
            ForeignResultRecord.valid_until < today,
            known(ForeignResultRecord),
        )
    return list(session.scalars(query))


def _turned(session: Session, arrangement: Arrangement, through: date, today: date) -> bool:
    """Whether a standard, listing, scope line or the arrangement itself began or ended."""
    periods: Collection[tuple[date | None, date | None]] = [
        (edition.valid_from, edition.valid_until) for edition in obligation(arrangement).editions
    ]
    for model in (ArrangementRecord, ArrangementListing, ArrangementScope):
        periods = [
            *periods,
            *session.execute(
                select(model.valid_from, model.valid_until).where(
                    model.arrangement_id == arrangement.id, known(model)
                )
            ).all(),
        ]
    return any(
        (first is not None and through < first <= today)
        or (last is not None and through <= last < today)
        for first, last in periods
    )
