"""Import of scope lines and listings from files: upload, preview, import, bad rows back."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from registry.assessment.models import Accreditation, Arrangement, Body, SheetImport
from registry.assessment.queries.arrangements import arrangement_facts
from registry.assessment.queries.references import arrangement_at
from registry.assessment.sheets.imports import (
    SheetCheck,
    bad_rows,
    check_sheet,
    finish_sheet,
    open_sheet,
    sheet_import,
    subject_of,
)
from registry.assessment.sheets.kinds import KINDS
from registry.assessment.sheets.reading import MOST_ROWS
from registry.assessment.views.blueprint import blueprint
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.templates import template_chunks
from registry.catalog.spreadsheets.writing import CSV, MEDIA_TYPES, XLSX, table_chunks
from registry.errors import Invalid, NotFound, RegistryError
from registry.history import AsOf
from registry.messages import Message
from registry.vocabulary.queries import all_labels
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.i18n import current_language, localise, translate

Page = Response | str | tuple[str, int]

_SHOWN_PROBLEMS = 200
_SHOWN_ROWS = 50


@blueprint.route(
    "/workspace/bodies/<slug>/accreditations/<int:accreditation_id>/scope/import",
    methods=["GET", "POST"],
)
@needs("accreditation:record")
def scope_import(slug: str, accreditation_id: int) -> Page:
    """Take a file of scope lines of an accreditation."""
    with reading() as session:
        accreditation = session.get(Accreditation, accreditation_id)
        if accreditation is None or session.get_one(Body, accreditation.body_id).slug != slug:
            raise NotFound(Message("This body has no such accreditation."))
    return _upload("scope", accreditation_id)


@blueprint.route("/workspace/arrangements/<slug>/scope/import", methods=["GET", "POST"])
@needs("arrangement:record")
def arrangement_scope_import(slug: str) -> Page:
    """Take a file of what an arrangement covers."""
    with reading() as session:
        arrangement_id = arrangement_at(session, slug).id
    return _upload("arrangement-scope", arrangement_id)


@blueprint.route("/workspace/arrangements/<slug>/listings/import", methods=["GET", "POST"])
@needs("arrangement:record")
def listings_import(slug: str) -> Page:
    """Take a file of the bodies that an arrangement lists."""
    with reading() as session:
        arrangement_id = arrangement_at(session, slug).id
    return _upload("listings", arrangement_id)


@blueprint.get(
    "/workspace/sheet-imports/template-"
    "<any(scope, 'arrangement-scope', listings):kind>.<any(xlsx, csv):form>"
)
@needs("body:register")
def sheet_template(kind: str, form: str) -> Response:
    """Give the empty file in the reader's language."""
    words = (
        gettext("Rows"),
        gettext("Explanations"),
        gettext("Column"),
        gettext("What to write"),
        gettext("Allowed values"),
        gettext("Example"),
    )
    among = KINDS[kind].columns
    allowed: dict[str, dict[str, str]] = {
        column.vocabulary: {} for column in among.values() if column.vocabulary
    }
    with reading() as session:
        for (vocabulary, key), labels in all_labels(session).items():
            if vocabulary in allowed:
                allowed[vocabulary][key] = localise(labels).text
    chunks = template_chunks(form, current_language(), words, allowed, among)
    return _file(chunks, form, f"{kind}.{form}")


@blueprint.get("/workspace/sheet-imports/<int:import_id>")
@needs("body:register")
def sheet_preview(import_id: int) -> Page:
    """Show what importing a file would do, or what it did."""
    return _preview(import_id, {})


@blueprint.post("/workspace/sheet-imports/<int:import_id>")
@needs("body:register")
def sheet_finish(import_id: int) -> Page:
    """Import the rows: all or none, or the good ones only."""
    try:
        with change() as uow:
            finish_sheet(uow, parts().files, import_id, request.form.get("choice", ""))
    except NotFound:
        raise
    except RegistryError as error:
        return _preview(import_id, form_errors(error), classify(error)[0])
    flash(gettext("The file is imported."), "success")
    return redirect(url_for("assessment.sheet_preview", import_id=import_id), 303)


@blueprint.get("/workspace/sheet-imports/<int:import_id>/bad-rows")
@needs("body:register")
def sheet_bad_rows(import_id: int) -> Response:
    """Give the bad rows back as a spreadsheet, each with its reasons."""
    with reading() as session:
        kept = sheet_import(session, import_id)
        check = _check(session, kept)
    names, rows = bad_rows(check)
    form = CSV if kept.form == CSV else XLSX
    reason = gettext("Reason")
    lines = ([*cells, "; ".join(translate(cell.reason) for cell in wrong)] for cells, wrong in rows)
    chunks = table_chunks(form, gettext("Bad rows"), [*names, reason], lines)
    return _file(chunks, form, f"bad-rows-{import_id}.{form}")


def _upload(kind: str, subject_id: int) -> Page:
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        try:
            sent = request.files.get(FILE)
            if sent is None or not sent.filename:
                raise Invalid.one(FILE, Message("Choose a file first."))
            of = (KINDS[kind], subject_id)
            with change() as uow:
                kept = open_sheet(uow, parts().files, of, sent.filename, sent.read())
                number = kept.id
            return redirect(url_for("assessment.sheet_preview", import_id=number), 303)
        except RegistryError as error:
            errors, status = form_errors(error), classify(error)[0]
    with reading() as session:
        about = _about(session, kind, subject_id)
    page = render_template(
        "assessment/sheet_upload.html", kind=kind, about=about, errors=errors, most=MOST_ROWS
    )
    return page, status


def _preview(import_id: int, errors: dict[str, list[str]], status: int = 200) -> Page:
    with reading() as session:
        kept = sheet_import(session, import_id)
        about = _about(session, kept.kind, subject_of(kept))
        check = None if kept.finished_at and not kept.counts.get("bad") else _check(session, kept)
    among = KINDS[kept.kind].columns
    language = current_language()
    problems = check.bad_cells if check else []
    page = render_template(
        "assessment/sheet_preview.html",
        item=kept,
        about=about,
        counts=kept.counts or (check.counts if check else {}),
        columns=[
            (column.letter, column.heading, among[column.path].labels[language])
            if column.path
            else (column.letter, column.heading, None)
            for column in check.table.columns
        ]
        if check
        else [],
        headings=[among[path].labels[language] for path in among],
        rows=[
            (row.number, [_cell(row.content.get(path)) for path in among])
            for row, _ in check.new[:_SHOWN_ROWS]
        ]
        if check
        else [],
        problems=[
            {
                "row": cell.row,
                "column": among[cell.path.partition(".")[0]].labels[language]
                if cell.path.partition(".")[0] in among
                else "",
                "value": cell.value,
                "reason": translate(cell.reason),
            }
            for cell in problems[:_SHOWN_PROBLEMS]
        ],
        more_problems=max(0, len(problems) - _SHOWN_PROBLEMS),
        errors=errors,
    )
    return page, status


def _check(session: Session, kept: SheetImport) -> SheetCheck:
    content = parts().files.get(kept.content_hash)
    return check_sheet(session, KINDS[kept.kind], subject_of(kept), content)


def _about(session: Session, kind: str, subject_id: int) -> dict[str, Any]:
    """Return what the rows are of: its name, and the officer's page of it."""
    about = KINDS[kind].about(session, subject_id)
    if isinstance(about, Arrangement):
        href = url_for("assessment.arrangement_admin", slug=about.slug)
        record = arrangement_facts(session, about.slug, AsOf(parts().clock.today())).record
        return {"name": localise(record.titles).text, "href": href}
    body = session.get_one(Body, session.get_one(Accreditation, subject_id).body_id)
    return {
        "name": f"{about.number}, {about.standard}",
        "href": url_for("assessment.body_admin", slug=body.slug),
    }


def _cell(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _file(chunks: Iterator[bytes], form: str, name: str) -> Response:
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
