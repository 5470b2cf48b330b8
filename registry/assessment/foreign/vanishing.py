"""Certificates that a scheme's list shows no longer: neither in force nor ended, but unknown."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from registry.assessment.foreign.deciding import (
    decision_entry,
    held_results,
    offered,
    write_decisions,
)
from registry.assessment.foreign.judging import ForeignJudge, StatusEvent
from registry.assessment.foreign.reading import BATCH
from registry.assessment.foreign.writing import ForeignReport, ListFacts, Taking, write_statuses
from registry.assessment.models import Arrangement, ForeignResult, ForeignResultStatus
from registry.assessment.services.cascade import after_foreign_lapse
from registry.history import AsOf, known
from registry.unit_of_work import UnitOfWork

UNLISTED = "unlisted"


def unlist_missing(taking: Taking, listed: Collection[str]) -> None:
    """Record of every certificate of the scheme that ``listed`` lacks that it is listed no more.

    Those recorded so already are passed over, so a run that was killed is gone on with.
    """
    with taking.units.reading() as session:
        # Of several statuses the one recorded last stays.
        standing = dict(
            session.execute(
                select(ForeignResult.number, ForeignResultStatus.kind)
                .join(
                    ForeignResultStatus, ForeignResultStatus.foreign_result_id == ForeignResult.id
                )
                .where(ForeignResult.scheme == taking.facts.scheme, known(ForeignResultStatus))
                .order_by(ForeignResultStatus.id)
            ).all()
        )
    missing = [
        number for number, kind in standing.items() if kind != UNLISTED and number not in listed
    ]
    for start in range(0, len(missing), BATCH):
        with taking.units(taking.actor) as uow:
            _unlist(uow, taking.facts, missing[start : start + BATCH], taking.report)
            taking.saved(uow, taking.report)


def _unlist(
    uow: UnitOfWork, facts: ListFacts, numbers: Sequence[str], report: ForeignReport
) -> None:
    arrangement = uow.session.get_one(Arrangement, facts.arrangement_id)
    judge = ForeignJudge(uow.session, arrangement, AsOf(uow.today), facts.zone)
    event = StatusEvent(UNLISTED, None, facts.since, facts.read_on)
    found = list(held_results(uow, facts.scheme, numbers).values())
    judged = [judge.judge(offered(held, event)) for held in found]
    first = uow.record_many(
        [
            (
                "foreign-result.unlist",
                f"foreign-result:{held.result.id}",
                {
                    "scheme": facts.scheme,
                    "number": held.result.number,
                    "read_on": facts.read_on,
                    **decision_entry(acceptance),
                },
            )
            for held, acceptance in zip(found, judged, strict=True)
        ]
    )
    pairs = list(enumerate(zip(found, judged, strict=True), first))
    write_statuses(uow, [(held.result.id, position, [event]) for position, (held, _) in pairs])
    write_decisions(
        uow,
        arrangement.id,
        [(held.result.id, position, acceptance, True) for position, (held, acceptance) in pairs],
    )
    report.counts["no longer listed"] += len(found)
    report.outcomes.update(acceptance.outcome.value for acceptance in judged)
    report.lapsed += [held.result.id for held in found]
    for held in found:
        after_foreign_lapse(uow, held.result.id, UNLISTED, facts.read_on)
