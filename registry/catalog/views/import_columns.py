"""Which column of an uploaded spreadsheet fills which field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.catalog.importing import jobs
from registry.catalog.importing.states import CHECKED, MAPPING
from registry.catalog.importing.uploads import count_rows, layout_of, stored_tables
from registry.catalog.models import ImportJob
from registry.catalog.presenters.imports import present_columns
from registry.catalog.schemas import NATIONAL_KINDS
from registry.catalog.spreadsheets.columns import columns
from registry.catalog.spreadsheets.layouts import (
    Layout,
    check_layout,
    guess_paths,
    headings,
    layout_for,
)
from registry.catalog.spreadsheets.rows import table_of
from registry.catalog.spreadsheets.tables import MOST_COLUMNS, Table
from registry.catalog.views.blueprints import catalog
from registry.catalog.views.imports import work_if_quick
from registry.errors import BadTransition, Invalid, RegistryError
from registry.history import AsOf
from registry.messages import Message
from registry.schema_fields import TITLE_LENGTH
from registry.vocabulary.queries import terms
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import current_language, term_label
from registry.web.paging import whole_number

_DEFAULTS = ("kind", "publisher", "source")
_FOREIGN_KINDS = ("international", "regional", "foreign")


@catalog.get("/workspace/imports/<int:import_id>/columns")
@needs("catalogue:import")
def import_columns(import_id: int) -> Response | str:
    """Show what each column is taken for, to be corrected."""
    facts = _load(import_id)
    job, layout = facts.job, layout_of(facts.job.layout)
    if layout is None or facts.state not in (MAPPING, CHECKED):
        return redirect(url_for("catalog.one_import", import_id=import_id))
    return _form(job, stored_tables(parts().files, job.content_hash, job.layout), layout, {})


@catalog.post("/workspace/imports/<int:import_id>/columns")
@needs("catalogue:import")
def set_import_columns(import_id: int) -> Response | tuple[str, int] | str:
    """Take the columns as corrected and check the rows; or guess again from other headings."""
    job = _load(import_id).job
    layout = layout_of(job.layout)
    if layout is None:
        raise BadTransition(Message("A file of this form has no columns to choose."))
    tables = stored_tables(parts().files, job.content_hash, job.layout)
    try:
        layout, table = _typed(tables, layout)
        if request.form.get("step") == "guess":
            return _form(job, tables, _guessed(table, layout, job.layout["sheet"]), {})
        check_layout(layout)
        with change() as uow:
            job = jobs.set_layout(uow, import_id, layout, count_rows(table, layout))
    except RegistryError as error:
        return _form(job, tables, layout, form_errors(error)), 422
    work_if_quick(job)
    return redirect(url_for("catalog.one_import", import_id=import_id))


def _load(import_id: int) -> jobs.ImportFacts:
    with reading() as session:
        return jobs.one_import(session, import_id)


def _typed(tables: Sequence[Table], layout: Layout) -> tuple[Layout, Table]:
    """Return the layout as the form has it, and the sheet that it is of."""
    form = request.form
    typed = replace(layout, sheet=form.get("sheet", layout.sheet))
    table = table_of(tables, typed)
    first, height = (whole_number(form.get(name, "")) for name in ("heading_row", "heading_rows"))
    if first is None or height is None or not 1 <= height <= 3 or first > table.rows[-1].number:
        raise Invalid.one(
            "heading_row", Message("Write in which row the headings stand, 0 if there are none.")
        )
    width = max(len(row.cells) for row in table.rows)
    typed = replace(
        typed,
        heading_row=first,
        heading_rows=height,
        paths=tuple(form.get(f"columns.{place}", "") for place in range(min(width, MOST_COLUMNS))),
        defaults={
            name: value[:TITLE_LENGTH]
            for name in _DEFAULTS
            if (value := form.get(f"defaults.{name}", "").strip())
        },
    )
    return typed, table


def _guessed(table: Table, layout: Layout, sheet: str) -> Layout:
    """Return what the headings mean, where they were said to stand or in another sheet."""
    if table.name != sheet:
        return replace(layout_for([table], layout.of), defaults=layout.defaults)
    return replace(layout, paths=guess_paths(headings(table, layout), columns(layout.of)))


def _form(
    job: ImportJob,
    tables: Sequence[Table],
    layout: Layout,
    errors: Mapping[str, list[str]],
) -> str:
    language = current_language()
    table = table_of(tables, layout)
    with reading() as session:
        bodies = terms(session, "issuing-body", AsOf(parts().clock.today()))
    kinds = NATIONAL_KINDS if job.national else _FOREIGN_KINDS
    shown: list[dict[str, Any]] = present_columns(table, layout)
    return render_template(
        "catalog/import_columns.html",
        job=job,
        layout=layout,
        sheets=[(t.name, t.name) for t in tables],
        columns=shown,
        fields=[(path, column.labels[language]) for path, column in columns(layout.of).items()],
        kinds=[(key, term_label("document-kind", key)) for key in kinds],
        bodies=[(term.key, term_label("issuing-body", term.key)) for term in bodies],
        errors=errors,
    )
