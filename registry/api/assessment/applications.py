"""Applications for assessment: their applicants see their own, officers all of them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.accounts.permissions import SIGNED_IN
from registry.actor import Actor
from registry.api.answers import page, page_parameters, representation
from registry.api.assessment.deciding import decide_application, reserve
from registry.api.parameters import AS_OF, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment import states
from registry.assessment.queries.applications import (
    READ_ALL,
    ApplicationFacts,
    application_file,
    applications,
)
from registry.assessment.schemas import (
    ApplicationSchema,
    DecisionSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.services import applications as service
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, current_actor, reading

blueprint = Resource("Applications", "Applications for assessment, from submission to decision")

Data = Mapping[str, Any]

STATES = (
    states.SUBMITTED,
    states.EVALUATION,
    states.REVIEW,
    states.GRANTED,
    states.REFUSED,
    states.WITHDRAWN,
)


class ProductAnswerSchema(AnswerSchema):
    """A product as its applicant names it."""

    name = texts()
    models = fields.List(fields.String())
    hs = fields.List(fields.String())
    description = fields.String(allow_none=True)


class ApplicationSummarySchema(ChangeableSchema):
    """An application and where it stands."""

    number = fields.String()
    href = fields.String()
    state = fields.String(metadata={"enum": list(STATES)})
    state_since = fields.Date()
    regulation = fields.String(metadata={"description": "Designation of the edition aimed at."})
    regulation_slug = fields.String()
    applicant = texts()
    product = fields.Nested(ProductAnswerSchema)
    method = fields.String(metadata={"description": "Certification method."})
    demonstration = fields.Boolean()


class StepAnswerSchema(AnswerSchema):
    """One step of an application's way, and how many days it took."""

    state = fields.String()
    since = fields.Date()
    days = fields.Integer()


class ApplicationReportSchema(AnswerSchema):
    """A report that stands behind an application."""

    id = fields.Integer()
    href = fields.String()
    number = fields.String()
    laboratory = texts()
    state = fields.String()


class ApplicationAnswerSchema(ApplicationSummarySchema):
    """An application as a whole.

    The reviewer's recommendation is for officers; the applicant reads the reasons
    of the decision once it is made.
    """

    note = fields.String(allow_none=True)
    recommendation = fields.String(allow_none=True)
    reasons = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(StepAnswerSchema))
    reports = fields.List(fields.Nested(ApplicationReportSchema))
    certificate = fields.String(allow_none=True, metadata={"description": "Its number."})
    actions = fields.List(
        fields.String(), metadata={"description": "What the actor can do with it next."}
    )


@blueprint.question(
    "/applications",
    page_of(ApplicationSummarySchema),
    query=[*AS_OF, *PAGING, query("state", "Only applications in this state.", enum=STATES)],
    permission=SIGNED_IN,
)
def list_applications() -> Response:
    """List the applications that concern the actor, by number."""
    key, limit = page_parameters(str)
    with reading() as session:
        rows = applications(
            session,
            current_actor(),
            asked_as_of(session),
            state=text("state"),
            after=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _present_summary, lambda row: (row.application.number,))


@blueprint.question(
    "/applications/<number>", ApplicationAnswerSchema, query=AS_OF, permission=SIGNED_IN
)
def show_application(number: str) -> Response:
    """Show an application with its way so far, its reports and what can be done next."""
    with reading() as session:
        body = _one(session, current_actor(), number, asked_as_of(session))
    return representation(body, body["version"])


@blueprint.command(
    "/applications",
    ApplicationAnswerSchema,
    body=ApplicationSchema,
    permission="application:submit",
    status=201,
)
def submit(uow: UnitOfWork, data: Data) -> Data:
    """Apply for assessment of a product, for the actor's own organisation."""
    return _answer(uow, service.submit_application(uow, data).number)


@blueprint.command(
    "/applications/<number>/take-up",
    ApplicationAnswerSchema,
    permission="application:take-up",
    versioned=True,
)
def take_up(uow: UnitOfWork, number: str, expected: int | None) -> Data:
    """Accept an application for assessment; the actor becomes its evaluator."""
    service.take_up_application(uow, number, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/applications/<number>/review",
    ApplicationAnswerSchema,
    body=ReviewSchema,
    permission="application:review",
    versioned=True,
)
def review(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Review the evaluation and recommend; whoever evaluated cannot."""
    service.review_application(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/applications/<number>/decision",
    ApplicationAnswerSchema,
    body=DecisionSchema,
    permission="application:decide",
    versioned=True,
    prepare=reserve,
)
def decide(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Grant an application, which issues its certificate, or refuse it with reasons."""
    decide_application(uow, number, data, expected)
    return _answer(uow, number)


@blueprint.command(
    "/applications/<number>/withdraw",
    ApplicationAnswerSchema,
    body=WithdrawalSchema,
    permission="application:withdraw",
    versioned=True,
)
def withdraw(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Take the own application back."""
    service.withdraw_application(uow, number, data, expected=expected)
    return _answer(uow, number)


def _answer(uow: UnitOfWork, number: str) -> dict[str, Any]:
    uow.session.flush()
    return _one(uow.session, uow.actor, number, AsOf(uow.today))


def _one(session: Session, actor: Actor, number: str, as_of: AsOf) -> dict[str, Any]:
    file = application_file(session, actor, number, as_of)
    record = file.facts.record
    officer = actor.may(READ_ALL)
    return {
        **_present_summary(file.facts),
        "note": record.note,
        "recommendation": record.recommendation if officer else None,
        "reasons": record.reasons
        if officer or record.state in (states.REFUSED, states.WITHDRAWN)
        else None,
        "steps": [{"state": s.state, "since": s.since, "days": s.days} for s in file.steps],
        "reports": [
            {
                "id": facts.report.id,
                "href": url_for("Reports.show_report", report_id=facts.report.id),
                "number": facts.report.number,
                "laboratory": facts.laboratory.names,
                "state": facts.record.state,
            }
            for facts in file.reports
        ],
        "certificate": file.certificate.number if file.certificate else None,
        "actions": list(file.actions),
    }


def _present_summary(facts: ApplicationFacts) -> dict[str, Any]:
    record = facts.record
    return {
        "number": facts.application.number,
        "href": url_for("Applications.show_application", number=facts.application.number),
        "state": record.state,
        "state_since": record.state_since,
        "regulation": facts.edition.designation,
        "regulation_slug": facts.edition.slug,
        "applicant": facts.applicant.names,
        "product": record.product,
        "method": record.method,
        "demonstration": facts.application.demonstration,
        "version": record.known_from,
    }
