"""Reports, for the bodies that submitted them, the applicants and the officers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment.models import (
    AcceptanceDecision,
    Application,
    ApplicationReliance,
    Body,
    Report,
    ReportRecord,
)
from registry.catalog.models import Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

READ_OWN = "report:read-own"
READ_ALL = "report:read-all"


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A report, where it stands and what was decided; ``record.known_from`` is its version."""

    report: Report
    record: ReportRecord
    decision: AcceptanceDecision
    body: Body
    laboratory: OrganisationRecord
    edition: Edition
    application: Application | None


def reports(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    state: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[ReportFacts]:
    """Return up to ``limit`` reports that the actor may see, the newest first.

    ``after`` is the id of the last report of the page before.
    """
    query = _query(as_of).order_by(Report.id.desc()).limit(limit)
    if not actor.may(READ_ALL):
        actor.require(READ_OWN)
        query = query.where(
            or_(
                Body.organisation_id == actor.organisation_id,
                Application.organisation_id == actor.organisation_id,
            )
        )
    if state is not None:
        query = query.where(ReportRecord.state == state)
    if after is not None:
        query = query.where(Report.id < after)
    return [ReportFacts(*row) for row in session.execute(query)]


def report_facts(session: Session, actor: Actor, report_id: int, as_of: AsOf) -> ReportFacts:
    """Return one report; ``NotFound`` when the actor may not see it."""
    row = session.execute(_query(as_of).where(Report.id == report_id)).one_or_none()
    facts = ReportFacts(*row) if row is not None else None
    if facts is None or not _may_read(actor, facts):
        raise NotFound(Message("There is no such report."))
    return facts


def reports_of_application(session: Session, application_id: int, as_of: AsOf) -> list[ReportFacts]:
    """Return the reports of an application in the order of their submission."""
    query = _query(as_of).where(behind(application_id, as_of)).order_by(Report.id)
    return [ReportFacts(*row) for row in session.execute(query)]


def reports_by_id(session: Session, ids: Sequence[int], as_of: AsOf) -> list[ReportFacts]:
    """Return the reports of these ids, the newest first."""
    query = _query(as_of).where(Report.id.in_(ids)).order_by(Report.id.desc())
    return [ReportFacts(*row) for row in session.execute(query)]


def behind(application_id: int, as_of: AsOf | None = None) -> ColumnElement[bool]:
    """Return the condition that a report was made for an application, or is relied on by it."""
    relied_on = select(ApplicationReliance.report_id).where(
        ApplicationReliance.application_id == application_id,
        known(ApplicationReliance, as_of.position if as_of else None),
    )
    return or_(Report.application_id == application_id, Report.id.in_(relied_on))


def _may_read(actor: Actor, facts: ReportFacts) -> bool:
    if actor.may(READ_ALL):
        return True
    parties = {facts.body.organisation_id}
    if facts.application is not None:
        parties.add(facts.application.organisation_id)
    return actor.may(READ_OWN) and actor.organisation_id in parties


def _query(
    as_of: AsOf,
) -> Select[
    Report, ReportRecord, AcceptanceDecision, Body, OrganisationRecord, Edition, Application
]:
    position = as_of.position
    return (
        select(
            Report, ReportRecord, AcceptanceDecision, Body, OrganisationRecord, Edition, Application
        )
        .join(ReportRecord, ReportRecord.report_id == Report.id)
        .join(AcceptanceDecision, AcceptanceDecision.report_id == Report.id)
        .join(Body, Body.id == Report.body_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Body.organisation_id)
        .join(Edition, Edition.id == Report.edition_id)
        .outerjoin(Application, Application.id == Report.application_id)
        .where(
            known(ReportRecord, position),
            known(AcceptanceDecision, position),
            known(OrganisationRecord, position),
        )
    )
