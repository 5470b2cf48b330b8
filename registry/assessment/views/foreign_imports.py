"""Pages to send a list of a foreign scheme, and to see how far it is taken in."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from registry.assessment.foreign.jobs import (
    foreign_import,
    latest_foreign_imports,
    open_foreign_import,
)
from registry.assessment.presenters.foreign import present_import
from registry.assessment.schemas.foreign import ForeignListSchema
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.foreign import schemes_named
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import translate

_BAD_SHOWN = 100


@blueprint.get("/workspace/foreign-results")
@needs("foreign-result:import")
def foreign_import_form() -> Response:
    """Offer to take in a list of a foreign scheme; show the last ones."""
    return _form({}, {})


@blueprint.post("/workspace/foreign-results")
@needs("foreign-result:import")
def foreign_import_send() -> BaseResponse:
    """Keep the list sent; a worker takes it in."""
    typed = request.form.to_dict()
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid.one("file", Message("Choose a file first."))
        asked = load(ForeignListSchema(), typed, form=True)
        with change() as uow:
            job = open_foreign_import(uow, parts().files, sent.stream, sent.filename, asked)
            number = job.id
    except Invalid as error:
        return _form(form_errors(error), typed, 422)
    return redirect(url_for("assessment.foreign_import_one", import_id=number), 303)


@blueprint.get("/workspace/foreign-results/<int:import_id>")
@needs("foreign-result:import")
def foreign_import_one(import_id: int) -> str:
    """Show how far a list is taken in, and what came of it."""
    with reading() as session:
        item = present_import(foreign_import(session, import_id))
    bad = [{**row, "reason": translate(row["reason"])} for row in item["bad"][:_BAD_SHOWN]]
    problem = item["problem"] and translate(item["problem"])
    return render_template("assessment/foreign_import.html", item=item, bad=bad, problem=problem)


def _form(errors: Any, typed: dict[str, str], status: int = 200) -> Response:
    with reading() as session:
        imports = [present_import(job) for job in latest_foreign_imports(session)]
    page = render_template(
        "assessment/foreign_import_form.html",
        errors=errors,
        typed=typed,
        imports=imports,
        formats_named=schemes_named(),
    )
    return make_response(page, status)
