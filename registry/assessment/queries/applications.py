"""Applications, for their applicants and for the officers who handle them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.models import Application, ApplicationRecord, Certificate
from registry.assessment.queries.references import application_at
from registry.assessment.queries.reports import ReportFacts, reports_of_application
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
class Step:
    """One step of an application's way: the state, since when and for how many days."""

    state: str
    since: date
    days: int


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """An application with its reports, its way so far, its certificate and the next actions."""

    facts: ApplicationFacts
    reports: Sequence[ReportFacts]
    steps: Sequence[Step]
    certificate: Certificate | None
    actions: Sequence[str]


def applications(
    session: Session,
    actor: Actor,
    as_of: AsOf,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[ApplicationFacts]:
    """Return up to ``limit`` applications that the actor may see, by number.

    Raises ``Denied`` or ``NotSignedIn`` for somebody who may see none.
    """
    query = _query(as_of).order_by(Application.number).limit(limit)
    if not actor.may(READ_ALL):
        actor.require(READ_OWN)
        query = query.where(Application.organisation_id == actor.organisation_id)
    if state is not None:
        query = query.where(ApplicationRecord.state == state)
    if after is not None:
        query = query.where(Application.number > after)
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


def _steps(session: Session, application: Application, as_of: AsOf) -> list[Step]:
    rows = [
        record
        for record in session.scalars(
            select(ApplicationRecord)
            .where(ApplicationRecord.application_id == application.id)
            .order_by(ApplicationRecord.known_from)
        )
        if as_of.position is None or record.known_from <= as_of.position
    ]
    ends = [record.state_since for record in rows[1:]] + [as_of.at]
    return [
        Step(
            record.state,
            record.state_since,
            0 if record.state in states.DECIDED else max(0, (end - record.state_since).days),
        )
        for record, end in zip(rows, ends, strict=True)
    ]
