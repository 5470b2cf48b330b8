"""The programme of work: its page, files and feed, and the editors' steps."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.catalog.models import PlannedEntry
from registry.catalog.presenters.common import body_name
from registry.catalog.presenters.programme import (
    COLUMNS,
    file_rows,
    ministries_of,
    periods,
    present_row,
    tallies,
)
from registry.catalog.programme import tally
from registry.catalog.programme_schemas import (
    NewPlannedEntrySchema,
    ProgressSchema,
    ReplanSchema,
    TakeBackSchema,
)
from registry.catalog.queries.programme import latest_steps, one_entry, programme
from registry.catalog.services import programme as service
from registry.catalog.spreadsheets.writing import CSV, MEDIA_TYPES, XLSX, table_chunks
from registry.catalog.states import PROGRAMME
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.charts import programme_chart
from registry.errors import NotFound, RegistryError
from registry.history import AsOf
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, change, current_actor, parts, reading
from registry.web.forms import flat, form_errors, nested
from registry.web.i18n import localise, term_label
from registry.web.paging import whole_number

_FEED = 100


@catalog.get("/programme")
@needs(PUBLIC)
def programme_page() -> str:
    """Show what is planned, published and late, by domain and by ministry."""
    with reading() as session:
        as_of = asked_as_of(session)
        entries = programme(session, as_of)
        domains = terms(session, "domain", as_of)
        labels = all_labels(session)
    leading = [key for term in domains for key in term.attributes.get("lead_ministries", ())]
    plans = {term.key: term.attributes.get("plan") or {} for term in domains}
    by_domain = tallies(entries, "domain", [term.key for term in domains])
    by_ministry = tallies(entries, "ministry", ministries_of(entries, leading))
    due = periods(entries, as_of.at)
    asked: dict[str, Any] = {k: v for k, v in request.args.items() if k in ("at", "known")}
    return render_template(
        "public/programme.html",
        total=tally(entry.standing for entry in entries),
        domains=[{**row, "deadline": plans[row["key"]].get("deadline")} for row in by_domain],
        ministries=[{**row, "name": body_name(labels, row["key"])} for row in by_ministry],
        periods=due,
        chart=programme_chart(due),
        rows=[present_row(entry, labels) for entry in entries],
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        files=[
            (f.upper(), url_for("catalog.programme_file", form=f, **asked)) for f in (CSV, XLSX)
        ],
    )


@catalog.get("/programme.<any(csv, xlsx):form>")
@needs(PUBLIC)
def programme_file(form: str) -> Response:
    """Give the programme as a file."""
    with reading() as session:
        entries = programme(session, asked_as_of(session))
    chunks = table_chunks(form, gettext("Programme of work"), COLUMNS, file_rows(entries))
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="programme.{form}"'
    return response


@catalog.get("/programme.atom")
@needs(PUBLIC)
def programme_feed() -> Response:
    """Give the steps recorded last as an Atom feed (RFC 4287)."""
    with reading() as session:
        entries = programme(session, AsOf(parts().clock.today()))
        steps = latest_steps(session, entries, _FEED)
    items = [
        {
            "id": url_for(
                "catalog.programme_entry",
                entry_id=entry.id,
                _anchor=f"step-{step.id}",
                _external=True,
            ),
            "href": url_for("catalog.programme_entry", entry_id=entry.id, _external=True),
            "title": f"{entry.record.designation or localise(entry.record.titles).text}: "
            f"{term_label('programme-state', step.state)}",
            "summary": localise(entry.record.titles).text,
            "domain": entry.record.domain,
            "domain_label": term_label("domain", entry.record.domain),
            "updated": recorded.isoformat(),
        }
        for entry, step, recorded in steps
    ]
    text = render_template(
        "public/programme.xml",
        title=gettext("Programme of work"),
        author=gettext("National Standards Registry"),
        items=items,
        updated=items[0]["updated"] if items else "1970-01-01T00:00:00+00:00",
    )
    return Response(text, mimetype="application/atom+xml")


@catalog.get("/programme/<int:entry_id>")
@needs(PUBLIC)
def programme_entry(entry_id: int) -> str:
    """Show one planned entry with the steps it has taken."""
    return _entry_page(entry_id, {}, {})[0]


@catalog.route("/workspace/programme/new", methods=["GET", "POST"])
@needs("programme:keep")
def plan_entry() -> BaseResponse | tuple[str, int] | str:
    """Put an entry into the programme."""
    if request.method == "GET":
        return _form({"domain": request.args.get("domain", "")}, None)

    def plan(uow: UnitOfWork, typed: Mapping[str, Any]) -> PlannedEntry:
        return service.plan_entry(uow, load(NewPlannedEntrySchema(), typed, form=True))

    return _take_form(plan, None)


@catalog.route("/workspace/programme/<int:entry_id>/edit", methods=["GET", "POST"])
@needs("programme:keep")
def replan_entry(entry_id: int) -> BaseResponse | tuple[str, int] | str:
    """Change what is planned, with the reason."""
    if request.method == "GET":
        with reading() as session:
            entry = one_entry(session, entry_id, AsOf(parts().clock.today()))
        said = {name: getattr(entry.record, name) for name in service.FIELDS}
        values = {name: value for name, value in flat(said).items() if value is not None}
        return _form({**values, "version": entry.version}, entry_id)

    def replan(uow: UnitOfWork, typed: Mapping[str, Any]) -> PlannedEntry:
        data = load(ReplanSchema(), typed, form=True)
        return service.replan_entry(uow, entry_id, data, _version())

    return _take_form(replan, entry_id)


@catalog.post("/workspace/programme/<int:entry_id>/step")
@needs("programme:keep")
def advance_entry(entry_id: int) -> BaseResponse | tuple[str, int]:
    """Record the next step of an entry, or take the last one back."""
    typed = request.form.to_dict()
    try:
        with change() as uow:
            if typed.get("action") == "take-back":
                data = load(TakeBackSchema(), typed, form=True)
                service.take_back_step(uow, entry_id, data, _version())
            else:
                data = load(ProgressSchema(), typed, form=True)
                service.advance_entry(uow, entry_id, data, _version())
    except NotFound:
        raise
    except RegistryError as error:
        return _entry_page(entry_id, form_errors(error), typed)
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.programme_entry", entry_id=entry_id))


def _entry_page(
    entry_id: int, errors: Mapping[str, list[str]], typed: Mapping[str, str]
) -> tuple[str, int]:
    with reading() as session:
        as_of = asked_as_of(session)
        entry = one_entry(session, entry_id, as_of)
        labels = all_labels(session)
    row = present_row(entry, labels)
    actions = PROGRAMME.actions_from(entry.standing.state, current_actor())
    page = render_template(
        "public/programme_entry.html",
        entry={**row, "note": entry.record.note, "source": entry.record.source},
        steps=[
            {
                "id": step.id,
                "on": step.on,
                "label": labels.get(("programme-state", step.state), step.state),
                "note": step.note,
                "edition": entry.editions.get(step.edition_id or 0),
                "position": step.known_from,
            }
            for step in entry.steps
        ],
        # Who asks for the past sees the past; steps are taken from the present.
        actions=[] if request.args.get("at") or request.args.get("known") else actions,
        may_keep=current_actor().may("programme:keep"),
        at=asked_date("at"),
        known=as_of.known,
        errors=errors,
        typed=typed,
    )
    return page, 422 if errors else 200


def _take_form(
    command: Callable[[UnitOfWork, Mapping[str, Any]], PlannedEntry], entry_id: int | None
) -> BaseResponse | tuple[str, int]:
    typed = nested(request.form)
    try:
        with change() as uow:
            entry = command(uow, typed)
            entry_id = entry.id
    except NotFound:
        raise
    except RegistryError as error:
        return _form(flat(typed), entry_id, form_errors(error)), 422
    flash(gettext("Recorded in the journal."), "success")
    return redirect(url_for("catalog.programme_entry", entry_id=entry_id))


def _form(
    values: Mapping[str, Any],
    entry_id: int | None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    with reading() as session:
        as_of = AsOf(parts().clock.today())
        options = {name: _options(session, name, as_of) for name in ("domain", "issuing-body")}
    return render_template(
        "catalog/planned_entry_form.html",
        values=values,
        entry_id=entry_id,
        errors=errors or {},
        domains=options["domain"],
        ministries=options["issuing-body"],
    )


def _options(session: Session, vocabulary: str, as_of: AsOf) -> list[tuple[str, str]]:
    found = terms(session, vocabulary, as_of)
    return [("", ""), *((term.key, localise(term.labels).text) for term in found)]


def _version() -> int | None:
    return whole_number(request.form.get("version", ""))
