"""The followed catalogues: whose they are and how fresh what is known from them is."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.catalog.importing.jobs import open_refresh
from registry.catalog.importing.uploads import store_catalogue
from registry.catalog.presenters.catalogues import present_catalogue
from registry.catalog.queries.catalogues import (
    followed_catalogues,
    one_catalogue,
    without_catalogue,
)
from registry.catalog.schemas import CatalogueSchema, RefreshSchema
from registry.catalog.services.catalogues import follow_catalogue
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.views.blueprints import catalog
from registry.errors import Invalid
from registry.messages import Message
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


@catalog.get("/workspace/catalogues/<key>/refresh")
@needs("catalogue:import")
def refresh(key: str) -> str:
    """Ask for the file of a followed catalogue."""
    return _refresh_form(key, {}, {})


@catalog.post("/workspace/catalogues/<key>/refresh")
@needs("catalogue:import")
def start_refresh(key: str) -> BaseResponse | tuple[str, int]:
    """Store the file of a followed catalogue; a worker takes it over."""
    try:
        data = load(RefreshSchema(), {"data_of": request.form.get("data_of") or None}, form=True)
        sent = request.files.get(FILE)
        if sent is None or not sent.filename:
            raise Invalid.one(FILE, Message("Choose a file first."))
        stored = store_catalogue(parts().files, sent.filename, sent.read())
        with change() as uow:
            number = open_refresh(uow, stored, key, data["data_of"]).id
    except Invalid as error:
        return _refresh_form(key, request.form, translate_fields(error.fields)), 422
    return redirect(url_for("catalog.one_import", import_id=number))


def _refresh_form(key: str, values: Any, errors: dict[str, list[str]]) -> str:
    with reading() as session:
        found = one_catalogue(session, key, asked_as_of(session))
    return render_template(
        "catalog/refresh_form.html",
        catalogue=present_catalogue(found, parts().settings.zone),
        values=values,
        errors=errors,
    )


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
        may_refresh=current_actor().may("catalogue:import"),
    )
