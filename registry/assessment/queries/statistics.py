"""Public statistics of the assessment side, for any day and as known at any position."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    AcceptanceDecision,
    Arrangement,
    ArrangementRecord,
    InformationRequest,
    InformationRequestRecord,
    Report,
    ReportRecord,
)
from registry.assessment.queries.remembered import Remembered
from registry.assessment.queries.stages import Course, courses, is_open, stage_figures
from registry.assessment.rules.stages import StageFigures
from registry.assessment.states import ACCEPTED, OPEN, REFERRED, REFUSED
from registry.history import AsOf, known

OUTCOMES = (ACCEPTED, REFUSED, REFERRED)

_STATE_OF = {"accept": ACCEPTED, "refuse": REFUSED, "refer": REFERRED}
_PATH = "recognition_path"
_ARRANGEMENT = "arrangement:"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many reports were accepted, refused and referred."""

    accepted: int = 0
    refused: int = 0
    referred: int = 0

    @property
    def total(self) -> int:
        """Return how many there are together."""
        return self.accepted + self.refused + self.referred


@dataclass(frozen=True, slots=True)
class ByArrangement:
    """Outcomes of the reports that cite an arrangement; ``slug`` None: those that cite none."""

    slug: str | None
    titles: Mapping[str, str] | None
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Late:
    """What takes longer than it should: overdue answers, and stages beyond the upper quartile."""

    answers_overdue: int
    stages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables of the statistics page."""

    months: Sequence[tuple[str, Outcomes]]
    stages: Mapping[str, StageFigures]
    arrangements: Sequence[ByArrangement]
    refusals: Sequence[tuple[str, int]]
    states: Mapping[str, int]
    late: Late


_statistics: Remembered[Statistics] = Remembered()


def statistics(session: Session, as_of: AsOf, zone: ZoneInfo, *, demonstration: bool) -> Statistics:
    """Return the statistics of real records, or of invented ones among themselves."""
    return _statistics.answer(
        session, as_of, lambda: _read(session, as_of, zone, demonstration), demonstration
    )


def _read(session: Session, as_of: AsOf, zone: ZoneInfo, demonstration: bool) -> Statistics:
    rows = [
        (submitted_at.astimezone(zone).date(), outcome, conditions)
        for submitted_at, outcome, conditions in session.execute(
            select(
                Report.submitted_at,
                AcceptanceDecision.decided_outcome,
                AcceptanceDecision.conditions,
            )
            .join(AcceptanceDecision, AcceptanceDecision.report_id == Report.id)
            .join(ReportRecord, ReportRecord.report_id == Report.id)
            .where(
                Report.demonstration.is_(demonstration),
                known(AcceptanceDecision, as_of.position),
                known(ReportRecord, as_of.position),
            )
        )
    ]
    decided = [
        (day, _STATE_OF[outcome], conditions)
        for day, outcome, conditions in rows
        if day <= as_of.at
    ]
    found = [c for c in courses(session, as_of) if c.demonstration == demonstration]
    figures = stage_figures(session, as_of, demonstration=demonstration)
    return Statistics(
        months=_months([(day, state) for day, state, _ in decided]),
        stages=figures,
        arrangements=_arrangements(session, as_of, decided),
        refusals=Counter(
            condition["key"]
            for _, state, conditions in decided
            if state == REFUSED
            for condition in conditions
            if condition["verdict"] == "not_met"
        ).most_common(),
        states=Counter(course.stages[-1].state for course in found if course.stages),
        late=_late(session, as_of, [c for c in found if is_open(c)], figures),
    )


def _months(decided: Sequence[tuple[date, str]]) -> list[tuple[str, Outcomes]]:
    """Return the outcomes of each month from the first to the last, also of empty ones."""
    if not decided:
        return []
    counts = Counter((f"{day:%Y-%m}", state) for day, state in decided)
    first, last = min(day for day, _ in decided), max(day for day, _ in decided)
    months = [
        f"{index // 12:04}-{index % 12 + 1:02}"
        for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    ]
    return [(month, Outcomes(*(counts[month, state] for state in OUTCOMES))) for month in months]


def _arrangements(
    session: Session,
    as_of: AsOf,
    decided: Sequence[tuple[date, str, Sequence[Mapping[str, object]]]],
) -> list[ByArrangement]:
    counts: Counter[tuple[int | None, str]] = Counter()
    for _, state, conditions in decided:
        for arrangement_id in _cited(conditions) or {None}:
            counts[arrangement_id, state] += 1
    ids = {id_ for id_, _ in counts}
    named = {
        id_: (slug, titles)
        for id_, slug, titles in session.execute(
            select(Arrangement.id, Arrangement.slug, ArrangementRecord.titles)
            .join(ArrangementRecord, ArrangementRecord.arrangement_id == Arrangement.id)
            .where(
                Arrangement.id.in_([id_ for id_ in ids if id_ is not None]),
                known(ArrangementRecord, as_of.position),
            )
        )
    }
    rows = []
    for id_ in ids:
        slug, titles = (None, None) if id_ is None else named.get(id_, (None, None))
        outcomes = Outcomes(*(counts[id_, state] for state in OUTCOMES))
        rows.append(ByArrangement(slug, titles, outcomes))
    return sorted(rows, key=lambda row: (row.slug is None, -row.outcomes.total, row.slug or ""))


def _cited(conditions: Sequence[Mapping[str, object]]) -> set[int | None]:
    """Return the arrangements that the path of recognition rests on."""
    found: set[int | None] = set()
    for condition in conditions:
        evidence = condition["evidence"]
        if condition["key"] != _PATH or not isinstance(evidence, list):
            continue
        for item in evidence:
            kind, _, number = str(item["reference"]).partition(":")
            if f"{kind}:" == _ARRANGEMENT and number.isdigit():
                found.add(int(number))
    return found


def _late(
    session: Session,
    as_of: AsOf,
    waiting: Sequence[Course],
    figures: Mapping[str, StageFigures],
) -> Late:
    overdue = session.scalars(
        select(InformationRequest.application_id)
        .join(
            InformationRequestRecord, InformationRequestRecord.request_id == InformationRequest.id
        )
        .where(
            InformationRequestRecord.state == OPEN,
            InformationRequestRecord.due_on < as_of.at,
            known(InformationRequestRecord, as_of.position),
        )
    ).all()
    ids = {course.application_id for course in waiting}
    slow: Counter[str] = Counter()
    for course in waiting:
        stage = course.stages[-1]
        usual = figures.get(stage.state)
        if usual is not None and usual.upper is not None and stage.days > usual.upper:
            slow[stage.state] += 1
    return Late(sum(id_ in ids for id_ in overdue), slow)
