"""What every page is given: who reads, in which languages, where the journal stands."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from registry.accounts.queries import organisation_names
from registry.actor import Actor
from registry.assessment.queries.overview import demonstration_loaded
from registry.config import LANGUAGES
from registry.journal.queries import last_entry
from registry.notices.queries.notices import unread_count
from registry.web.edge import asked_parameters, current_actor, parts, reading
from registry.web.i18n import current_language, language_name

# Pieces times sections times languages come nowhere near.
_MOST_KEPT = 500


def init_pages(app: Flask) -> None:
    """Give every template the values of templates/base.html."""
    app.add_template_global(_keeper(), "kept")

    @app.context_processor
    def page_context() -> dict[str, Any]:
        actor = current_actor()
        try:
            known = _known_of_register(actor)
        except DBAPIError:
            # The page that says so must not fail for the same reason.
            current_app.logger.exception("The database cannot be read.")
            known = {
                "organisation": None,
                "unread_notices": 0,
                "demo_mode": False,
                "journal_head": None,
            }
        organisation = known.pop("organisation")
        return {
            "language_links": _language_links(),
            "current_actor": {
                "name": actor.name,
                "organisation": organisation,
                "roles": sorted(actor.roles),
            }
            if actor.signed_in
            else None,
            **known,
        }


def _keeper() -> Callable[..., Markup]:
    """Return what renders a piece of a page once for each language.

    ``{% call kept(name, *key) %}``: the piece may depend on nothing but language and key.
    """
    pieces: dict[tuple[str, ...], Markup] = {}

    def kept(name: str, *key: str, caller: Callable[[], Markup]) -> Markup:
        place = (current_language(), request.script_root, name, *key)
        piece = pieces.get(place)
        if piece is None:
            if len(pieces) >= _MOST_KEPT:
                pieces.clear()
            piece = pieces[place] = caller()
        return piece

    return kept


def _known_of_register(actor: Actor) -> dict[str, Any]:
    with reading() as session:
        return {
            "organisation": organisation_names(session).get(actor.organisation_id)
            if actor.organisation_id
            else None,
            "unread_notices": unread_count(session, actor),
            "demo_mode": demonstration_loaded(session),
            "journal_head": last_entry(session),
        }


def _language_links() -> list[dict[str, Any]]:
    """Return this page in each language; a page that was posted is left for the home page."""
    locale = get_locale()
    current = locale.language if locale else parts().settings.language
    links = []
    for code in LANGUAGES:
        if request.endpoint and request.method == "GET" and request.view_args is not None:
            args = {**asked_parameters(), **request.view_args, "lang": code}
            href = url_for(request.endpoint, **args)
        else:
            href = url_for("public.home", lang=code)
        links.append(
            {"code": code, "name": language_name(code), "href": href, "current": code == current}
        )
    return links
