"""Files that are large or come over bad lines: declared by hash, sent in pieces, resumed.

In the manner of the IETF draft "Resumable Uploads for HTTP": HEAD tells the offset, PATCH
appends at it. A file that the laboratory sent before is complete once it is declared.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from registry.accounts.permissions import SIGNED_IN
from registry.api.answers import as_json, json_response
from registry.api.assessment.reports import ONE
from registry.api.parameters import AS_OF
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.assessment.intake.uploads import (
    Progress,
    WrongOffset,
    append,
    declare,
    find_upload,
    progress,
)
from registry.assessment.schemas.attachments import UploadSchema
from registry.assessment.services.attachments import attachment_for
from registry.errors import Invalid
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork
from registry.web.downloads import stranger_file
from registry.web.edge import asked_as_of, current_actor, parts, reading
from registry.web.errors import PROBLEMS, problem_response
from registry.web.i18n import translate

blueprint = Resource("Uploads", "Files of reports, sent in pieces and resumed")

_OFFSET = "Upload-Offset"
_PIECE = (
    "application/partial-upload",
    "application/offset+octet-stream",
    "application/octet-stream",
)
_LONGEST_OFFSET = 15


class UploadAnswerSchema(AnswerSchema):
    """A file that is being sent."""

    href = fields.String()
    sha256 = fields.String()
    size = fields.Integer(metadata={"description": "In bytes."})
    name = fields.String()
    offset = fields.Integer(metadata={"description": "How many bytes have come: go on there."})
    state = fields.String(
        metadata={
            "enum": ["open", "complete", "refused"],
            "description": "A complete file may be named by a report.",
        }
    )
    media_type = fields.String(
        allow_none=True, metadata={"description": "What its content is, once it is complete."}
    )
    certificate = fields.Dict(
        metadata={"description": "What a digital calibration certificate says of itself."}
    )
    problem = fields.String(allow_none=True, metadata={"description": "Why it is refused."})


@blueprint.command(
    "/uploads", UploadAnswerSchema, body=UploadSchema, permission="file:upload", status=201
)
def open_upload(uow: UnitOfWork, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Declare a file by its SHA-256; the answer says from where on it is to be sent."""
    settings = parts().settings
    return _answer(progress(settings, declare(uow, settings, data)))


@blueprint.question("/uploads/<upload_key>", UploadAnswerSchema, permission="file:upload")
def show_upload(upload_key: str) -> Response:
    """Tell how far an upload is; HEAD tells it in the header Upload-Offset."""
    with reading() as session:
        upload = find_upload(session, current_actor(), upload_key)
    return _said(progress(parts().settings, upload))


@blueprint.upload(
    "/uploads/<upload_key>",
    UploadAnswerSchema,
    media=_PIECE,
    query=(),
    permission="file:upload",
    piece=[
        {
            "name": _OFFSET,
            "in": "header",
            "required": True,
            "schema": {"type": "integer", "minimum": 0},
            "description": "Where the piece starts: the offset that the upload stands at.",
        }
    ],
)
def append_piece(upload_key: str) -> Response:
    """Append a piece of at most 16 MB; the last one has the file checked."""
    actor = current_actor()
    with reading() as session:
        find_upload(session, actor, upload_key)
    if request.mimetype not in _PIECE:
        raise UnsupportedMediaType(f"Send the piece as one of: {', '.join(_PIECE)}.")
    try:
        done = append(parts(), actor, upload_key, _offset(), request.stream)
    except WrongOffset as error:
        text = translate(error.message)
        answer = problem_response(409, "conflict", translate(PROBLEMS["conflict"]), text)
        answer.headers[_OFFSET] = str(error.offset)
        return answer
    return _said(done)


@blueprint.question(
    f"{ONE}/attachments/<sha256>",
    None,
    query=AS_OF,
    permission=SIGNED_IN,
    produces="application/octet-stream",
)
def show_attachment(report_id: int, sha256: str) -> Response:
    """Give a file of a report to those whom the report concerns."""
    with reading() as session:
        found = attachment_for(session, current_actor(), report_id, sha256, asked_as_of(session))
    path = FileStore(parts().settings.attachments_dir).path(found.sha256)
    # Programs save what they ask for: it has no type that anything could act on.
    return stranger_file(path, "application/octet-stream", found.name, found.sha256)


def _offset() -> int:
    text = request.headers.get(_OFFSET, "")
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_OFFSET:
        raise Invalid.one(_OFFSET, Message("Name the offset at which this piece starts."))
    return int(text)


def _said(stands: Progress) -> Response:
    response = json_response(as_json(_answer(stands)))
    response.headers[_OFFSET] = str(stands.offset)
    response.headers["Upload-Length"] = str(stands.upload.size)
    response.headers["Upload-Complete"] = "?1" if stands.complete else "?0"
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(stands: Progress) -> dict[str, Any]:
    upload = stands.upload
    return {
        "href": url_for("Uploads.show_upload", upload_key=upload.key),
        "sha256": upload.sha256,
        "size": upload.size,
        "name": upload.name,
        "offset": stands.offset,
        "state": "complete" if stands.complete else "refused" if upload.problem else "open",
        "media_type": upload.media_type,
        "certificate": upload.facts.get("dcc", {}),
        "problem": translate(upload.problem) if upload.problem else None,
    }
