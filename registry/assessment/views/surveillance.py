"""The surveillance calendar: plan, move, record the result, and the address for calendars."""

from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.accounts.services.authentication import actor_for_user
from registry.assessment.calendar import calendar_of
from registry.assessment.presenters.desk import present_surveillance
from registry.assessment.queries.expiry import expiring
from registry.assessment.queries.surveillance import (
    calendar_owner,
    surveillance_facts,
    surveillances,
)
from registry.assessment.schemas.desk import (
    SurveillanceDropSchema,
    SurveillanceMoveSchema,
    SurveillancePlanSchema,
    SurveillanceResultSchema,
)
from registry.assessment.services import surveillance as service
from registry.assessment.services.calendar_addresses import make_calendar_address
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import FormPage, loaded, options, version
from registry.assessment.views.pages import page_reader
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors, nested
from registry.web.i18n import current_language

_KEEP = "surveillance:keep"
_AHEAD = 365  # days of expiry that a calendar shows

_STEPS = {
    "move": (SurveillanceMoveSchema, service.move_surveillance),
    "finish": (SurveillanceResultSchema, service.finish_surveillance),
    "drop": (SurveillanceDropSchema, service.drop_surveillance),
}


@blueprint.get("/workspace/surveillance")
@needs(_KEEP)
def surveillance() -> str:
    """Show what is planned and what was done."""
    today = parts().clock.today()
    with reading() as session:
        reader = page_reader(session)
        planned = surveillances(session, AsOf(today), state="planned")
        done = surveillances(session, AsOf(today), state="done")
    return render_template(
        "assessment/surveillance.html",
        planned=present_surveillance(planned, reader),
        done=present_surveillance(done[::-1], reader),
        today=today,
        address=None,
    )


@blueprint.route("/workspace/surveillance/new", methods=["GET", "POST"])
@needs(_KEEP)
def surveillance_new() -> BaseResponse:
    """Plan surveillance of a certificate or an accreditation."""

    def take(data: dict[str, object]) -> str:
        with change() as uow:
            service.plan_surveillance(uow, data)
        return url_for("assessment.surveillance")

    return FormPage(
        template="assessment/surveillance_form.html",
        read=loaded(SurveillancePlanSchema()),
        take=take,
        said=gettext("The surveillance is planned."),
        context={"activities": options("surveillance-activity")},
        initial={"certificate": request.args.get("certificate", "")[:60]},
    ).answer()


@blueprint.get("/workspace/surveillance/<int:surveillance_id>")
@needs(_KEEP)
def surveillance_one(surveillance_id: int) -> Response:
    """Show one activity with what may be recorded of it."""
    return _page(surveillance_id, {}, 200)


@blueprint.post("/workspace/surveillance/<int:surveillance_id>/<any(move, finish, drop):action>")
@needs(_KEEP)
def surveillance_step(surveillance_id: int, action: str) -> BaseResponse:
    """Move it, record its result, or drop it."""
    schema, command = _STEPS[action]
    try:
        # The page shows one form for each action, so that each has field names of its own.
        typed = nested(request.form).get(action)
        data = load(schema(), typed if isinstance(typed, dict) else {}, form=True)
        with change() as uow:
            command(uow, surveillance_id, data, expected=version())
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        errors = {
            f"{action}.{name}" if name else "": texts for name, texts in form_errors(error).items()
        }
        return _page(surveillance_id, errors, classify(error)[0], action)
    flash(gettext("The surveillance is recorded."), "success")
    return redirect(url_for("assessment.surveillance"), 303)


@blueprint.post("/workspace/surveillance/calendar")
@needs("desk:use")
def calendar_address() -> str:
    """Make the reader's calendar address and show it once."""
    with change() as uow:
        secret = make_calendar_address(uow, current_language())
    path = url_for("assessment.calendar_feed", secret=secret)
    return render_template(
        "assessment/calendar_address.html", address=parts().settings.base_url + path
    )


@blueprint.get("/calendar/<secret>.ics")
@needs(PUBLIC)
def calendar_feed(secret: str) -> Response:
    """Give the plan to a calendar program: whoever holds the address reads it.

    The address is good for as long as its owner holds the role.
    """
    today = parts().clock.today()
    with reading() as session:
        owner = calendar_owner(session, secret)
        actor = actor_for_user(session, owner.user_id, today)
        if not actor.may("desk:use"):
            raise NotFound("There is no calendar at this address.")
        planned = surveillances(session, AsOf(today)) if actor.may(_KEEP) else []
        ending = expiring(session, AsOf(today), _AHEAD)
        labels = page_reader(session).labels
    content = calendar_of(
        planned,
        ending,
        labels,
        language=owner.language,
        host=parts().settings.base_url,
        now=parts().clock.now(),
    )
    response = Response(content, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(
    surveillance_id: int, errors: dict[str, list[str]], status: int, tried: str | None = None
) -> Response:
    today: date = parts().clock.today()
    with reading() as session:
        facts = surveillance_facts(session, surveillance_id, AsOf(today))
        row = present_surveillance([facts], page_reader(session))[0]
    page = render_template(
        "assessment/surveillance_one.html",
        item=row,
        results=options("surveillance-result"),
        errors=errors,
        typed=request.form,
        tried=tried,
        today=today,
    )
    return make_response(page, status)
