"""Public statistics: results, days, reasons, with pictures and files."""

import csv
import io
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.statistics import TABLES, plain_tables, present_statistics
from registry.assessment.queries.overview import demonstration_loaded
from registry.assessment.queries.statistics import Statistics
from registry.assessment.queries.statistics import statistics as find_statistics
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import page_reader
from registry.charts import bars
from registry.history import AsOf
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, current_actor, parts, reading
from registry.web.i18n import show_number

# Further back a chart would be a comb; the table has every month.
_MONTHS_SHOWN = 24


@blueprint.get("/statistics")
@needs(PUBLIC)
def statistics() -> Response:
    """Show the statistics of a day, of real records or, on request, of invented ones."""
    invented = _invented()
    with reading() as session:
        as_of = asked_as_of(session)
        found = _found(session, as_of, invented)
        context = present_statistics(found, page_reader(session))
        has_invented = demonstration_loaded(session)
    page = render_template(
        "assessment/statistics.html",
        **context,
        charts=_charts(context),
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        invented=invented,
        has_invented=has_invented,
        csv_args={
            "at": asked_date("at"),
            "known": as_of.known,
            "records": "demonstration" if invented else None,
        },
    )
    response = make_response(page)
    if not current_actor().signed_in:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get(f"/statistics/<any({', '.join(TABLES)}):table>.csv")
@needs(PUBLIC)
def statistics_csv(table: str) -> Response:
    """Give one table for spreadsheets and programs."""
    invented = _invented()
    with reading() as session:
        found = _found(session, asked_as_of(session), invented)
    text = io.StringIO()
    writer = csv.DictWriter(text, TABLES[table], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(plain_tables(found)[table])
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="statistics-{table}.csv"'
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _invented() -> bool:
    return request.args.get("records") == "demonstration"


def _found(session: Session, as_of: AsOf, invented: bool) -> Statistics:
    return find_statistics(session, as_of, parts().settings.zone, demonstration=invented)


def _charts(tables: dict[str, Any]) -> dict[str, Markup]:
    months = tables["months"][-_MONTHS_SHOWN:]
    timed = [row for row in tables["stages"] if row["median_days"] is not None]
    return {
        "months": bars(
            [row["month"] for row in months],
            [
                ("good", gettext("Accepted"), [row["accepted"] for row in months]),
                ("stop", gettext("Refused"), [row["refused"] for row in months]),
                ("care", gettext("Referred to an officer"), [row["referred"] for row in months]),
            ],
            title=gettext("Results of each month by outcome. The table below has every month."),
            stacked=True,
            number=show_number,
        )
        if months
        else Markup(),
        "stages": bars(
            [row["label"] for row in timed],
            [
                ("unknown", gettext("Lower quartile"), _days(timed, "lower_quartile_days")),
                ("good", gettext("Median"), _days(timed, "median_days")),
                ("info", gettext("Upper quartile"), _days(timed, "upper_quartile_days")),
            ],
            title=gettext("Days in each stage: median and quartiles. The table below has them."),
            number=show_number,
        )
        if any(row["upper_quartile_days"] for row in timed)
        else Markup(),
    }


def _days(rows: list[dict[str, Any]], column: str) -> list[float]:
    return [row[column] for row in rows]
