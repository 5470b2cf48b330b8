"""Reports and whether they are accepted: laboratories see their own, applicants theirs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Response, url_for
from sqlalchemy.orm import Session

from registry.accounts.permissions import SIGNED_IN
from registry.actor import Actor
from registry.api.answers import representation
from registry.api.assessment.listing import concerning
from registry.api.assessment.report_schemas import (
    REPORT_STATES,
    AcceptanceAnswerSchema,
    ReportAnswerSchema,
    ReportSummarySchema,
)
from registry.api.parameters import AS_OF, MOST, PAGING, query
from registry.api.resource import Resource
from registry.api.schemas import page_of
from registry.assessment.queries.acceptance import AssessedResult, explain, stated_results
from registry.assessment.queries.reports import ReportFacts, report_facts, reports
from registry.assessment.schemas import ReportDecisionSchema
from registry.assessment.services.attachments import attachments_of
from registry.assessment.services.reports import decide_report
from registry.history import AsOf
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, current_actor, parts, reading

blueprint = Resource("Reports", "Results that laboratories submitted, and why they are accepted")

ONE = f"/reports/<int(max={MOST}):report_id>"


@blueprint.question(
    "/reports",
    page_of(ReportSummarySchema),
    query=[*AS_OF, *PAGING, query("state", "Only reports in this state.", enum=REPORT_STATES)],
    permission=SIGNED_IN,
)
def list_reports() -> Response:
    """List the reports that concern the actor, the newest first."""
    return concerning(reports, _present_summary, lambda row: row.report.id)


@blueprint.question(ONE, ReportAnswerSchema, query=AS_OF, permission=SIGNED_IN)
def show_report(report_id: int) -> Response:
    """Show a report as it was submitted, where it stands and what was decided on it."""
    with reading() as session:
        body = _one(session, current_actor(), report_id, asked_as_of(session))
    return representation(body, body["version"])


@blueprint.question(f"{ONE}/acceptance", AcceptanceAnswerSchema, query=AS_OF, permission=SIGNED_IN)
def show_acceptance(report_id: int) -> Response:
    """Show, condition by condition, whether the report is accepted on the day asked, and why."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = report_facts(session, current_actor(), report_id, as_of)
        acceptance = explain(session, report_id, as_of, parts().settings.zone)
    return representation({"report": report_id, **acceptance}, facts.record.known_from)


@blueprint.command(
    f"{ONE}/decision",
    ReportAnswerSchema,
    body=ReportDecisionSchema,
    permission="report:decide",
    versioned=True,
)
def decide(
    uow: UnitOfWork, report_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Accept or refuse a report; reasons are needed when the rules say otherwise."""
    decide_report(uow, report_id, data, expected=expected)
    uow.session.flush()
    return _one(uow.session, uow.actor, report_id, AsOf(uow.today))


def _one(session: Session, actor: Actor, report_id: int, as_of: AsOf) -> dict[str, Any]:
    facts = report_facts(session, actor, report_id, as_of)
    decision = facts.decision
    return {
        **_present_summary(facts),
        "content": facts.report.content,
        "attachments": [
            {
                "href": url_for(
                    "Uploads.show_attachment", report_id=report_id, sha256=attached.sha256
                ),
                "sha256": attached.sha256,
                "size": attached.size,
                "media_type": attached.media_type,
                "name": attached.name,
            }
            for attached in attachments_of(session, report_id)
        ],
        "recomputed": [
            _present_recomputed(assessed)
            for assessed in stated_results(session, facts.report, facts.decision.on)
        ],
        "decision": {
            "on": decision.on,
            "outcome": decision.outcome,
            "decided_outcome": decision.decided_outcome,
            "reasons": decision.reasons,
            "conditions": decision.conditions,
        },
    }


def _present_recomputed(assessed: AssessedResult) -> dict[str, Any]:
    verdict = assessed.verdict
    return {
        "characteristic": assessed.result.characteristic,
        "stated": assessed.result.statement,
        "recomputed": verdict and verdict.outcome.value,
        "contradicted": assessed.contradicted,
        "guard_band": verdict and _text(verdict.guard_band),
        "acceptance_lower": verdict and _text(verdict.acceptance.lower),
        "acceptance_upper": verdict and _text(verdict.acceptance.upper),
        "conformance_probability": verdict and verdict.conformance_probability,
        "specific_risk": verdict and verdict.specific_risk,
        "risk_at_limit": verdict and verdict.risk_at_limit,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _present_summary(facts: ReportFacts) -> dict[str, Any]:
    report = facts.report
    return {
        "id": report.id,
        "href": url_for("Reports.show_report", report_id=report.id),
        "number": report.number,
        "body": facts.body.slug,
        "laboratory": facts.laboratory.names,
        "regulation": facts.edition.designation,
        "regulation_slug": facts.edition.slug,
        "application": facts.application.number if facts.application else None,
        "issued_on": report.issued_on,
        "submitted_at": report.submitted_at,
        "state": facts.record.state,
        "state_since": facts.record.state_since,
        "outcome": facts.decision.decided_outcome,
        "digest": report.digest,
        "demonstration": report.demonstration,
        "version": facts.record.known_from,
    }
