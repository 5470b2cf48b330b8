"""Applications for assessment: their applicants see their own, officers all of them."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.accounts.permissions import SIGNED_IN
from registry.actor import Actor
from registry.api.answers import representation
from registry.api.assessment.deciding import decide_application, reserve
from registry.api.assessment.listing import concerning
from registry.api.parameters import AS_OF, PAGING, query
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, page_of, texts
from registry.assessment import states
from registry.assessment.queries.applications import (
    READ_ALL,
    ApplicationFacts,
    ApplicationFile,
    application_file,
    applications,
)
from registry.assessment.queries.information_requests import RequestFacts
from registry.assessment.rules.stages import Stage
from registry.assessment.schemas import (
    ApplicationSchema,
    DecisionSchema,
    InformationAnswerSchema,
    InformationRequestSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.services import applications as service
from registry.assessment.services.information_requests import (
    answer_request,
    ask_applicant,
    close_request,
)
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
    """One step of an application's way.

    ``days`` are those that count for the office, ``waited`` those on which it waited for
    the applicant; the medians are null while fewer than five cases are known.
    """

    state = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)
    days = fields.Integer()
    waited = fields.Integer()
    median_days_regulation = fields.Float(allow_none=True)
    median_days = fields.Float(allow_none=True)


class AnswerFileSchema(AnswerSchema):
    """A file that came with an answer."""

    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    media_type = fields.String(allow_none=True)


class InformationRequestAnswerSchema(AnswerSchema):
    """What the applicant was asked, and what it answered; ``version`` is for If-Match."""

    id = fields.Integer()
    version = fields.Integer()
    state = fields.String(metadata={"enum": [states.OPEN, states.ANSWERED, states.CLOSED]})
    text = fields.String()
    due_on = fields.Date(allow_none=True)
    asked_on = fields.Date()
    closed_on = fields.Date(allow_none=True)
    answer = fields.String(allow_none=True)
    files = fields.List(fields.Nested(AnswerFileSchema))


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
    requests = fields.List(fields.Nested(InformationRequestAnswerSchema))
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
    """List the applications that concern the actor, the newest first."""
    return concerning(applications, _present_summary, lambda row: row.application.id)


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


@blueprint.command(
    "/applications/<number>/requests",
    ApplicationAnswerSchema,
    body=InformationRequestSchema,
    permission="application:ask",
    status=201,
    versioned=True,
)
def ask(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> Data:
    """Ask the applicant for information; the application waits until it answers."""
    ask_applicant(uow, number, data, expected=expected)
    return _answer(uow, number)


@blueprint.command(
    "/applications/<number>/requests/<int:request_id>/answer",
    ApplicationAnswerSchema,
    body=InformationAnswerSchema,
    permission="application:answer",
)
def answer(uow: UnitOfWork, number: str, request_id: int, data: Data) -> Data:
    """Answer a request on the own application, with files uploaded before."""
    answer_request(uow, number, request_id, data)
    return _answer(uow, number)


@blueprint.command(
    "/applications/<number>/requests/<int:request_id>/close",
    ApplicationAnswerSchema,
    permission="application:ask",
)
def close(uow: UnitOfWork, number: str, request_id: int) -> Data:
    """Close a request without an answer."""
    close_request(uow, number, request_id)
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
        "steps": [_step(step, file) for step in file.steps],
        "requests": [_request(facts) for facts in file.requests],
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


def _step(step: Stage, file: ApplicationFile) -> dict[str, Any]:
    here, anywhere = file.typical_here.get(step.state), file.typical.get(step.state)
    return {
        "state": step.state,
        "since": step.since,
        "until": step.until,
        "days": step.days,
        "waited": step.waited,
        "median_days_regulation": here.median if here else None,
        "median_days": anywhere.median if anywhere else None,
    }


def _request(facts: RequestFacts) -> dict[str, Any]:
    record = facts.record
    return {
        "id": facts.request.id,
        "version": record.known_from,
        "state": record.state,
        "text": record.text,
        "due_on": record.due_on,
        "asked_on": record.asked_on,
        "closed_on": record.closed_on,
        "answer": record.answer,
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "size": file.size,
                "media_type": file.media_type,
            }
            for file in facts.files
        ],
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
