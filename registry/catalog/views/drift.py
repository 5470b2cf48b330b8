"""Adoption drift: what became of the editions that national editions adopt."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.catalog.drift import STATES, Adoption, selected, share_of
from registry.catalog.drift_exporting import drift_chunks
from registry.catalog.presenters.drift import (
    present_adoption,
    present_domains,
    present_ministries,
    present_share,
    present_sources,
    present_years,
)
from registry.catalog.queries.catalogues import followed_catalogues
from registry.catalog.queries.drift import adoptions
from registry.catalog.queries.editions import titles_of
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.charts import drift_chart
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.paging import decode_cursor, encode_cursor

_PAGE = 100


@catalog.get("/drift")
@needs(PUBLIC)
def drift() -> str:
    """Show the share still current by domain, ministry and year, and every adoption."""
    zone = parts().settings.zone
    asked = asked_filters()
    cursor = decode_cursor(request.args.get("cursor"), int)
    start = cursor[0] if cursor else 0
    with reading() as session:
        as_of = asked_as_of(session)
        everything = adoptions(session, as_of, zone)
        counted = selected(everything, as_of.at)
        found = selected(everything, as_of.at, **asked)
        shown = found[start : start + _PAGE]
        titles = titles_of(session, [a.adopting.id for a, _ in shown], as_of)
        labels = all_labels(session)
        domains = [term.key for term in terms(session, "domain", as_of)]
        sources = present_sources(counted, followed_catalogues(session, as_of), zone)
    years = present_years(_asked_of(everything, asked), as_of.at)
    given: dict[str, Any] = {**asked, "at": asked_date("at"), "known": as_of.known}
    return render_template(
        "public/drift.html",
        share=present_share(share_of(drift for _, drift in counted)),
        domains=present_domains(counted, domains),
        ministries=present_ministries(counted, labels),
        years=years,
        chart=drift_chart(years),
        rows=[
            {**present_adoption(adoption, drift), "title": titles.get(adoption.adopting.id)}
            for adoption, drift in shown
        ],
        sources=sources,
        states=STATES,
        asked=asked,
        found=present_share(share_of(drift for _, drift in found)),
        asked_on=as_of.at,
        at=given["at"],
        known=as_of.known,
        csv_href=url_for("catalog.drift_file", form="csv", **given),
        xlsx_href=url_for("catalog.drift_file", form="xlsx", **given),
        json_href=url_for("Drift.list_adoptions", **given),
        pager=_pager(start, len(found), given),
    )


@catalog.get("/drift.<any(csv, xlsx, jsonl):form>")
@needs(PUBLIC)
def drift_file(form: str) -> Response:
    """Give the adoptions asked for as a file."""
    with reading() as session:
        as_of = asked_as_of(session)
        found = selected(
            adoptions(session, as_of, parts().settings.zone), as_of.at, **asked_filters()
        )
    response = Response(drift_chunks(found, form), mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="drift.{form}"'
    return response


def asked_filters() -> dict[str, str | None]:
    """Return the domain, ministry and state asked for; ``Invalid`` for a state there is not."""
    asked = {
        name: request.args.get(name, "").strip()[:100] or None
        for name in ("domain", "ministry", "state")
    }
    if asked["state"] not in (None, *STATES):
        raise Invalid.one("state", Message("Choose one of: {keys}.", keys=", ".join(STATES)))
    return asked


def share_asked(session: Session, as_of: AsOf, domain: str | None = None) -> dict[str, Any]:
    """Return the one figure that home and domain page show."""
    found = adoptions(session, as_of, parts().settings.zone)
    return present_share(share_of(drift for _, drift in selected(found, as_of.at, domain=domain)))


def _asked_of(everything: Sequence[Adoption], asked: dict[str, str | None]) -> list[Adoption]:
    """Return the adoptions of the domain and ministry asked for, whenever they counted."""
    return [
        adoption
        for adoption in everything
        if asked["domain"] in (None, *adoption.domains)
        and asked["ministry"] in (None, adoption.ministry)
    ]


def _pager(start: int, total: int, given: dict[str, Any]) -> dict[str, Any] | None:
    if total <= _PAGE and not start:
        return None
    before, after = max(start - _PAGE, 0), start + _PAGE

    def at(place: int) -> str:
        return url_for("catalog.drift", cursor=encode_cursor(place), **given)

    return {
        "first": start + 1,
        "last": min(after, total),
        "total": total,
        "previous_href": at(before) if start else None,
        "next_href": at(after) if after < total else None,
    }
