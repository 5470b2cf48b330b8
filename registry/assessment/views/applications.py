"""Applications: made by a business, handled step by step by three different people."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.actor import Actor
from registry.assessment import states
from registry.assessment.presenters.applications import (
    open_actions,
    person_ids,
    present_file,
    present_rows,
)
from registry.assessment.presenters.reuse import present_drafts
from registry.assessment.queries.applications import ApplicationFile, application_file
from registry.assessment.queries.applications import applications as find_applications
from registry.assessment.queries.directory import user_names
from registry.assessment.schemas import (
    DecisionSchema,
    ReviewSchema,
    WithdrawalSchema,
)
from registry.assessment.services import applications as service
from registry.assessment.services.application_drafts import drafts_of
from registry.assessment.services.issuance import decide_application
from registry.assessment.services.snapshots import issuing_register
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import options, version
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.paging import decode_cursor


@blueprint.get("/workspace/applications/mine")
@needs("application:read-own")
def my_applications() -> str:
    """List the applications of the reader's own organisation."""
    with reading() as session:
        drafts = present_drafts(drafts_of(session, current_actor()))
    return _list("assessment/my_applications.html", "assessment.my_applications", drafts=drafts)


@blueprint.get("/workspace/applications")
@needs("application:read-all")
def applications_desk() -> str:
    """List all applications, by state on request."""
    return _list(
        "assessment/applications_desk.html",
        "assessment.applications_desk",
        states=options("application-state"),
    )


@blueprint.get("/workspace/applications/<number>")
@needs(SIGNED_IN)
def application(number: str) -> Response:
    """Show an application to its applicant or to those who handle applications."""
    return _page(number, {}, {})


@blueprint.post("/workspace/applications/<number>/take-up")
@needs("application:take-up")
def take_up(number: str) -> Response:
    """Accept an application for assessment."""

    def take(_: Mapping[str, str]) -> str:
        with change() as uow:
            service.take_up_application(uow, number, expected=version())
        return str(gettext("The application is taken up; you are its evaluator."))

    return take_step(number, take)


@blueprint.post("/workspace/applications/<number>/review")
@needs("application:review")
def review(number: str) -> Response:
    """Review the evaluation and recommend."""

    def take(form: Mapping[str, str]) -> str:
        data = load(ReviewSchema(), form, form=True)
        with change() as uow:
            service.review_application(uow, number, data, expected=version())
        return str(gettext("Your review is recorded."))

    return take_step(number, take)


@blueprint.post("/workspace/applications/<number>/decide")
@needs("application:decide")
def decide(number: str) -> Response:
    """Grant or refuse; a grant issues the certificate."""

    def take(form: Mapping[str, str]) -> str:
        data = load(DecisionSchema(), form, form=True)
        certificate = decide_application(
            parts().units,
            current_actor(),
            number,
            data,
            issuing_register(parts().settings),
            expected=version(),
        )
        if certificate is None:
            return str(gettext("The application is refused."))
        return str(gettext("Certificate %(number)s is issued.", number=certificate.number))

    return take_step(number, take)


@blueprint.post("/workspace/applications/<number>/withdraw")
@needs("application:withdraw")
def withdraw(number: str) -> Response:
    """Take one's own application back."""

    def take(form: Mapping[str, str]) -> str:
        data = load(WithdrawalSchema(), form, form=True)
        with change() as uow:
            service.withdraw_application(uow, number, data, expected=version())
        return str(gettext("The application is withdrawn."))

    return take_step(number, take)


def take_step(number: str, take: Callable[[Mapping[str, str]], str]) -> Response:
    """Do what a form on the page asks for, or show the page again with what is to be mended."""
    form = request.form.to_dict()
    try:
        said = take(form)
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        return _page(number, form_errors(error), form, classify(error)[0])
    flash(said, "success")
    return redirect(url_for("assessment.application", number=number), 303)


def _page(
    number: str,
    errors: Mapping[str, list[str]],
    typed: Mapping[str, str],
    status: int = 200,
) -> Response:
    actor = current_actor()
    with reading() as session:
        file = application_file(session, actor, number, AsOf(parts().clock.today()))
        context = present_file(
            file,
            actor,
            user_names(session, person_ids(file)),
            page_reader(session),
            gettext("Decision"),
        )
    page = render_template(
        "assessment/application.html",
        **context,
        may=open_actions(context["actions"]),
        handles=actor.may("application:read-all"),
        may_ask=_may_ask(actor, file),
        own=actor.organisation_id == file.facts.application.organisation_id,
        today=parts().clock.today(),
        errors=errors,
        typed=typed,
    )
    return make_response(page, status)


def _may_ask(actor: Actor, file: ApplicationFile) -> bool:
    return (
        actor.may("application:ask")
        and actor.organisation_id != file.facts.application.organisation_id
        and file.facts.record.state not in states.DECIDED
    )


def _list(template: str, endpoint: str, **context: Any) -> str:
    cursor = decode_cursor(request.args.get("cursor"), int)
    state = request.args.get("state", "").strip()[:60]
    with reading() as session:
        found = find_applications(
            session,
            current_actor(),
            AsOf(parts().clock.today()),
            state=state or None,
            after=cursor[0] if cursor else None,
            limit=PAGE + 1,
        )
    shown = found[:PAGE]
    return render_template(
        template,
        rows=present_rows(shown),
        state=state,
        pager=cursor_pager(
            endpoint,
            first_page=cursor is None,
            following=shown[-1].application.id if len(found) > PAGE else None,
            state=state or None,
        ),
        **context,
    )
