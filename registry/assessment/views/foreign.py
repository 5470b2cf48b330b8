"""Pages of foreign results: how many were accepted and why not, and each one."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment.foreign.affected import affected
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.laboratory_queries import slugs_of
from registry.assessment.foreign.queries import (
    OUTCOMES,
    Filters,
    explain_foreign,
    foreign_result,
    foreign_results,
    last_lists,
    outcome_counts,
    reason_counts,
)
from registry.assessment.foreign.relying import rely_on
from registry.assessment.presenters.foreign import (
    COLUMNS,
    RELIED_COLUMNS,
    present_one,
    present_reasons,
    present_relied,
    present_row,
    present_summary,
)
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import page_reader
from registry.catalog.spreadsheets.writing import MEDIA_TYPES, table_chunks
from registry.charts import bars
from registry.errors import Conflict, Invalid
from registry.messages import Message
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, change, current_actor, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import show_number, term_label
from registry.web.paging import decode_cursor, encode_cursor

_PAGE = 50
_RELIED_SHOWN = 200
_TONES = {"accept": "good", "refuse": "stop", "refer": "care"}


@blueprint.get("/foreign-results")
@needs(PUBLIC)
def foreign_list() -> str:
    """Show what the rules make of foreign results, by outcome and reason."""
    filters = _filters()
    key = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        as_of = asked_as_of(session)
        summary = present_summary(outcome_counts(session, as_of))
        reasons = present_reasons(reason_counts(session, as_of, filters.scheme))
        found = foreign_results(
            session, as_of, filters, after=key[0] if key else 0, limit=_PAGE + 1
        )
        lists = last_lists(session, as_of)
        relied = affected(session, as_of) if key is None else []
    asked: dict[str, Any] = {
        "scheme": filters.scheme,
        "outcome": filters.outcome,
        "reason": filters.reason,
        "issuer": filters.issuer,
        "laboratory": filters.laboratory,
        "known": as_of.known,
    }
    following = encode_cursor(found[_PAGE - 1].result.id) if len(found) > _PAGE else None
    return render_template(
        "public/foreign_results.html",
        summary=summary,
        chart=_chart(summary),
        reasons=reasons,
        rows=[present_row(facts) for facts in found[:_PAGE]],
        lists={scheme: row.read_on for scheme, row in lists.items()},
        relied=present_relied(relied[:_RELIED_SHOWN]),
        relied_total=len(relied),
        schemes_named=schemes_named(),
        reasons_named=[
            (key, term_label("acceptance-reason", key))
            for key in dict.fromkeys(row["reason"] for row in reasons)
        ],
        outcomes=OUTCOMES,
        asked=asked,
        known=as_of.known,
        first_page=key is None,
        following=url_for("assessment.foreign_list", **asked, cursor=following)
        if following
        else None,
        may_import=current_actor().may("foreign-result:import"),
    )


@blueprint.get("/foreign-results.csv")
@needs(PUBLIC)
def foreign_csv() -> Response:
    """Give the results asked for as a table for programs."""
    with reading() as session:
        found = foreign_results(session, asked_as_of(session), _filters())
    rows = [[present_row(facts)[name] for name in COLUMNS] for facts in found]
    response = Response(table_chunks("csv", "results", COLUMNS, rows), mimetype=MEDIA_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="foreign-results.csv"'
    return response


@blueprint.get("/foreign-results/relied-on.csv")
@needs(PUBLIC)
def foreign_relied_csv() -> Response:
    """Give all that rests on results no longer in force as a table for programs."""
    with reading() as session:
        relied = present_relied(affected(session, asked_as_of(session)))
    rows = [[row[name] for name in RELIED_COLUMNS] for row in relied]
    table = table_chunks("csv", "relied-on", RELIED_COLUMNS, rows)
    response = Response(table, mimetype=MEDIA_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="foreign-relied-on.csv"'
    return response


@blueprint.get(f"/foreign-results/<any({', '.join(sorted(FORMATS))}):scheme>/<number>")
@needs(PUBLIC)
def foreign_one(scheme: str, number: str) -> Response:
    """Show one foreign result: its course, and whether it is accepted on a day, and why."""
    return _one(scheme, number, {}, {})


@blueprint.post(f"/foreign-results/<any({', '.join(sorted(FORMATS))}):scheme>/<number>")
@needs("foreign-result:import")
def foreign_rely(scheme: str, number: str) -> BaseResponse:
    """Record that an application or a declaration rests on the result."""
    typed = request.form.to_dict()
    try:
        with change() as uow:
            rely_on(uow, scheme, number, typed.get("relying", ""))
    except (Invalid, Conflict) as error:
        named = error if isinstance(error, Invalid) else Invalid.one("relying", error.message)
        return _one(scheme, number, form_errors(named), typed, 422)
    flash(gettext("Recorded."), "good")
    return redirect(url_for("assessment.foreign_one", scheme=scheme, number=number))


def _one(
    scheme: str, number: str, errors: Any, typed: dict[str, str], status: int = 200
) -> Response:
    with reading() as session:
        as_of = asked_as_of(session)
        facts = foreign_result(session, scheme, number, as_of)
        acceptance = explain_foreign(session, facts, as_of, parts().settings.zone)
        named = [step["laboratory"] for step in facts.record.content["steps"]]
        slugs = slugs_of(session, [name for name in named if name])
        context = present_one(facts, acceptance, page_reader(session), slugs)
    page = render_template(
        "public/foreign_result.html",
        **context,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
        may_rely=current_actor().may("foreign-result:import"),
        errors=errors,
        typed=typed,
    )
    return make_response(page, status)


def schemes_named() -> list[tuple[str, str]]:
    return [(key, term_label("foreign-scheme", key)) for key in sorted(FORMATS)]


def _filters() -> Filters:
    scheme, outcome = request.args.get("scheme"), request.args.get("outcome")
    if scheme and scheme not in FORMATS:
        raise Invalid.one("scheme", Message("There is no such scheme."))
    if outcome and outcome not in OUTCOMES:
        raise Invalid.one("outcome", Message("There is no such outcome."))
    rest = (request.args.get(name) or None for name in ("reason", "issuer", "laboratory"))
    return Filters(scheme or None, outcome or None, *rest)


def _chart(summary: list[dict[str, Any]]) -> Markup | None:
    if not summary:
        return None
    words = {
        "accept": gettext("Accepted"),
        "refuse": gettext("Refused"),
        "refer": gettext("Referred to an officer"),
    }
    return bars(
        [row["scheme"].upper() for row in summary],
        [(_TONES[key], words[key], [row[key] for row in summary]) for key in OUTCOMES],
        title=gettext("Foreign results by scheme and outcome"),
        stacked=True,
        number=show_number,
    )
