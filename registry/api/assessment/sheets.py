"""Whole scopes and lists by file: looked at, or looked at and imported."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from registry.api.commands import run_command
from registry.api.parameters import MOST, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ReceiptSchema
from registry.assessment.queries.references import arrangement_at
from registry.assessment.sheets.imports import SheetCheck, check_sheet, import_sheet
from registry.assessment.sheets.kinds import KINDS, SheetKind
from registry.catalog.importing.states import CHOICES
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.errors import Invalid
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.i18n import translate

blueprint = Resource("Sheets", "Scope lines and listings by file, with every bad row named")

PREVIEW = "preview"

_MULTIPART = "multipart/form-data"
_MEDIA = (*MEDIA_TYPES.values(), "application/json", "application/octet-stream", _MULTIPART)
_QUERY = [
    query(
        "choice",
        "Only look at it, import all rows or none, or import the good rows only.",
        enum=(PREVIEW, *CHOICES),
        default=PREVIEW,
    )
]


class SheetCountsSchema(AnswerSchema):
    """Numbers of rows; ``unchanged`` are those that the register says already."""

    rows = fields.Integer()
    new = fields.Integer()
    unchanged = fields.Integer()
    bad = fields.Integer()


class SheetColumnSchema(AnswerSchema):
    """A column of the file, and the field that it was taken for; blank for none."""

    heading = fields.String()
    field = fields.String()


class SheetProblemSchema(AnswerSchema):
    """What is wrong with one cell of the file."""

    row = fields.Integer()
    field = fields.String()
    value = fields.String()
    reason = fields.String()


class SheetAnswerSchema(AnswerSchema):
    """What importing the file does; ``receipt`` is there when it did something."""

    choice = fields.String()
    counts = fields.Nested(SheetCountsSchema)
    columns = fields.List(fields.Nested(SheetColumnSchema))
    bad = fields.List(fields.Nested(SheetProblemSchema))
    receipt = fields.Nested(ReceiptSchema)

    sometimes = frozenset({"receipt"})


def _upload(rule: str, permission: str) -> Any:
    return blueprint.upload(
        rule, SheetAnswerSchema, media=_MEDIA, query=_QUERY, permission=permission
    )


@_upload(
    f"/accreditations/<int(max={MOST}):accreditation_id>/scope-lines/import",
    KINDS["scope"].permission,
)
def import_scope(accreditation_id: int) -> Response:
    """Import lines of a scope; the same file again changes nothing."""
    return _answer(KINDS["scope"], lambda _: accreditation_id)


@_upload("/arrangements/<slug>/scope-lines/import", KINDS["arrangement-scope"].permission)
def import_arrangement_scope(slug: str) -> Response:
    """Import what an arrangement covers; the same file again changes nothing."""
    return _answer(KINDS["arrangement-scope"], lambda session: arrangement_at(session, slug).id)


@_upload("/arrangements/<slug>/listings/import", KINDS["listings"].permission)
def import_listings(slug: str) -> Response:
    """Import whom an arrangement lists; the same file again changes nothing."""
    return _answer(KINDS["listings"], lambda session: arrangement_at(session, slug).id)


def _answer(kind: SheetKind, subject_in: Any) -> Response:
    content = _sent()
    choice = text("choice") or PREVIEW

    def work(uow: UnitOfWork) -> Mapping[str, Any]:
        subject_id = subject_in(uow.session)
        if choice == PREVIEW:
            return _present(check_sheet(uow.session, kind, subject_id, content), choice)
        return _present(import_sheet(uow, kind, subject_id, content, choice), choice)

    return run_command(work, 202, None, content=content)


def _present(check: SheetCheck, choice: str) -> dict[str, Any]:
    return {
        "choice": choice,
        "counts": check.counts,
        "columns": [
            {"heading": column.heading, "field": column.path} for column in check.table.columns
        ],
        "bad": [
            {
                "row": cell.row,
                "field": cell.path,
                "value": cell.value,
                "reason": translate(cell.reason),
            }
            for cell in check.bad_cells
        ],
    }


def _sent() -> bytes:
    """Return the bytes of the file sent, as a form or as the body itself."""
    if request.mimetype == _MULTIPART:
        file = request.files.get(FILE)
        if file is None:
            raise Invalid.one(FILE, Message("Choose a file first."))
        read: bytes = file.read()
        return read
    if request.mimetype not in _MEDIA:
        raise UnsupportedMediaType(f"Send the file as one of: {', '.join(_MEDIA)}.")
    sent: bytes = request.get_data(cache=True)
    return sent
