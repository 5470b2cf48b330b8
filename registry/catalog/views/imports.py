"""Import of spreadsheets, step by step: upload, columns, check, approval, result."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.queries import user_by_id
from registry.catalog.importing import jobs
from registry.catalog.importing.problems import bad_rows_file, read_problems
from registry.catalog.importing.states import CHECKED, MAPPING, READING
from registry.catalog.importing.subjects import LISTS
from registry.catalog.importing.uploads import CATALOGUE, rows_of, store_upload
from registry.catalog.importing.working import QUICK_ROWS, work_on
from registry.catalog.models import ImportJob
from registry.catalog.presenters.imports import present_import, present_problems, present_steps
from registry.catalog.schemas import ReturnSchema
from registry.catalog.spreadsheets.columns import (
    ANCHORS,
    EDITIONS,
    OBLIGATIONS,
    PROGRAMME,
    columns,
)
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.templates import template_chunks
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.catalog.views.blueprints import catalog
from registry.errors import Invalid, NotFound, RegistryError
from registry.messages import Message
from registry.schema_fields import load
from registry.vocabulary.queries import all_labels
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import current_language, localise, translate
from registry.web.paging import whole_number

PAGE = 100
_ALLOWED = (
    "document-kind",
    "issuing-body",
    "domain",
    "adoption-degree",
    "certification-method",
    "declaration-basis",
)


@catalog.get("/workspace/imports")
@needs("catalogue:read-imports")
def imports() -> str:
    """List the latest imports, and take a file."""
    return _desk({}, {})


@catalog.post("/workspace/imports")
@needs("catalogue:import")
def upload() -> BaseResponse | tuple[str, int]:
    """Store a file and open its import."""
    try:
        sent = request.files.get(FILE)
        if sent is None or not sent.filename:
            raise Invalid.one(FILE, Message("Choose a file first."))
        of = request.form.get("list", "")
        if of not in LISTS:
            raise Invalid.one("list", Message("Say which list the rows belong to."))
        rows, approved = LISTS[of]
        stored = store_upload(parts().files, sent.filename, sent.read(), rows)
        with change() as uow:
            job = jobs.open_import(uow, stored, national=approved)
    except RegistryError as error:
        return _desk(request.form.to_dict(), form_errors(error)), 422
    return _go_on(job)


@catalog.get("/workspace/imports/template.<any(xlsx, csv):form>")
@needs("catalogue:read-imports")
def import_template(form: str) -> Response:
    """Give the empty spreadsheet in the reader's language, of editions, obligations or plans."""
    of = request.args.get("of", EDITIONS)
    if of not in ANCHORS:
        raise NotFound("There is no template of that name.")
    words = (
        {OBLIGATIONS: gettext("Obligations"), PROGRAMME: gettext("Programme of work")}.get(
            of, gettext("Editions")
        ),
        gettext("Explanations"),
        gettext("Column"),
        gettext("What to write"),
        gettext("Allowed values"),
        gettext("Example"),
    )
    allowed: dict[str, dict[str, str]] = {name: {} for name in _ALLOWED}
    with reading() as session:
        for (vocabulary, key), labels in all_labels(session).items():
            if vocabulary in allowed:
                allowed[vocabulary][key] = localise(labels).text
    among = columns(of) if of != EDITIONS else None
    chunks = template_chunks(form, current_language(), words, allowed, among)
    return _file(chunks, form, f"template.{form}" if of == EDITIONS else f"template-{of}.{form}")


@catalog.get("/workspace/imports/<int:import_id>")
@needs("catalogue:read-imports")
def one_import(import_id: int) -> BaseResponse | str:
    """Show where an import stands and what can be done next."""
    facts = _load(import_id)
    if facts.state == MAPPING and current_actor().may("catalogue:import"):
        return redirect(url_for("catalog.import_columns", import_id=import_id))
    return _page(facts, {})


@catalog.get("/workspace/imports/<int:import_id>/bad-rows")
@needs("catalogue:read-imports")
def bad_rows(import_id: int) -> Response:
    """Give the bad rows back as a file of the same form, with a column of reasons."""
    job = _load(import_id).job
    if not job.problems:
        raise NotFound("The file is not checked yet.")
    chunks = bad_rows_file(parts().files, job, gettext("Reason"), translate, current_language())
    return _file(chunks, job.form, f"bad-rows-{import_id}.{job.form}")


@catalog.post("/workspace/imports/<int:import_id>/submit")
@needs("catalogue:import")
def submit_import(import_id: int) -> BaseResponse | tuple[str, int]:
    """Import the rows, or let somebody else approve them first."""
    choice = request.form.get("choice", "")
    return _step(import_id, lambda uow: jobs.submit_import(uow, import_id, choice))


@catalog.post("/workspace/imports/<int:import_id>/approve")
@needs("catalogue:approve-import")
def approve_import(import_id: int) -> BaseResponse | tuple[str, int]:
    """Let the rows of somebody else's upload be imported."""
    return _step(import_id, lambda uow: jobs.approve_import(uow, import_id))


@catalog.post("/workspace/imports/<int:import_id>/return")
@needs("catalogue:approve-import")
def return_import(import_id: int) -> BaseResponse | tuple[str, int]:
    """Give an import back with the reason."""
    form = request.form.to_dict()
    return _step(
        import_id,
        lambda uow: jobs.return_import(uow, import_id, load(ReturnSchema(), form, form=True)),
    )


@catalog.post("/workspace/imports/<int:import_id>/again")
@needs("catalogue:read-imports")
def try_import_again(import_id: int) -> BaseResponse | tuple[str, int]:
    """Take up an import again that stopped."""
    return _step(import_id, lambda uow: jobs.try_again(uow, import_id))


def _step(import_id: int, step: Any) -> BaseResponse | tuple[str, int]:
    try:
        with change() as uow:
            job = step(uow)
    except NotFound:
        raise
    except RegistryError as error:
        return _page(_load(import_id), form_errors(error)), 422
    return _go_on(job)


def _go_on(job: ImportJob) -> BaseResponse:
    """Do what is due at once when the file is short, and show how it went."""
    work_if_quick(job)
    return redirect(url_for("catalog.one_import", import_id=job.id))


def work_if_quick(job: ImportJob) -> None:
    """Work on an import while its visitor waits, unless it is one for the worker."""
    quick = job.phase != READING and rows_of(job.layout) != CATALOGUE
    if quick and job.rows_total <= QUICK_ROWS:
        work_on(parts().units, parts().files, job.id)


def _load(import_id: int) -> jobs.ImportFacts:
    with reading() as session:
        return jobs.one_import(session, import_id)


def _desk(values: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    with reading() as session:
        rows = [present_import(facts) for facts in jobs.latest_imports(session)]
    return render_template(
        "catalog/imports.html",
        rows=rows,
        may_import=current_actor().may("catalogue:import"),
        values=values,
        errors=errors,
    )


def _page(facts: jobs.ImportFacts, errors: Mapping[str, list[str]]) -> str:
    number = max(whole_number(request.args.get("page", "1")) or 1, 1)
    problems = read_problems(parts().files, facts.job.problems)
    shown = list(islice(problems, (number - 1) * PAGE, number * PAGE + 1))
    with reading() as session:
        earlier = jobs.earlier_import(session, facts.job)
        by = facts.job.uploaded_by_user_id
        uploader = user_by_id(session, by).name if by is not None else None
    actor = current_actor()
    return render_template(
        "catalog/import.html",
        item=present_import(facts, uploader),
        steps=present_steps(facts, _step_labels()),
        problems=[
            {**problem, "reason": translate(problem["reason"])}
            for problem in present_problems(shown[:PAGE], facts, current_language())
        ],
        pager={
            "first": None,
            "last": None,
            "total": None,
            "previous_href": url_for(".one_import", import_id=facts.job.id, page=number - 1)
            if number > 1
            else None,
            "next_href": url_for(".one_import", import_id=facts.job.id, page=number + 1)
            if len(shown) > PAGE
            else None,
        },
        earlier=earlier.id if earlier else None,
        may_import=actor.may("catalogue:import"),
        may_approve=actor.may("catalogue:approve-import"),
        own=actor.user_id is not None and actor.user_id == facts.job.uploaded_by_user_id,
        checked=facts.state == CHECKED,
        typed=request.form.to_dict(),
        errors=errors,
    )


def _step_labels() -> dict[str, str]:
    return {
        "columns": gettext("Columns"),
        "check": gettext("Check"),
        "approval": gettext("Approval"),
        "import": gettext("Import"),
        "result": gettext("Result"),
    }


def _file(chunks: Any, form: str, name: str) -> Response:
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
