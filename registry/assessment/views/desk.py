"""The officers' desk: one queue, actions on many of its rows, and what ends soon."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, flash, make_response, render_template, request
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.models import User
from registry.accounts.queries import holders
from registry.assessment.presenters.desk import (
    present_expiry,
    present_queue,
    present_results,
)
from registry.assessment.queries import desk as queries
from registry.assessment.queries.expiry import KINDS, MOST_DAYS, Expiry, expiring
from registry.assessment.schemas.desk import BULK_ACTIONS, BulkSchema
from registry.assessment.services.bulk import Outcome, act_on_rows
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import page_reader
from registry.catalog.spreadsheets.writing import CSV, MEDIA_TYPES, csv_chunks
from registry.errors import Invalid, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import asked_as_of, change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.i18n import term_label, translate
from registry.web.paging import whole_number

_SHOWN = 300
_DAYS = 90
_ASSIGNED = (queries.MINE, queries.FREE, queries.OTHERS)


@blueprint.get("/workspace/desk")
@needs("desk:use")
def desk() -> Response:
    """Show everything that waits for the reader, the most urgent first."""
    return _queue({}, 200, {})


@blueprint.post("/workspace/desk")
@needs("desk:use")
def desk_act() -> BaseResponse:
    """Rehearse an action on the rows chosen, or take it when it was confirmed."""
    typed = {
        "action": request.form.get("action", ""),
        "rows": [row.partition("@")[0] for row in request.form.getlist("rows")],
        "versions": [row.partition("@")[2] for row in request.form.getlist("rows")],
        "reason": request.form.get("reason", ""),
        "user_id": request.form.get("user_id") or None,
    }
    try:
        data = load(BulkSchema(), typed)
        confirmed = request.form.get("confirmed") == "1"
        with change() as uow:
            labels = _labels(uow.session)
            results = act_on_rows(uow, data, rehearse=not confirmed)
    except RegistryError as error:
        return _queue(form_errors(error), classify(error)[0], typed)
    if confirmed:
        done = sum(row.outcome is not Outcome.REFUSED for row in results)
        flash(gettext("Done for %(done)s of %(all)s rows.", done=done, all=len(results)), "success")
    versions = dict(zip(data["rows"], data["versions"], strict=False))
    shown = present_results(results, labels, versions)
    for row in shown:
        row["reason"] = translate(row["reason"] or "")
    page = render_template(
        "assessment/desk_rows.html",
        rows=shown,
        action=data["action"],
        reason=data["reason"],
        user_id=data["user_id"],
        confirmed=confirmed,
        possible=any(row.outcome is Outcome.POSSIBLE for row in results),
    )
    return make_response(page)


@blueprint.get("/workspace/expiry")
@needs("desk:use")
def expiry() -> str:
    """Show what ends within a number of days."""
    days, kind = _asked_expiry()
    with reading() as session:
        as_of = asked_as_of(session)
        found = expiring(session, as_of, days, kind=kind)
    return render_template(
        "assessment/expiry.html",
        rows=present_expiry(found),
        days=days,
        kind=kind,
        kinds=list(KINDS),
        as_of=as_of,
    )


@blueprint.get("/workspace/expiry.csv")
@needs("desk:use")
def expiry_csv() -> Response:
    """Give the same as a table for spreadsheets."""
    days, kind = _asked_expiry()
    with reading() as session:
        found = expiring(session, asked_as_of(session), days, kind=kind)
    response = Response(
        b"".join(csv_chunks(("kind", "label", "about", "last_day"), _csv_rows(found))),
        mimetype=MEDIA_TYPES[CSV],
    )
    response.headers["Content-Disposition"] = 'attachment; filename="expiry.csv"'
    return response


def _csv_rows(found: Iterable[Expiry]) -> Iterable[tuple[str, str, str, str]]:
    for item in found:
        yield item.kind, item.label, item.about, item.last_day.isoformat()


def _asked_expiry() -> tuple[int, str | None]:
    days = whole_number(request.args.get("days") or str(_DAYS))
    if days is None or days > MOST_DAYS:
        raise Invalid.one(
            "days", gettext("A whole number up to %(most)s is needed.", most=MOST_DAYS)
        )
    kind = request.args.get("kind") or None
    return days, kind if kind in KINDS else None


def _queue(errors: dict[str, list[str]], status: int, typed: Mapping[str, Any]) -> Response:
    """Show the queue; ``typed`` is what was sent and has to be mended."""
    kind = _choice("kind", tuple(queries.SOURCES))
    assigned = _choice("assigned", _ASSIGNED)
    risk = _choice("risk", None)
    actionable = request.args.get("actionable") == "1"
    actor = current_actor()
    with reading() as session:
        as_of = asked_as_of(session)
        found = queries.desk(
            session,
            actor,
            as_of,
            kind=kind,
            risk=risk,
            assigned=assigned,
            actionable=actionable,
        )
        people = {item.assigned_user_id for item in found if item.assigned_user_id is not None}
        names = dict(session.execute(select(User.id, User.name).where(User.id.in_(people))).all())
        reader = page_reader(session)
        rows = present_queue(found[:_SHOWN], names, reader, actor.user_id)
        for row in rows:
            row["bar"] = translate(row["bar"] or "")
        risks = sorted({risk.key for item in found for risk in item.risks})
        colleagues = holders(session, "task:handle", as_of.at)
    page = render_template(
        "assessment/desk.html",
        rows=rows,
        total=len(found),
        filters={"kind": kind, "assigned": assigned, "risk": risk, "actionable": actionable},
        kinds=list(queries.SOURCES),
        risks=[(key, term_label("desk-risk", key)) for key in risks],
        actions=BULK_ACTIONS,
        colleagues=[one for one in colleagues if one[0] != actor.user_id],
        errors=errors,
        typed=typed,
        as_of=as_of,
        keeps_surveillance=actor.may("surveillance:keep"),
    )
    return make_response(page, status)


def _choice(name: str, choices: tuple[str, ...] | None) -> str | None:
    value = request.args.get(name, "").strip()[:60] or None
    return value if choices is None or value in choices else None


def _labels(session: Session) -> dict[str, str]:
    """Return what the rows of the queue are called, by subject."""
    found = queries.desk(session, current_actor(), AsOf(parts().clock.today()))
    return {item.subject: item.label for item in found}
