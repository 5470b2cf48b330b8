"""Looks again at the reports that a decision rests on."""

from sqlalchemy import select

from registry.assessment.models import AcceptanceDecision, Report
from registry.assessment.queries.acceptance import gather_facts, judge
from registry.errors import Conflict
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork


def judge_again(uow: UnitOfWork, report: Report) -> None:
    """Refuse to rely on a report whose acceptance no longer holds by what is known today.

    An accreditation may have been suspended since, from a day before the test. What
    an officer accepted in writing stands until an officer decides otherwise.
    """
    decision = uow.session.scalars(
        select(AcceptanceDecision).where(
            AcceptanceDecision.report_id == report.id, known(AcceptanceDecision)
        )
    ).one()
    if decision.decided_by_user_id is not None:
        return
    as_of = AsOf(uow.today)
    gathered = gather_facts(uow.session, report, as_of, uow.clock.zone)
    if judge(gathered, as_of).outcome != "accept":
        raise Conflict(
            Message(
                "Report {number} no longer meets every condition; an officer must look at it.",
                number=report.number,
            )
        )
