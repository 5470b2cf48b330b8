"""Which regulations can be tested to on a day, and which nobody can: page and file."""

from typing import Any

from flask import Response, render_template, request, url_for

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.coverage import CSV_HEADINGS, csv_rows, present_coverage
from registry.assessment.queries.regulation_coverage import regulation_coverage
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import options
from registry.assessment.views.pages import page_reader
from registry.catalog.spreadsheets.writing import CSV, MEDIA_TYPES, csv_chunks
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.i18n import current_language


@blueprint.get("/coverage")
@needs(PUBLIC)
def coverage() -> str:
    """Show regulations beside the bodies able to test to them, gaps first."""
    query = _query()
    with reading() as session:
        as_of = asked_as_of(session)
        found = regulation_coverage(session, as_of, parts().settings.zone, **query)
        context = present_coverage(found, page_reader(session))
    asked: dict[str, Any] = {"at": asked_date("at"), "known": as_of.known}
    chosen: dict[str, Any] = {name: value for name, value in query.items() if value}
    return render_template(
        "public/coverage.html",
        **context,
        **asked,
        query=query,
        asked_on=as_of.at,
        domain_choices=options("domain"),
        ministry_choices=options("issuing-body"),
        csv_href=url_for("assessment.coverage_file", **chosen, **asked),
        json_href=url_for("Coverage.show", **chosen, **asked),
    )


@blueprint.get("/coverage.csv")
@needs(PUBLIC)
def coverage_file() -> Response:
    """Give the same as a file, a row for each regulation and body."""
    with reading() as session:
        found = regulation_coverage(
            session, asked_as_of(session), parts().settings.zone, **_query()
        )
        rows = list(csv_rows(found, current_language()))
    response = Response(csv_chunks(CSV_HEADINGS, rows), mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return response


def _query() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:60] for name in ("domain", "ministry")}
