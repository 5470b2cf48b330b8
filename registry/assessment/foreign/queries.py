"""Answers about foreign results: how many were accepted and why not, each one, what rests on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.assessment.foreign.demonstration import find_arrangement
from registry.assessment.foreign.judging import ForeignJudge, Offered, StatusEvent
from registry.assessment.models import (
    Body,
    ForeignDecision,
    ForeignDecisionReason,
    ForeignLaboratory,
    ForeignList,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
    ForeignValidation,
)
from registry.assessment.rules.sentences import as_data
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

OUTCOMES = ("accept", "refuse", "refer")


class Count(NamedTuple):
    """How many results of a scheme there are of a kind: an outcome, or a reason."""

    scheme: str
    key: str
    condition: str | None
    results: int


@dataclass(frozen=True, slots=True)
class ForeignFacts:
    """A foreign result with what its list says of it and what was decided."""

    result: ForeignResult
    record: ForeignResultRecord
    decision: ForeignDecision
    statuses: Sequence[ForeignResultStatus]
    issuer: Body
    issuer_names: dict[str, str]

    @property
    def status(self) -> ForeignResultStatus:
        """The latest status that the lists tell."""
        return self.statuses[-1]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None is everything. Issuer and laboratory are slugs."""

    scheme: str | None = None
    outcome: str | None = None
    reason: str | None = None
    issuer: str | None = None
    laboratory: str | None = None


EVERYTHING = Filters()


def outcome_counts(session: Session, as_of: AsOf, filters: Filters = EVERYTHING) -> list[Count]:
    """Return how many results of each scheme have which outcome."""
    rows = session.execute(
        select(ForeignResult.scheme, ForeignDecision.outcome, func.count())
        .join(ForeignDecision, ForeignDecision.foreign_result_id == ForeignResult.id)
        .where(known(ForeignDecision, as_of.position), *_wanted(filters, as_of))
        .group_by(ForeignResult.scheme, ForeignDecision.outcome)
        .order_by(ForeignResult.scheme, ForeignDecision.outcome)
    )
    return [Count(scheme, outcome, None, results) for scheme, outcome, results in rows]


def reason_counts(session: Session, as_of: AsOf, scheme: str | None = None) -> list[Count]:
    """Return how many results were not accepted for which reason; most frequent first.

    A result that fails for several reasons counts under each.
    """
    number = func.count(ForeignDecisionReason.id)
    statement = (
        select(
            ForeignResult.scheme,
            ForeignDecisionReason.reason,
            ForeignDecisionReason.condition,
            number,
        )
        .join(ForeignResult, ForeignResult.id == ForeignDecisionReason.foreign_result_id)
        .where(known(ForeignDecisionReason, as_of.position))
        .group_by(
            ForeignResult.scheme, ForeignDecisionReason.reason, ForeignDecisionReason.condition
        )
        .order_by(number.desc(), ForeignDecisionReason.condition, ForeignDecisionReason.reason)
    )
    if scheme is not None:
        statement = statement.where(ForeignResult.scheme == scheme)
    return [
        Count(scheme, reason, condition, results)
        for scheme, reason, condition, results in session.execute(statement)
    ]


def foreign_results(
    session: Session,
    as_of: AsOf,
    filters: Filters,
    *,
    after: int = 0,
    limit: int | None = None,
) -> list[ForeignFacts]:
    """Return results in the order they were taken in, from after the id ``after`` on."""
    wanted = [ForeignResult.id > after, *_wanted(filters, as_of)]
    return _facts(session, as_of, wanted, limit)


def _wanted(filters: Filters, as_of: AsOf) -> list[ColumnElement[bool]]:
    """Return the conditions on results and their decisions that filters come to."""
    wanted = []
    if filters.scheme is not None:
        wanted.append(ForeignResult.scheme == filters.scheme)
    if filters.outcome is not None:
        wanted.append(ForeignDecision.outcome == filters.outcome)
    if filters.reason is not None:
        wanted.append(
            exists().where(
                ForeignDecisionReason.foreign_result_id == ForeignResult.id,
                ForeignDecisionReason.reason == filters.reason,
                known(ForeignDecisionReason, as_of.position),
            )
        )
    if filters.issuer is not None:
        issuer = select(Body.id).where(Body.slug == filters.issuer).scalar_subquery()
        wanted.append(ForeignResult.issuer_id == issuer)
    if filters.laboratory is not None:
        wanted.append(
            ForeignResult.id.in_(
                select(ForeignValidation.foreign_result_id)
                .join(ForeignLaboratory, ForeignLaboratory.id == ForeignValidation.laboratory_id)
                .where(
                    ForeignLaboratory.slug == filters.laboratory,
                    known(ForeignValidation, as_of.position),
                )
            )
        )
    return wanted


def foreign_result(session: Session, scheme: str, number: str, as_of: AsOf) -> ForeignFacts:
    """Return one result; ``NotFound`` when the register did not hold it then."""
    wanted = [ForeignResult.scheme == scheme, ForeignResult.number == number]
    found = _facts(session, as_of, wanted, 1)
    if not found:
        raise NotFound(Message("There is no such foreign result."))
    return found[0]


def explain_foreign(
    session: Session, facts: ForeignFacts, as_of: AsOf, zone: ZoneInfo
) -> dict[str, Any]:
    """Return whether it is accepted on the day asked, as ``rules.sentences.as_data`` gives it."""
    arrangement = find_arrangement(session)
    if arrangement is None:
        raise NotFound(Message("There is no such foreign result."))
    judge = ForeignJudge(session, arrangement, as_of, zone)
    offered = Offered(
        facts.result.id,
        facts.result.scheme,
        facts.result.number,
        facts.result.issuer_id,
        facts.record.issued_on,
        facts.record.valid_until,
        facts.record.content,
        [
            StatusEvent(row.kind, row.effective_on, row.effective_after, row.effective_by)
            for row in facts.statuses
        ],
    )
    return as_data(judge.judge(offered), judge.terms)


def last_lists(session: Session, as_of: AsOf) -> dict[str, ForeignList]:
    """Return the list read last, by scheme."""
    rows = session.scalars(
        select(ForeignList).where(known(ForeignList, as_of.position)).order_by(ForeignList.id)
    )
    return {row.scheme: row for row in rows}


def _facts(
    session: Session, as_of: AsOf, wanted: Sequence[ColumnElement[bool]], limit: int | None
) -> list[ForeignFacts]:
    position = as_of.position
    rows = session.execute(
        select(ForeignResult, ForeignResultRecord, ForeignDecision, Body, OrganisationRecord.names)
        .join(ForeignResultRecord, ForeignResultRecord.foreign_result_id == ForeignResult.id)
        .join(ForeignDecision, ForeignDecision.foreign_result_id == ForeignResult.id)
        .join(Body, Body.id == ForeignResult.issuer_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .where(
            known(ForeignResultRecord, position),
            known(ForeignDecision, position),
            known(OrganisationRecord, position),
            *wanted,
        )
        .order_by(ForeignResult.id)
        .limit(limit)
    ).all()
    statuses: dict[int, list[ForeignResultStatus]] = {row[0].id: [] for row in rows}
    found = session.scalars(
        select(ForeignResultStatus)
        .where(
            ForeignResultStatus.foreign_result_id.in_(statuses),
            known(ForeignResultStatus, position),
        )
        .order_by(ForeignResultStatus.id)
    )
    for status in found:
        statuses[status.foreign_result_id].append(status)
    return [
        ForeignFacts(result, record, decision, statuses[result.id], issuer, names)
        for result, record, decision, issuer, names in rows
    ]
