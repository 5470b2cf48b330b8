"""The public register of declarations of conformity."""

import csv
import io

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import PUBLIC
from registry.assessment.presenters.declarations import present_declaration, present_rows
from registry.assessment.queries.declarations import (
    registered_declaration,
    registered_declarations,
)
from registry.assessment.services.declaration_receipts import render_receipt
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.history import AsOf
from registry.journal.queries import recorded_at
from registry.web.access import needs
from registry.web.edge import asked_as_of, asked_date, parts, reading
from registry.web.paging import decode_cursor

_LONGEST_QUESTION = 200
_MOST_ROWS = 50_000
_COLUMNS = (
    "number",
    "declarer",
    "product",
    "models",
    "regulations",
    "basis",
    "certificate",
    "valid_from",
    "valid_until",
    "status",
    "status_since",
)


@blueprint.get("/declarations")
@needs(PUBLIC)
def declarations() -> str:
    """List or search the registered declarations, with their status on a day."""
    typed = _question()
    cursor = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        as_of = asked_as_of(session)
        found = registered_declarations(
            session, as_of, text=typed, after=cursor[0] if cursor else None, limit=PAGE + 1
        )
    address = {"at": asked_date("at"), "known": as_of.known}
    return render_template(
        "assessment/declarations.html",
        rows=present_rows(found[:PAGE]),
        typed=typed,
        asked_on=as_of.at,
        **address,
        pager=cursor_pager(
            "assessment.declarations",
            first_page=cursor is None,
            following=found[PAGE - 1].declaration.id if len(found) > PAGE else None,
            q=typed or None,
            **address,
        ),
    )


@blueprint.get("/declarations.csv")
@needs(PUBLIC)
def declarations_csv() -> Response:
    """Give the registered declarations as a table for programs, with their status on a day."""
    with reading() as session:
        as_of = asked_as_of(session)
        found = registered_declarations(session, as_of, text=_question(), limit=_MOST_ROWS)
    table = io.StringIO()
    writer = csv.DictWriter(table, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for facts in found:
        declaration, product = facts.declaration, facts.declaration.content["product"]
        writer.writerow(
            {
                "number": declaration.number,
                "declarer": _safe(_either(facts.declarer.names)),
                "product": _safe(_either(product["name"])),
                "models": _safe("; ".join(product["models"])),
                "regulations": "; ".join(edition.designation for edition in facts.editions),
                "basis": declaration.basis,
                "certificate": declaration.certificate_number,
                "valid_from": declaration.valid_from,
                "valid_until": declaration.valid_until,
                "status": facts.status.key if facts.status else None,
                "status_since": facts.status.since if facts.status else None,
            }
        )
    response = Response(table.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="declarations.csv"'
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/declarations/<number>")
@needs(PUBLIC)
def declaration(number: str) -> BaseResponse | str:
    """Show a registered declaration with its status on the day asked."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = registered_declaration(session, number, as_of)
        if facts.declaration.number != number:
            return redirect(
                url_for(
                    "assessment.declaration",
                    number=facts.declaration.number,
                    at=asked_date("at"),
                    known=as_of.known,
                )
            )
        moments = {
            event.known_from: moment
            for event in facts.events
            if (moment := recorded_at(session, event.known_from)) is not None
        }
        context = present_declaration(facts, page_reader(session), moments)
    return render_template(
        "assessment/declaration.html",
        **context,
        asked_on=as_of.at,
        at=asked_date("at"),
        known=as_of.known,
    )


@blueprint.get("/declarations/<number>.pdf")
@needs(PUBLIC)
def declaration_pdf(number: str) -> Response:
    """Give the receipt of a registered declaration; made now if it has not been made yet."""
    registry = parts()
    with reading() as session:
        facts = registered_declaration(session, number, AsOf(registry.clock.today()))
    sha256 = render_receipt(registry.units, registry.files, facts.declaration.id)
    response = Response(registry.files.get(sha256), mimetype="application/pdf")
    name = f"{facts.declaration.number}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    # The bytes follow from frozen data, but whether they are still true does not.
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _question() -> str:
    return request.args.get("q", "").strip()[:_LONGEST_QUESTION]


def _either(texts: dict[str, str]) -> str:
    return texts.get("vi") or next(iter(texts.values()))


def _safe(text: str) -> str:
    """Keep spreadsheets from taking what a declarer wrote for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
