"""Applications, for their applicants and for the officers who handle them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import Application, ApplicationRecord, Certificate
from registry.assessment.queries.information_requests import RequestFacts, requests_of
from registry.assessment.queries.references import application_at
from registry.assessment.queries.reports import ReportFacts, reports_of_application
from registry.assessment.queries.stages import stage_figures, waiting_periods
from registry.assessment.rules.stages import Stage, StageFigures, stages
from registry.catalog.models import Edition
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message

READ_OWN = "application:read-own"
READ_ALL = "application:read-all"


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application with what it aims at; ``record.known_from`` is its version."""

    application: Application
    record: ApplicationRecord
    edition: Edition
    applicant: OrganisationRecord


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """An application with its reports, its way so far, its certificate and the next actions.

    ``typical`` and ``typical_here`` tell by state how long others took, for any
    regulation and for this one; ``requests`` are what was asked of the applicant.
    """

    facts: ApplicationFacts
    reports: Sequence[ReportFacts]
    steps: Sequence[Stage]
    typical: Mapping[str, StageFigures]
    typical_here: Mapping[str, StageFigures]
    requests: Sequence[RequestFacts]
    certificate: Certificate | None
    actions: Sequence[str]


def applications(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    state: str | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[ApplicationFacts]:
    """Return up to ``limit`` applications that the actor may see, the newest first.

    Raises ``Denied`` or ``NotSignedIn`` for somebody who may see none.
    """
    query = _query(as_of).order_by(Application.id.desc()).limit(limit)
    if not actor.may(READ_ALL):
        actor.require(READ_OWN)
        query = query.where(Application.organisation_id == actor.organisation_id)
    if state is not None:
        query = query.where(ApplicationRecord.state == state)
    if after is not None:
        query = query.where(Application.id < after)
    return [ApplicationFacts(*row) for row in session.execute(query)]


def application_file(session: Session, actor: Actor, number: str, as_of: AsOf) -> ApplicationFile:
    """Return one application as a whole; ``NotFound`` when the actor may not see it."""
    application = application_at(session, number)
    row = session.execute(_query(as_of).where(Application.id == application.id)).one_or_none()
    own = actor.may(READ_OWN) and actor.organisation_id == application.organisation_id
    if row is None or not (own or actor.may(READ_ALL)):
        raise NotFound(Message("There is no application of this number."))
    facts = ApplicationFacts(*row)
    certificate = session.scalar(
        select(Certificate).where(Certificate.application_id == application.id)
    )
    if certificate and as_of.position and certificate.issued_position > as_of.position:
        certificate = None
    return ApplicationFile(
        facts=facts,
        reports=reports_of_application(session, application.id, as_of),
        steps=_steps(session, application, as_of),
        typical=stage_figures(session, as_of, demonstration=application.demonstration),
        typical_here=stage_figures(
            session,
            as_of,
            demonstration=application.demonstration,
            edition_id=application.edition_id,
        ),
        requests=requests_of(session, application.id, as_of),
        certificate=certificate,
        actions=[
            action
            for action in states.APPLICATION.actions_from(facts.record.state, actor)
            if action != "withdraw" or own
        ],
    )


def _query(as_of: AsOf) -> Select[Application, ApplicationRecord, Edition, OrganisationRecord]:
    return (
        select(Application, ApplicationRecord, Edition, OrganisationRecord)
        .join(ApplicationRecord, ApplicationRecord.application_id == Application.id)
        .join(Edition, Edition.id == Application.edition_id)
        .join(OrganisationRecord, OrganisationRecord.organisation_id == Application.organisation_id)
        .where(known(ApplicationRecord, as_of.position), known(OrganisationRecord, as_of.position))
    )


def _steps(session: Session, application: Application, as_of: AsOf) -> list[Stage]:
    query = select(ApplicationRecord.state, ApplicationRecord.state_since).where(
        ApplicationRecord.application_id == application.id
    )
    if as_of.position is not None:
        query = query.where(ApplicationRecord.known_from <= as_of.position)
    rows = session.execute(query.order_by(ApplicationRecord.known_from))
    changes = [(state, since) for state, since in rows]
    waiting = waiting_periods(session, as_of, application.id).get(application.id, ())
    return stages(changes, waiting, as_of.at)
