"""Pages of the laboratories that lists of foreign schemes name."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment.foreign.laboratories import link_laboratory
from registry.assessment.foreign.laboratory_queries import laboratories, laboratory
from registry.assessment.foreign.queries import Filters, foreign_results
from registry.assessment.presenters.foreign import present_laboratory, present_row
from registry.assessment.schemas.foreign import LaboratoryLinkSchema
from registry.assessment.views.blueprint import blueprint
from registry.errors import Conflict, Invalid
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import asked_as_of, change, current_actor, reading
from registry.web.forms import form_errors

_SHOWN = 50


@blueprint.get("/foreign-laboratories")
@needs(PUBLIC)
def foreign_laboratories() -> str:
    """List the laboratories that foreign certificates name."""
    with reading() as session:
        as_of = asked_as_of(session)
        rows = [present_laboratory(facts) for facts in laboratories(session, as_of)]
    return render_template("public/foreign_laboratories.html", rows=rows, known=as_of.known)


@blueprint.get("/foreign-laboratories/<slug>")
@needs(PUBLIC)
def foreign_laboratory(slug: str) -> Response:
    """Show one laboratory and the certificates that name it."""
    return _page(slug, {}, {})


@blueprint.post("/foreign-laboratories/<slug>")
@needs("foreign-result:import")
def foreign_laboratory_link(slug: str) -> BaseResponse:
    """Record which registered body the laboratory is."""
    typed = request.form.to_dict()
    try:
        asked = load(LaboratoryLinkSchema(), typed, form=True)
        with change() as uow:
            link_laboratory(uow, slug, asked["body"])
    except (Invalid, Conflict) as error:
        named = error if isinstance(error, Invalid) else Invalid.one("body", error.message)
        return _page(slug, form_errors(named), typed, 422)
    flash(gettext("Recorded."), "good")
    return redirect(url_for("assessment.foreign_laboratory", slug=slug))


def _page(slug: str, errors: Any, typed: dict[str, str], status: int = 200) -> Response:
    with reading() as session:
        as_of = asked_as_of(session)
        item = present_laboratory(laboratory(session, slug, as_of))
        found = foreign_results(session, as_of, Filters(laboratory=slug), limit=_SHOWN)
        rows = [present_row(facts) for facts in found]
    page = render_template(
        "public/foreign_laboratory.html",
        item=item,
        rows=rows,
        known=as_of.known,
        may_link=current_actor().may("foreign-result:import"),
        errors=errors,
        typed=typed,
    )
    return make_response(page, status)
