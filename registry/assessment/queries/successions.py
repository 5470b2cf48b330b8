"""Which arrangements continue which: the record's own predecessor, and further ones."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import ArrangementRecord, ArrangementSuccession
from registry.history import known


@dataclass(frozen=True, slots=True)
class Succession:
    """That one arrangement, by id, continues another; until when both are taken alike."""

    arrangement_id: int
    predecessor_id: int
    transition_until: date | None
    source: str | None
    known_from: int


def successions(session: Session, position: int | None = None) -> Sequence[Succession]:
    """Return every succession as known at ``position``."""
    recorded = [
        Succession(
            record.arrangement_id,
            record.predecessor_id,
            record.transition_until,
            record.source,
            record.known_from,
        )
        for record in session.scalars(
            select(ArrangementRecord).where(
                ArrangementRecord.predecessor_id.is_not(None), known(ArrangementRecord, position)
            )
        )
        if record.predecessor_id is not None
    ]
    further = [
        Succession(
            row.arrangement_id,
            row.predecessor_id,
            row.transition_until,
            row.source,
            row.known_from,
        )
        for row in session.scalars(
            select(ArrangementSuccession)
            .where(known(ArrangementSuccession, position))
            .order_by(ArrangementSuccession.id)
        )
    ]
    return [*recorded, *further]


def predecessors_by_arrangement(
    session: Session, position: int | None = None
) -> Mapping[int, Sequence[int]]:
    """Return the ids of the arrangements that each continues, as known at ``position``."""
    found: dict[int, list[int]] = defaultdict(list)
    for succession in successions(session, position):
        found[succession.arrangement_id].append(succession.predecessor_id)
    return found


def predecessors_of(session: Session, arrangement_id: int) -> set[int]:
    """Return the ids of all that an arrangement continues, however far back."""
    direct = predecessors_by_arrangement(session)
    found: set[int] = set()
    waiting = list(direct.get(arrangement_id, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(direct.get(one, ()))
    return found
