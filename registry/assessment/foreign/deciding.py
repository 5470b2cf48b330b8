"""What the register holds of foreign results, and decisions on them as they are recorded."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from registry.actor import Actor
from registry.assessment.foreign.demonstration import prepare
from registry.assessment.foreign.judging import (
    ForeignJudge,
    Offered,
    StatusEvent,
    reasons_of,
    verdicts_of,
)
from registry.assessment.foreign.reading import BATCH
from registry.assessment.models import (
    Arrangement,
    ForeignDecision,
    ForeignDecisionReason,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
)
from registry.assessment.rules.acceptance import Acceptance, AcceptanceOutcome
from registry.assessment.services.cascade import after_foreign_lapse
from registry.history import AsOf, Fact, known
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

_ACCEPT = AcceptanceOutcome.ACCEPT.value
# Key of foreign-result-status: over because of a day that passed, not of what a list says.
LAPSED = "lapsed"


@dataclass(slots=True)
class Held:
    """What the register holds of a certificate."""

    result: ForeignResult
    record: ForeignResultRecord
    statuses: list[ForeignResultStatus]
    decision: ForeignDecision | None


def decide_again(units: UnitOfWorkFactory, actor: Actor) -> Counter[str]:
    """Judge every foreign result for today; only what comes out otherwise is recorded."""
    changed: Counter[str] = Counter()
    last = 0
    while True:
        with units(actor) as uow:
            uow.actor.require("foreign-result:import")
            arrangement = prepare(uow)
            statement = select(ForeignResult).where(ForeignResult.id > last)
            results = uow.session.scalars(statement.order_by(ForeignResult.id).limit(BATCH)).all()
            if not results:
                return changed
            last = results[-1].id
            changed += decide_results(uow, arrangement, results)


def held_results(uow: UnitOfWork, scheme: str, numbers: Sequence[str]) -> dict[str, Held]:
    rows = uow.session.execute(
        select(ForeignResult, ForeignResultRecord, ForeignDecision)
        .join(ForeignResultRecord, ForeignResultRecord.foreign_result_id == ForeignResult.id)
        .outerjoin(
            ForeignDecision,
            (ForeignDecision.foreign_result_id == ForeignResult.id) & known(ForeignDecision),
        )
        .where(
            ForeignResult.scheme == scheme,
            ForeignResult.number.in_(numbers),
            known(ForeignResultRecord),
        )
    ).all()
    statuses = statuses_of(uow, [row[0].id for row in rows])
    return {
        result.number: Held(result, record, statuses[result.id], decision)
        for result, record, decision in rows
    }


def statuses_of(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, list[ForeignResultStatus]]:
    """Return the statuses of results in the order they were recorded."""
    found: dict[int, list[ForeignResultStatus]] = defaultdict(list)
    for status in uow.session.scalars(
        select(ForeignResultStatus)
        .where(ForeignResultStatus.foreign_result_id.in_(ids), known(ForeignResultStatus))
        .order_by(ForeignResultStatus.id)
    ):
        found[status.foreign_result_id].append(status)
    return found


def decide_results(
    uow: UnitOfWork, arrangement: Arrangement, results: Sequence[ForeignResult]
) -> Counter[str]:
    """Judge results for today; only what comes out otherwise is recorded, and counted."""
    judge = ForeignJudge(uow.session, arrangement, AsOf(uow.today), uow.clock.zone)
    changed: Counter[str] = Counter()
    judged = []
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for result in results:
        by_scheme[result.scheme].append(result.number)
    for scheme, numbers in by_scheme.items():
        for held in held_results(uow, scheme, numbers).values():
            acceptance = judge.judge(offered(held))
            before = held.decision and (held.decision.outcome, held.decision.conditions)
            if before != (acceptance.outcome.value, verdicts_of(acceptance)):
                judged.append((held, acceptance))
                changed[acceptance.outcome.value] += 1
    if judged:
        first = uow.record_many(
            [
                (
                    "foreign-result.decide",
                    f"foreign-result:{held.result.id}",
                    decision_entry(acceptance),
                )
                for held, acceptance in judged
            ]
        )
        write_decisions(
            uow,
            arrangement.id,
            [
                (held.result.id, first + offset, acceptance, True)
                for offset, (held, acceptance) in enumerate(judged)
            ],
        )
        _cascade(uow, judged)
    return changed


def _cascade(uow: UnitOfWork, judged: Sequence[tuple[Held, Acceptance]]) -> None:
    """Open the officers' tasks where what was accepted is so no longer because time passed."""
    for held, acceptance in judged:
        if held.decision is None or held.decision.outcome != _ACCEPT:
            continue
        until = held.record.valid_until
        expired = until is not None and until < acceptance.on
        since = until + timedelta(days=1) if until is not None and expired else acceptance.on
        after_foreign_lapse(uow, held.result.id, LAPSED, since)


def offered(held: Held, *added: StatusEvent) -> Offered:
    """Return a certificate as it is held, with what befell it besides, as it is judged."""
    return Offered(
        held.result.id,
        held.result.scheme,
        held.result.number,
        held.result.issuer_id,
        held.record.issued_on,
        held.record.valid_until,
        held.record.content,
        [*map(event_of, held.statuses), *added],
    )


def event_of(status: ForeignResultStatus) -> StatusEvent:
    return StatusEvent(
        status.kind, status.effective_on, status.effective_after, status.effective_by
    )


def write_decisions(
    uow: UnitOfWork,
    arrangement_id: int,
    judged: Sequence[tuple[int, int, Acceptance, bool]],
) -> None:
    """Write decisions, ``(result, position, acceptance, was decided before)`` each."""
    before = {id_: position for id_, position, _, decided in judged if decided}
    for model in (ForeignDecision, ForeignDecisionReason):
        if before:
            rows = uow.session.execute(
                select(model.id, model.foreign_result_id).where(
                    model.foreign_result_id.in_(before), known(model)
                )
            )
            end_rows(uow, model, [(row_id, before[result_id]) for row_id, result_id in rows])
    uow.session.execute(
        insert(ForeignDecision),
        [
            {
                "foreign_result_id": id_,
                "arrangement_id": arrangement_id,
                "on": acceptance.on,
                "outcome": acceptance.outcome.value,
                "conditions": verdicts_of(acceptance),
                "known_from": position,
            }
            for id_, position, acceptance, _ in judged
        ],
    )
    reasons = [
        {
            "foreign_result_id": id_,
            "condition": condition,
            "reason": reason,
            "known_from": position,
        }
        for id_, position, acceptance, _ in judged
        for condition, reason in reasons_of(acceptance)
    ]
    if reasons:
        uow.session.execute(insert(ForeignDecisionReason), reasons)


def end_rows(uow: UnitOfWork, model: type[Fact], rows: Sequence[tuple[int, int]]) -> None:
    """End the recorded time of rows, ``(id, position)`` each."""
    if rows:
        table = model.__table__  # type: ignore[attr-defined]
        uow.session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"), table.c.known_until.is_(None))
            .values(known_until=bindparam("position")),
            [{"row": id_, "position": position} for id_, position in rows],
        )


def decision_entry(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "on": acceptance.on,
        "outcome": acceptance.outcome.value,
        "reasons": [f"{condition}: {reason}" for condition, reason in reasons_of(acceptance)],
    }
