"""Reports by spreadsheet: the template, the upload, and what became of each report."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.assessment.intake.report_files import (
    Outcome,
    keep_file,
    outcomes,
    submit_batch,
)
from registry.assessment.intake.template import template_chunks
from registry.assessment.queries.directory import open_application
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import options
from registry.assessment.views.report_drafts import file_name
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.errors import Invalid, NotFound, RegistryError
from registry.messages import Message
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.i18n import current_language, localise, translate, translate_fields

_LISTS = ("result-type", "decision-rule", "statement-of-conformity")


@blueprint.get("/workspace/reports/template.<any(xlsx, csv):form>")
@needs("report:submit")
def report_template(form: str) -> Response:
    """Give the empty template; with ``?application=`` what the register knows is filled in."""
    known: dict[str, str] = {}
    if number := request.args.get("application", "").strip().upper()[:40]:
        with reading() as session:
            task = open_application(session, number)
        known = {
            "application": task.number,
            "regulation": task.regulation.designation,
            "item.description": localise(task.product).text,
        }
    words = (
        gettext("Results"),
        gettext("Explanations"),
        gettext("Lists"),
        gettext("Column"),
        gettext("What to write"),
        gettext("Example"),
    )
    choices = {name: [label for _, label in options(name)] for name in _LISTS}
    chunks = template_chunks(form, current_language(), words, choices, known)
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="report-template.{form}"'
    return response


@blueprint.get("/workspace/reports/files")
@needs("report:submit")
def report_files() -> Response:
    """Take a filled template."""
    return _desk({})


@blueprint.post("/workspace/reports/files")
@needs("report:submit")
def report_file_upload() -> BaseResponse:
    """Make drafts of the reports in a file, and show what is wrong with each."""
    try:
        sent = request.files.get(FILE)
        if sent is None or not sent.filename:
            raise Invalid.one(FILE, Message("Choose a file first."))
        content = sent.read()
        with change() as uow:
            batch = keep_file(
                uow,
                file_name(sent.filename),
                content,
                language=current_language(),
                say=translate,
                zone=parts().settings.zone,
            )
    except RegistryError as error:
        return _desk(form_errors(error), classify(error)[0])
    return redirect(url_for("assessment.report_file", batch=batch), 303)


@blueprint.get("/workspace/reports/files/<batch>")
@needs("report:submit")
def report_file(batch: str) -> Response:
    """Show the reports of a file: submitted, ready, or what is to be mended."""
    return _page(batch, {})


@blueprint.post("/workspace/reports/files/<batch>")
@needs("report:submit")
def report_file_submit(batch: str) -> BaseResponse:
    """Submit all reports of a file or none, or the good ones."""
    choice = request.form.get("choice", "")
    try:
        count = submit_batch(parts().units, current_actor(), batch, choice, parts().settings.zone)
    except NotFound:
        raise
    except RegistryError as error:
        return _page(batch, form_errors(error), classify(error)[0])
    flash(gettext("Reports submitted: %(count)s.", count=count), "success")
    return redirect(url_for("assessment.report_file", batch=batch), 303)


def _desk(errors: dict[str, list[str]], status: int = 200) -> Response:
    return make_response(render_template("assessment/report_files.html", errors=errors), status)


def _page(batch: str, errors: dict[str, list[str]], status: int = 200) -> Response:
    with reading() as session:
        found = outcomes(session, parts().units, current_actor(), batch, parts().settings.zone)
    page = render_template(
        "assessment/report_file.html",
        batch=batch,
        file=next((one.draft.origin["file"] for one in found if "file" in one.draft.origin), None),
        rows=[_row(one) for one in found],
        waiting=sum(one.report_id is None for one in found),
        ready=sum(one.report_id is None and not one.problems for one in found),
        cells=[
            cell
            for one in found
            if one.draft.version == 1
            for cell in one.draft.origin.get("cells", [])
        ],
        errors=errors,
    )
    return make_response(page, status)


def _row(one: Outcome) -> dict[str, object]:
    return {
        "draft_id": one.draft.id,
        "number": one.draft.content.get("number"),
        "report_id": one.report_id,
        "problems": len(translate_fields(one.problems)),
    }
