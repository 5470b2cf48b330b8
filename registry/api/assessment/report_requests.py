"""Sending reports: receipted at once, judged afterwards, to be asked for at their request."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from registry.accounts.permissions import SIGNED_IN
from registry.api.answers import as_json, json_response, page, page_parameters, representation
from registry.api.assessment.report_schemas import (
    ReportRequestAnswerSchema,
    ReportRequestSummarySchema,
)
from registry.api.commands import receipt, run_checked
from registry.api.parameters import MOST, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import page_of
from registry.assessment import states
from registry.assessment.queries.acceptance import AssessedResult, stated_results
from registry.assessment.queries.report_requests import (
    INITIAL,
    PROCESSING,
    RETRY,
    STATUSES,
    RequestFacts,
    report_requests,
    request_facts,
)
from registry.assessment.schemas import ReportSchema, SentReportSchema
from registry.assessment.services.judging import judge_requests
from registry.assessment.services.opinions import Submission, try_report
from registry.assessment.services.report_requests import (
    CheckedReport,
    Sent,
    check_report,
    receive_report,
    replace_report,
)
from registry.errors import Busy, Invalid
from registry.messages import Message, from_data
from registry.unit_of_work import Receipt, UnitOfWork
from registry.web.edge import current_actor, parts, reading
from registry.web.i18n import translate

blueprint = Resource("Report requests", "Sending reports, and what becomes of each")

ONE = f"/report-requests/<int(max={MOST}):request_id>"


@blueprint.submission(
    "/reports",
    ReportRequestAnswerSchema,
    body=SentReportSchema,
    query=[
        query(
            "wait",
            "Judge it before answering, if that is possible at once.",
            enum=("1",),
        )
    ],
    permission="report:submit",
)
def submit(data: dict[str, Any]) -> Response:
    """Send a report; the answer is its receipt, and where to ask what became of it.

    With `sample` it is practice: the whole answer, and nothing is recorded.
    """
    actor, today = current_actor(), parts().clock.today()
    if data.pop("sample"):
        with reading() as session:
            checked = check_report(session, actor, today, data)
            tried = try_report(session, checked, today, parts().settings.zone)
        return json_response(as_json(_practice(checked, tried)))
    response = run_checked(lambda session: check_report(session, actor, today, data), _receive, 202)
    return _waited_for(response) if text("wait") else response


@blueprint.question(
    "/report-requests",
    page_of(ReportRequestSummarySchema),
    query=[*PAGING, query("status", "Only requests of this status.", enum=STATUSES)],
    permission=SIGNED_IN,
)
def list_requests() -> Response:
    """List the requests of the actor's own body, the newest first; officers see all."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = report_requests(
            session,
            current_actor(),
            status=text("status"),
            after=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _summary, lambda row: (row.request.id,))


@blueprint.question(ONE, ReportRequestAnswerSchema, permission=SIGNED_IN)
def show_request(request_id: int) -> Response:
    """Tell what became of a report that was sent, and give its receipt again."""
    with reading() as session:
        body = _one(session, request_id)
    return representation(body, body["version"])


@blueprint.command(
    ONE,
    ReportRequestAnswerSchema,
    body=ReportSchema,
    permission="report:submit",
    method="PUT",
    versioned=True,
)
def replace(
    uow: UnitOfWork, request_id: int, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Send a report anew, whole, before it is judged; If-Match names what it replaces.

    Once it is judged, send an amended report of another number that `replaces` it.
    """
    if expected is None:
        message = Message("Name the version that this report replaces: the ETag of its request.")
        raise Invalid.one("If-Match", message)
    checked = check_report(uow.session, uow.actor, uow.today, data)
    return _received(replace_report(uow, request_id, checked, expected=expected), uow)


def _receive(uow: UnitOfWork, checked: CheckedReport) -> Mapping[str, Any]:
    return _received(receive_report(uow, checked), uow)


def _waited_for(response: Response) -> Response:
    """Judge what was just receipted and answer with how it stands then."""
    answered = response.get_json()
    try:
        judge_requests(parts().units, [answered["id"]])
    except Busy:
        # It is receipted all the same, and the worker will judge it.
        return response
    with reading() as session:
        response.set_data(as_json(_one(session, answered["id"])))
    # The version that this answer shows is no longer the one that was receipted.
    response.headers.pop("ETag", None)
    return response


def _received(sent: Sent, uow: UnitOfWork) -> dict[str, Any]:
    return {
        **_head(sent.request_id, sent.number, INITIAL, RETRY[INITIAL]),
        "sent_at": sent.sent_at,
        "version": sent.position,
        **_JUDGED_NOTHING,
        "receipt": _receipt(uow.receipts[-1], sent.request_id, sent.digest),
    }


# What a request would say of a report in the state that the rules put it in.
_STATUS_OF = {
    states.ACCEPTED: states.ACCEPTED,
    states.REFUSED: states.REFUSED,
    states.REFERRED: PROCESSING,
}


def _practice(checked: CheckedReport, tried: Submission) -> dict[str, Any]:
    return {
        **_head(None, checked.number, _STATUS_OF[tried.state], None),
        "sample": True,
        "sent_at": parts().clock.now(),
        "version": None,
        **_JUDGED_NOTHING,
        "outcome": tried.outcome,
        "conditions": tried.acceptance["conditions"],
        "contradictions": present_contradictions(tried.contradictions),
    }


def _one(session: Session, request_id: int) -> dict[str, Any]:
    facts = request_facts(session, current_actor(), request_id)
    found = _summary(facts) | _JUDGED_NOTHING
    if facts.standing.problems:
        found["problems"] = [
            {
                "field": problem["field"],
                "detail": translate(from_data(problem)),
            }
            for problem in facts.standing.problems
        ]
    if facts.report is not None and facts.decision is not None:
        stated = stated_results(session, facts.report, facts.decision.on)
        found |= {
            "report": {
                "id": facts.report.id,
                "href": f"/api/v1/reports/{facts.report.id}",
            },
            "outcome": facts.decision.decided_outcome,
            "conditions": facts.decision.conditions,
            "reasons": facts.decision.reasons,
            "contradictions": present_contradictions(stated),
        }
    return found


_JUDGED_NOTHING: dict[str, Any] = {
    "report": None,
    "outcome": None,
    "problems": [],
    "conditions": [],
    "reasons": None,
    "contradictions": [],
}


def _summary(facts: RequestFacts) -> dict[str, Any]:
    entry = facts.receipt
    recorded = Receipt(entry.position, entry.recorded_at, entry.leaf_hash.hex())
    return {
        **_head(facts.request.id, facts.request.number, facts.status, facts.retry),
        "sent_at": facts.content.sent_at,
        "version": facts.standing.known_from,
        "receipt": _receipt(recorded, facts.request.id, facts.content.digest),
    }


def _head(id_: int | None, number: str, status: str, retry: int | None) -> dict[str, Any]:
    return {
        "id": id_,
        "href": None if id_ is None else f"/api/v1/report-requests/{id_}",
        "number": number,
        "status": status,
        "retry": retry,
        "sample": False,
    }


def _receipt(recorded: Receipt, request_id: int, digest: str) -> dict[str, Any]:
    return receipt(
        recorded,
        subject=f"report-request:{request_id}",
        content_hash=digest,
        proof=f"/api/v1/journal/proofs/inclusion?position={recorded.position}",
    )


def present_contradictions(results: Iterable[AssessedResult]) -> list[dict[str, Any]]:
    """Return those of the results whose statement contradicts its own numbers."""
    return [
        {
            "characteristic": item.result.characteristic,
            "statement": item.result.statement,
            "recomputed": item.verdict.outcome.value if item.verdict else None,
            "reason": item.agreement.reason if item.agreement else None,
        }
        for item in results
        if item.contradicted
    ]
