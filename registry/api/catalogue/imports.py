"""Imports as resources: send a file, ask how far it is, approve somebody else's."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from flask import Response, request
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from registry.api.answers import page, page_parameters, tagged
from registry.api.commands import run_command
from registry.api.parameters import PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ReceiptSchema, page_of
from registry.catalog.importing import jobs
from registry.catalog.importing.problems import Problem, read_problems
from registry.catalog.importing.states import CHOICES, READING
from registry.catalog.importing.subjects import LISTS
from registry.catalog.importing.uploads import (
    CATALOGUE,
    Asked,
    layout_of,
    rows_of,
    store_catalogue,
    store_upload,
)
from registry.catalog.importing.working import QUICK_ROWS, work_on
from registry.catalog.models import ImportJob
from registry.catalog.schemas import RefreshSchema, ReturnSchema
from registry.catalog.spreadsheets.columns import EDITIONS, columns
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.errors import Invalid
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork
from registry.web.edge import parts, reading
from registry.web.i18n import translate

blueprint = Resource("Imports", "Whole lists from spreadsheets or JSON Lines")

_MULTIPART = "multipart/form-data"
_MEDIA = (*MEDIA_TYPES.values(), "application/octet-stream", _MULTIPART)
_SHOWN_LISTS = (*LISTS, CATALOGUE)
_DEFAULTS = ("kind", "publisher", "source")


class ImportCountsSchema(AnswerSchema):
    """What an import did, or would do."""

    rows = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer(metadata={"description": "What the register says already."})
    held = fields.Integer(
        metadata={"description": "Rows left to the followed catalogue that holds their editions."}
    )
    bad = fields.Integer()
    withdrawn = fields.Integer(
        metadata={"description": "Of a refresh: editions that had not ended here before."}
    )
    adopted = fields.Integer(
        metadata={"description": "Of a refresh: those of them that national editions adopt."}
    )
    unlisted = fields.Integer(
        metadata={"description": "Of a refresh: held here and no longer listed."}
    )

    sometimes = frozenset({"withdrawn", "adopted", "unlisted"})


class BadCellSchema(AnswerSchema):
    """What is wrong with one cell of a file."""

    row = fields.Integer(metadata={"description": "Row of the file, from 1 on."})
    column = fields.Integer(allow_none=True, metadata={"description": "Column, from 1 on."})
    field = fields.String()
    value = fields.String()
    reason = fields.String()


class ImportAnswerSchema(AnswerSchema):
    """An import: where it stands and what it did."""

    id = fields.Integer()
    href = fields.String()
    state = fields.String(
        metadata={
            "description": "reading (a long spreadsheet), unreadable, mapping, checking, "
            "checked (not submitted), waiting (for approval by "
            "a second person), approved, running (a refresh), finished or done."
        }
    )
    list = fields.String(metadata={"enum": list(_SHOWN_LISTS)})
    form = fields.String()
    content_hash = fields.String(metadata={"description": "SHA-256 of the file, hex."})
    choice = fields.String(allow_none=True)
    columns = fields.List(
        fields.String(), metadata={"description": "The field of each column; blank for none."}
    )
    rows_total = fields.Integer()
    rows_done = fields.Integer()
    counts = fields.Nested(ImportCountsSchema)
    positions = fields.List(
        fields.List(fields.Integer()),
        metadata={"description": "First and last journal position of each unit of work."},
    )
    returned = fields.String(metadata={"description": "Why it was returned."})
    bad_rows_href = fields.String()
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"counts", "returned", "receipt"})


@blueprint.upload(
    "/imports",
    ImportAnswerSchema,
    media=_MEDIA,
    query=[
        query("list", "Which list the rows belong to.", enum=tuple(LISTS)),
        query("choice", "All rows or none, or the good ones only.", enum=CHOICES, default="all"),
        query("name", "The file's name, when the body is the file itself."),
        query(
            "columns",
            "The field of each column from the left, with commas between; guessed when left out.",
        ),
        query("kind", "Kind of new editions whose row does not say it."),
        query("publisher", "Publisher of new editions whose row does not say it."),
        query("source", "Source of new editions whose row does not say it."),
    ],
    permission="catalogue:import",
)
def send() -> Response:
    """Send a file to be checked and imported.

    Rows of the national list and obligations wait for another person's approval. A short
    file is done when the answer comes; of a long one the answer tells where to ask.
    """
    name, content = _sent()
    of = text("list")
    if of is None or of not in LISTS:
        raise Invalid.one("list", Message("Say which list the rows belong to."))
    columns_asked = request.args.get("columns")
    asked = Asked(
        columns_asked.split(",") if columns_asked is not None else None,
        {name: value for name in _DEFAULTS if (value := text(name))},
    )
    rows, approved = LISTS[of]
    upload = store_upload(parts().files, name, content, rows, asked)
    choice = text("choice") or "all"

    def work(uow: UnitOfWork) -> Mapping[str, Any]:
        job = jobs.open_import(uow, upload, national=approved, choice=choice)
        return _answer(jobs.ImportFacts(job, None))

    response = run_command(work, 202, None, content=content)
    answered = response.get_json()
    if answered["state"] != READING and answered["rows_total"] <= QUICK_ROWS:
        work_on(parts().units, parts().files, answered["id"])
    return response


@blueprint.upload(
    "/catalogues/<slug>/refreshes",
    ImportAnswerSchema,
    media=_MEDIA,
    query=[
        query("data_of", "When the data were published: a year, a month or a day."),
        query("name", "The file's name, when the body is the file itself."),
    ],
    permission="catalogue:import",
)
def refresh(slug: str) -> Response:
    """Take over a whole followed catalogue from JSON Lines, packed or not.

    Only what changed is recorded. The answer tells where to ask how far it is.
    """
    data = load(RefreshSchema(), {"data_of": text("data_of")})
    name, content = _sent()
    upload = store_catalogue(parts().files, name, content)

    def work(uow: UnitOfWork) -> Mapping[str, Any]:
        job = jobs.open_refresh(uow, upload, slug, data["data_of"])
        return _answer(jobs.ImportFacts(job, None))

    return run_command(work, 202, None, content=content)


@blueprint.question(
    "/imports/<int:import_id>", ImportAnswerSchema, permission="catalogue:read-imports"
)
def one(import_id: int) -> Response:
    """Tell where an import stands."""
    return tagged(_answer(_load(import_id)))


@blueprint.question(
    "/imports/<int:import_id>/bad-rows",
    page_of(BadCellSchema),
    query=PAGING,
    permission="catalogue:read-imports",
)
def bad_rows(import_id: int) -> Response:
    """List every bad cell with its reason."""
    job = _load(import_id).job
    key, limit = page_parameters(int)
    start = key[0] if key else 0
    found = list(
        islice(
            enumerate(read_problems(parts().files, job.problems), start=1), start, start + limit + 1
        )
    )
    return page(found, limit, lambda item: _bad_cell(item[1], job), lambda item: (item[0],))


@blueprint.command(
    "/imports/<int:import_id>/approve", ImportAnswerSchema, permission="catalogue:approve-import"
)
def approve(uow: UnitOfWork, import_id: int) -> Mapping[str, Any]:
    """Approve an import of the national list; whoever uploaded it cannot."""
    jobs.approve_import(uow, import_id)
    return _answer(jobs.one_import(uow.session, import_id))


@blueprint.command(
    "/imports/<int:import_id>/return",
    ImportAnswerSchema,
    body=ReturnSchema,
    permission="catalogue:approve-import",
)
def send_back(uow: UnitOfWork, import_id: int, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an import to whoever uploaded it, with the reason."""
    jobs.return_import(uow, import_id, data)
    return _answer(jobs.one_import(uow.session, import_id))


def _sent() -> tuple[str, bytes]:
    """Return the name and the bytes of the file sent, as a form or as the body itself."""
    if request.mimetype == _MULTIPART:
        file = request.files.get(FILE)
        if file is None:
            raise Invalid.one(FILE, Message("Choose a file first."))
        return file.filename or "", file.read()
    if request.mimetype not in _MEDIA:
        raise UnsupportedMediaType(f"Send the file as one of: {', '.join(_MEDIA)}.")
    return text("name") or "", request.get_data(cache=True)


def _load(import_id: int) -> jobs.ImportFacts:
    with reading() as session:
        return jobs.one_import(session, import_id)


def _answer(facts: jobs.ImportFacts) -> dict[str, Any]:
    job, record = facts
    layout = layout_of(job.layout)
    answer: dict[str, Any] = {
        "id": job.id,
        "href": f"/api/v1/imports/{job.id}",
        "state": facts.state,
        "list": _list_of(job),
        "form": job.form,
        "content_hash": job.content_hash,
        "choice": record.choice if record else job.choice,
        "columns": list(layout.paths) if layout else [],
        "rows_total": job.rows_total,
        "rows_done": job.rows_done,
        "positions": job.written.get("positions", []),
        "bad_rows_href": f"/api/v1/imports/{job.id}/bad-rows",
    }
    if job.counts:
        answer["counts"] = dict(job.counts)
    if record is not None and record.reason:
        answer["returned"] = record.reason
    return answer


def _list_of(job: ImportJob) -> str:
    if rows_of(job.layout) != EDITIONS:
        return rows_of(job.layout)
    return "national" if job.national else "followed"


def _bad_cell(problem: Problem, job: ImportJob) -> dict[str, Any]:
    layout = layout_of(job.layout)
    path = problem.path
    if layout is not None and problem.place is not None and problem.path not in columns(layout.of):
        path = layout.paths[problem.place]
    return {
        "row": problem.row,
        "column": None if problem.place is None else problem.place + 1,
        "field": path,
        "value": problem.value,
        "reason": translate(problem.reason),
    }
