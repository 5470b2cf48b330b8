"""The searches somebody keeps: kept from the search page, listed, opened, removed."""

from urllib.parse import parse_qs

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.accounts.queries import saved_searches
from registry.accounts.schemas import SavedSearchSchema
from registry.accounts.services.saved_searches import forget_search, save_search
from registry.accounts.views.blueprint import blueprint
from registry.errors import RegistryError
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, current_actor, reading
from registry.web.forms import form_errors


@blueprint.route("/account/searches", methods=["GET", "POST"])
@needs(SIGNED_IN)
def searches() -> Response | tuple[str, int] | str:
    """List the searches kept, or keep one more."""
    if request.method == "GET":
        return _page({}, {})
    try:
        with change() as uow:
            save_search(uow, load(SavedSearchSchema(), request.form, form=True))
    except RegistryError as error:
        return _page(form_errors(error), request.form.to_dict()), 422
    flash(gettext("The search is kept."), "success")
    return redirect(url_for("accounts.searches"))


@blueprint.post("/account/searches/<int:saved_id>/remove")
@needs(SIGNED_IN)
def remove_search(saved_id: int) -> Response:
    """Remove one of one's own searches."""
    with change() as uow:
        forget_search(uow, saved_id)
    flash(gettext("The search is removed."), "success")
    return redirect(url_for("accounts.searches"))


def _page(errors: dict[str, list[str]], typed: dict[str, str]) -> str:
    user_id = current_actor().user_id
    with reading() as session:
        kept = saved_searches(session, user_id) if user_id is not None else ()
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "href": f"{url_for('search.page')}?{one.parameters}",
            "words": " ".join(parse_qs(one.parameters).get("q", [])),
        }
        for one in kept
    ]
    return render_template("accounts/searches.html", rows=rows, errors=errors, typed=typed)
