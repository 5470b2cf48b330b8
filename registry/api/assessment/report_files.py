"""Many reports in one spreadsheet: sent once, each submitted or told what keeps it back."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from registry.api.answers import as_json, tagged
from registry.api.commands import run_command
from registry.api.parameters import query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.assessment.intake.report_files import (
    ALL,
    CHOICES,
    DRAFTS,
    Outcome,
    keep_file,
    outcomes,
    submit_batch,
)
from registry.catalog.spreadsheets.tables import FILE
from registry.catalog.spreadsheets.writing import CSV, MEDIA_TYPES, XLSX
from registry.errors import Invalid
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.edge import current_actor, parts, reading
from registry.web.i18n import current_language, translate, translate_fields

blueprint = Resource("Report files", "Reports from spreadsheets: a row for each result")

_MULTIPART = "multipart/form-data"
_MEDIA = (MEDIA_TYPES[XLSX], MEDIA_TYPES[CSV], "application/octet-stream", _MULTIPART)


class ReportCellSchema(AnswerSchema):
    """A cell that is wrong."""

    sheet = fields.String()
    row = fields.Integer(metadata={"description": "Row of the file, from 1 on."})
    column = fields.String(metadata={"description": "Heading of the column."})
    field = fields.String()
    value = fields.String()
    reason = fields.String()


class FileProblemSchema(AnswerSchema):
    """What keeps a report back."""

    field = fields.String()
    detail = fields.String()


class FiledReportSchema(AnswerSchema):
    """A report of the file."""

    number = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": ["submitted", "ready", "to_mend"]})
    href = fields.String(allow_none=True, metadata={"description": "The report submitted."})
    problems = fields.List(fields.Nested(FileProblemSchema))


class ReportFileSchema(AnswerSchema):
    """The reports of one file and how they stand."""

    href = fields.String()
    submitted = fields.Integer()
    reports = fields.List(fields.Nested(FiledReportSchema))
    bad_cells = fields.List(fields.Nested(ReportCellSchema))


@blueprint.upload(
    "/report-files",
    ReportFileSchema,
    media=_MEDIA,
    query=[
        query(
            "choice",
            "All reports or none, the good ones only, or none yet: each stays a draft.",
            enum=CHOICES,
            default=ALL,
        ),
        query("name", "The file's name, when the body is the file itself."),
    ],
    permission="report:submit",
)
def send_file() -> Response:
    """Send a filled template, XLSX or CSV, of up to 10,000 rows and 500 reports.

    What is not submitted stays a draft in the workspace, with every bad cell.
    """
    name, content = _sent()
    choice = text("choice") or ALL

    def work(uow: UnitOfWork) -> Mapping[str, Any]:
        batch = keep_file(
            uow,
            name,
            content,
            language=current_language(),
            say=translate,
            zone=parts().settings.zone,
        )
        return {"href": url_for("Report files.show_file", batch=batch)}

    response = run_command(work, 202, None, content=content)
    batch = response.get_json()["href"].rpartition("/")[2]
    if choice != DRAFTS:
        # A repeated request finds nothing left to do.
        _submit(batch, choice)
    response.set_data(as_json(_answer(batch)))
    return response


@blueprint.question("/report-files/<batch>", ReportFileSchema, permission="report:submit")
def show_file(batch: str) -> Response:
    """Tell how the reports of a file stand today."""
    return tagged(_answer(batch))


def _submit(batch: str, choice: str) -> None:
    try:
        submit_batch(parts().units, current_actor(), batch, choice, parts().settings.zone)
    except Invalid:
        # Of all or none it is none: the answer tells what is wrong with each.
        return


def _sent() -> tuple[str, bytes]:
    if request.mimetype == _MULTIPART:
        file = request.files.get(FILE)
        if file is None:
            raise Invalid.one(FILE, Message("Choose a file first."))
        return file.filename or "-", file.read()
    if request.mimetype not in _MEDIA:
        raise UnsupportedMediaType(f"Send the file as one of: {', '.join(_MEDIA)}.")
    return text("name") or "-", request.get_data(cache=True)


def _answer(batch: str) -> dict[str, Any]:
    with reading() as session:
        found = outcomes(session, parts().units, current_actor(), batch, parts().settings.zone)
    return {
        "href": url_for("Report files.show_file", batch=batch),
        "submitted": sum(one.report_id is not None for one in found),
        "reports": [_report(one) for one in found],
        "bad_cells": [
            cell
            for one in found
            if one.draft.version == 1
            for cell in one.draft.origin.get("cells", [])
        ],
    }


def _report(one: Outcome) -> dict[str, Any]:
    number = one.draft.content.get("number")
    href = None
    if one.report_id is not None:
        href = url_for("Reports.show_report", report_id=one.report_id)
    return {
        "number": str(number) if number else None,
        "state": "submitted" if href else "to_mend" if one.problems else "ready",
        "href": href,
        "problems": [
            {"field": path, "detail": detail}
            for path, texts in translate_fields(one.problems).items()
            for detail in texts
        ],
    }
