"""The followed catalogues: whose they are and how fresh what is known from them is."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.catalog.presenters.catalogues import present_catalogue
from registry.catalog.queries.catalogues import followed_catalogues, without_catalogue
from registry.catalog.schemas import CatalogueSchema
from registry.catalog.services.catalogues import follow_catalogue
from registry.catalog.views.blueprints import catalog
from registry.errors import Invalid
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import asked_as_of, change, current_actor, parts, reading
from registry.web.i18n import translate_fields

_REFRESHES = 5


@catalog.get("/catalogues")
@needs(PUBLIC)
def catalogues() -> str:
    """List the followed catalogues with their last refreshes."""
    return _page({}, {})


@catalog.post("/catalogues")
@needs("catalogue:follow")
def follow() -> Response | BaseResponse:
    """Register a catalogue to follow."""
    try:
        data = load(CatalogueSchema(), request.form, form=True)
    except Invalid as error:
        return Response(_page(request.form, translate_fields(error.fields)), 422)
    with change() as uow:
        follow_catalogue(uow, data)
    flash(gettext("The catalogue is followed from now on."), "success")
    return redirect(url_for("catalog.catalogues"))


def _page(values: Any, errors: dict[str, list[str]]) -> str:
    zone = parts().settings.zone
    with reading() as session:
        as_of = asked_as_of(session)
        found = followed_catalogues(session, as_of)
        others = without_catalogue(session, as_of)
    return render_template(
        "public/catalogues.html",
        catalogues=[present_catalogue(item, zone) for item in found],
        refreshes_shown=_REFRESHES,
        others=others,
        known=as_of.known,
        values=values,
        errors=errors,
        may_follow=current_actor().may("catalogue:follow"),
    )
