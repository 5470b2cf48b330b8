"""Public pages of bodies."""

from typing import Any

from flask import render_template, request, url_for

from registry.accounts.permissions import PUBLIC
from registry.assessment.foreign.laboratory_queries import issued_by, laboratories
from registry.assessment.presenters.bodies import method_keys, present_body, present_row
from registry.assessment.presenters.common import country_names
from registry.assessment.presenters.foreign import present_laboratory
from registry.assessment.queries.bodies import accreditations_of, body_facts
from registry.assessment.queries.body_search import BodySearch, search_bodies
from registry.assessment.queries.directory import entries_by_key
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import PAGE, page_reader
from registry.errors import Invalid
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, reading
from registry.web.forms import form_errors
from registry.web.i18n import localise
from registry.web.paging import decode_cursor, encode_cursor

_SEARCHED = ("kind", "country", "place", "method", "product", "characteristic", "standard")


@blueprint.get("/bodies")
@needs(PUBLIC)
def bodies() -> str:
    """List the bodies registered on a day that a search fits."""
    query = {name: request.args.get(name, "").strip()[:400] for name in ("q", *_SEARCHED)}
    cursor = decode_cursor(request.args.get("cursor"), str)
    search = BodySearch(text=query["q"], **{name: query[name] for name in _SEARCHED})
    with reading() as session:
        as_of = asked_as_of(session)
        errors: dict[str, list[str]] = {}
        try:
            found = search_bodies(session, as_of, search)
        except Invalid as invalid:
            found, errors = [], form_errors(invalid)
        countries = {
            summary.organisation.country for summary in search_bodies(session, as_of, BodySearch())
        }
        rest = [row for row in found if cursor is None or row.body.slug > cursor[0]]
        rows = [
            present_row(summary, accreditations_of(session, summary.body.id, as_of))
            for summary in rest[:PAGE]
        ]
        kinds = terms(session, "body-kind", as_of)
    at = asked_date("at")
    first = len(found) - len(rest) + 1
    address: dict[str, Any] = {**query, "at": at, "known": as_of.known}
    return render_template(
        "public/bodies.html",
        query={**query, "at": at, "known": as_of.known},
        errors=errors,
        kinds=[(term.key, localise(term.labels).text) for term in kinds],
        countries=sorted(
            ((code, localise(country_names(code)).text) for code in countries),
            key=lambda choice: choice[1],
        ),
        asked_on=as_of.at,
        total=len(found),
        bodies=rows,
        pager={
            "first": first if rows else None,
            "last": first + len(rows) - 1,
            "total": len(found),
            "previous_href": url_for("assessment.bodies", **address) if cursor else None,
            "next_href": url_for(
                "assessment.bodies", **address, cursor=encode_cursor(rest[PAGE - 1].body.slug)
            )
            if len(rest) > PAGE
            else None,
        }
        if len(found) > PAGE
        else None,
    )


@blueprint.get("/bodies/<slug>")
@needs(PUBLIC)
def body(slug: str) -> str:
    """Show one body: accreditations, scopes, designations and listings on a day."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = body_facts(session, slug, as_of)
        context = present_body(
            facts,
            as_of,
            entries_by_key(session, method_keys(facts)),
            page_reader(session),
        )
        foreign = {
            "issued": issued_by(session, slug, as_of),
            "laboratories": [
                present_laboratory(found) for found in laboratories(session, as_of, body=slug)
            ],
        }
    return render_template(
        "public/body.html",
        **context,
        foreign=foreign,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        json_href=url_for("Bodies.show_body", slug=slug, at=asked_date("at"), known=as_of.known),
    )
