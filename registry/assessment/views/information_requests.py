"""What officers ask applicants, and what applicants answer, on the page of an application."""

from collections.abc import Mapping

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import SIGNED_IN
from registry.assessment.intake.uploads import receive_file
from registry.assessment.queries.applications import application_file
from registry.assessment.schemas import InformationAnswerSchema, InformationRequestSchema
from registry.assessment.services import information_requests as service
from registry.assessment.views.applications import take_step
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import version
from registry.assessment.views.report_drafts import file_name
from registry.errors import NotFound
from registry.history import AsOf
from registry.schema_fields import load
from registry.storage import FileStore
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading


@blueprint.post("/workspace/applications/<number>/ask")
@needs("application:ask")
def ask_applicant(number: str) -> BaseResponse:
    """Ask the applicant for information; the application waits until it answers."""

    def take(form: Mapping[str, str]) -> str:
        data = load(InformationRequestSchema(), form, form=True)
        with change() as uow:
            service.ask_applicant(uow, number, data, expected=version())
        return str(gettext("The applicant is asked; the days until the answer are not yours."))

    return take_step(number, take)


@blueprint.post("/workspace/applications/<number>/requests/<int:request_id>/answer")
@needs("application:answer")
def answer_request(number: str, request_id: int) -> BaseResponse:
    """Answer a request, with files where it takes them."""

    def take(form: Mapping[str, str]) -> str:
        load(InformationAnswerSchema(), {"answer": form.get("answer")})
        files = [
            receive_file(parts(), current_actor(), file_name(sent.filename), sent.stream).sha256
            for sent in request.files.getlist("files")
            if sent.filename
        ]
        data = load(InformationAnswerSchema(), {"answer": form.get("answer"), "files": files})
        with change() as uow:
            service.answer_request(uow, number, request_id, data, expected=version())
        return str(gettext("Your answer is received."))

    return take_step(number, take)


@blueprint.post("/workspace/applications/<number>/requests/<int:request_id>/close")
@needs("application:ask")
def close_request(number: str, request_id: int) -> BaseResponse:
    """Close a request without an answer."""

    def take(_: Mapping[str, str]) -> str:
        with change() as uow:
            service.close_request(uow, number, request_id, expected=version())
        return str(gettext("The request is closed."))

    return take_step(number, take)


@blueprint.get("/workspace/applications/<number>/requests/<int:request_id>/files/<sha256>")
@needs(SIGNED_IN)
def answer_download(number: str, request_id: int, sha256: str) -> Response:
    """Give a file of an answer to those who may read the application; never shown in place."""
    registry = parts()
    with reading() as session:
        found = application_file(
            session, current_actor(), number, AsOf(registry.clock.today())
        ).requests
    names = {
        file.sha256: file.name
        for facts in found
        if facts.request.id == request_id
        for file in facts.files
    }
    if sha256 not in names:
        raise NotFound("There is no such file.")
    store = FileStore(registry.settings.attachments_dir)
    response = Response(store.get(sha256), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=names[sha256])
    response.headers["Cache-Control"] = "private, no-store"
    return response
