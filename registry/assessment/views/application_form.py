"""Applying: a form that the register fills in as far as it can, and keeps until it is sent."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from registry.assessment.presenters.reuse import present_reuse
from registry.assessment.queries.reuse import (
    known_products,
    own_organisation,
    reusable_product,
    usable_reports,
)
from registry.assessment.schemas import ApplicationSchema
from registry.assessment.services.application_drafts import (
    discard_draft,
    find_draft,
    save_draft,
    send_draft,
)
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, loaded, options
from registry.catalog.models import Edition
from registry.catalog.queries.editions import find_slug, obligations_of
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.forms import flat, nested

_LONGEST = 200


@blueprint.route("/workspace/applications/new", methods=["GET", "POST"])
@needs("application:submit")
def apply() -> Response:
    """Apply for assessment of a product, ``?edition=`` naming the regulation.

    ``?hs=`` and ``?q=`` are what the finder was asked, ``?from=`` an earlier matter of the
    organisation, ``?draft=`` what was kept before. Whatever is sent is kept first.
    """
    refused: list[Invalid] = []
    if request.method == "POST":
        try:
            if (answer := _keep()) is not None:
                return answer
        except Invalid as error:
            refused.append(error)

    def receive(_: MultiDict[str, str]) -> None:
        # What cannot be kept is shown again all the same, with the reason.
        for error in refused:
            raise error

    actor = current_actor()
    today = AsOf(parts().clock.today())
    with reading() as session:
        kept = _draft(session)
        edition = _edition(session, request.args.get("edition") or kept.get("edition"))
        obligations = list(obligations_of(session, edition.id, today)) if edition else []
        context: dict[str, Any] = {
            "edition": edition,
            "obligations": obligations,
            **present_reuse(
                own_organisation(session, actor),
                known_products(session, actor),
                usable_reports(session, actor, edition.id, today) if edition else [],
            ),
        }
        taken_over = reusable_product(session, actor, request.args.get("from", "")[:60])
    methods = {obligation.method for obligation in obligations if obligation.method}
    return FormPage(
        template="assessment/application_form.html",
        read=loaded(ApplicationSchema()),
        take=_send,
        said=gettext("Your application is received."),
        context={**context, "methods": options("certification-method")},
        initial={
            "draft": secrets.token_urlsafe(24),
            **taken_over,
            **_asked(),
            "edition": edition.slug if edition else "",
            "regulation": edition.designation if edition else taken_over.get("regulation", ""),
            "method": methods.pop() if len(methods) == 1 else taken_over.get("method", ""),
            **kept,
        },
        many=frozenset({"rely_on"}),
        split=frozenset({"product.models", "product.hs"}),
        receive=receive,
    ).answer()


@blueprint.post("/workspace/applications/drafts/<key>/discard")
@needs("application:submit")
def discard_application(key: str) -> Response:
    """Delete a draft that was not sent."""
    with change() as uow:
        discard_draft(uow, key)
    flash(gettext("The draft is deleted."), "success")
    return redirect(url_for("assessment.my_applications"), 303)


def _keep() -> Response | None:
    """Keep what was typed; answer at once where that is all, or it was sent before."""
    values = flat(nested(request.form, frozenset({"rely_on"})))
    key = str(values.pop("draft", ""))
    texts = {
        name: "\n".join(value) if isinstance(value, list) else str(value)
        for name, value in values.items()
        if name not in ("csrf_token", "save")
    }
    with change() as uow:
        sent_as = save_draft(uow, key, texts).sent_as
    if sent_as is not None:
        return redirect(url_for("assessment.application", number=sent_as), 303)
    if "save" in request.form:
        flash(gettext("Your draft is kept; you find it under “My applications”."), "success")
        return redirect(url_for("assessment.apply", draft=key), 303)
    return None


def _send(data: Data) -> str:
    with change() as uow:
        number = send_draft(uow, request.form.get("draft", ""), data)
    return url_for("assessment.application", number=number)


def _draft(session: Session) -> dict[str, Any]:
    key = request.args.get("draft", "")
    if request.method != "GET" or not key:
        return {}
    draft = find_draft(session, current_actor(), key)
    values: dict[str, Any] = {**draft.values, "draft": key}
    if values.get("rely_on"):
        values["rely_on"] = values["rely_on"].split("\n")
    return values


def _asked() -> dict[str, str]:
    """Return the fields that the finder's question fills in."""
    hs = request.args.get("hs", "").strip()[:20]
    words = request.args.get("q", "").strip()[:_LONGEST]
    if words and not hs and not any(sign.isalpha() for sign in words):
        hs, words = words, ""
    asked = {}
    if hs:
        asked["product.hs"] = hs
    if words:
        asked["product.name.vi"] = words
    return asked


def _edition(session: Session, slug: str | None) -> Edition | None:
    if not slug:
        return None
    found = find_slug(session, slug)
    if not isinstance(found, Edition):
        raise NotFound("There is no edition at this address.")
    return found
