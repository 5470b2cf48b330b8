"""Reports: submitted by a laboratory, judged at once, decided by an officer where need be."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.assessment import states
from registry.assessment.presenters.reports import (
    ReportCase,
    present_report,
    present_requests,
    present_rows,
)
from registry.assessment.queries.acceptance import explain, stated_results
from registry.assessment.queries.directory import open_application, user_names
from registry.assessment.queries.report_requests import receipt_of_report, unsettled_requests
from registry.assessment.queries.reports import ReportFacts, report_facts
from registry.assessment.queries.reports import reports as find_reports
from registry.assessment.schemas import ReportDecisionSchema
from registry.assessment.services.attachments import attachments_of
from registry.assessment.services.reports import decide_report
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import version
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.assessment.views.report_drafts import draft_rows
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.i18n import translate
from registry.web.paging import decode_cursor


@blueprint.get("/workspace/reports")
@needs("report:submit")
def my_reports() -> Response:
    """List the laboratory's own reports; ``?application=`` leads to the form for a new one."""
    number = request.args.get("application", "").strip().upper()[:40]
    problem = None
    if "application" in request.args:
        try:
            with reading() as session:
                task = open_application(session, number)
            return redirect(url_for("assessment.report_new", number=task.number))
        except NotFound:
            problem = gettext("No application of this number takes results now.")
    cursor = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        found = find_reports(
            session,
            current_actor(),
            AsOf(parts().clock.today()),
            after=cursor[0] if cursor else None,
            limit=PAGE + 1,
        )
        drafts = draft_rows(session)
        sent = unsettled_requests(session, current_actor().organisation_id)
    page = render_template(
        "assessment/my_reports.html",
        drafts=drafts,
        sent=present_requests(sent, translate),
        rows=present_rows(found[:PAGE]),
        typed=number,
        errors={"application": [problem]} if problem else {},
        pager=cursor_pager(
            "assessment.my_reports",
            first_page=cursor is None,
            following=found[PAGE - 1].report.id if len(found) > PAGE else None,
        ),
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/workspace/reports/<int:report_id>")
@needs(SIGNED_IN)
def report(report_id: int) -> Response:
    """Show a report to its laboratory, its applicant or those who handle applications."""
    return _page(report_id, {}, {})


@blueprint.post("/workspace/reports/<int:report_id>/decide")
@needs("report:decide")
def report_decide(report_id: int) -> Response:
    """Settle a referred report, or decide otherwise than the rules, in writing."""
    form = request.form.to_dict()
    try:
        data = load(ReportDecisionSchema(), form, form=True)
        with change() as uow:
            decide_report(uow, report_id, data, expected=version())
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        return _page(report_id, form_errors(error), form, classify(error)[0])
    flash(gettext("Your decision on the report is recorded."), "success")
    return redirect(url_for("assessment.report", report_id=report_id), 303)


def _page(
    report_id: int,
    errors: Mapping[str, list[str]],
    typed: Mapping[str, str],
    status: int = 200,
) -> Response:
    actor = current_actor()
    zone = parts().settings.zone
    with reading() as session:
        today = AsOf(parts().clock.today())
        facts = report_facts(session, actor, report_id, today)
        as_of = asked_as_of(session)
        asked = bool(asked_date("at") or as_of.known)
        judged = explain(session, report_id, as_of, zone) if asked else None
        attachments = attachments_of(session, report_id)
        context = present_report(
            ReportCase(
                facts=facts,
                conditions=judged["conditions"] if judged else facts.decision.conditions,
                results=stated_results(session, facts.report, facts.decision.on),
                receipt=receipt_of_report(session, facts.report.id),
                decided_by=user_names(session, [facts.decision.decided_by_user_id]).get(
                    facts.decision.decided_by_user_id or 0
                ),
            ),
            page_reader(session),
        )
    actions = states.REPORT.actions_from(facts.record.state, actor)
    page = render_template(
        "assessment/report.html",
        **context,
        asked_outcome=judged["outcome"] if judged else None,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        outcomes=[outcome for outcome in ("accept", "refuse") if outcome in actions],
        attachments=attachments,
        may_read_application=_may_read_application(facts),
        errors=errors,
        typed=typed,
    )
    return make_response(page, status)


def _may_read_application(facts: ReportFacts) -> bool:
    actor = current_actor()
    if facts.application is None:
        return False
    return actor.may("application:read-all") or (
        actor.may("application:read-own")
        and actor.organisation_id == facts.application.organisation_id
    )
