"""Asks applicants for what is missing, and takes their answers with files."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.assessment import states
from registry.assessment.models import (
    Application,
    ApplicationRecord,
    InformationAnswerFile,
    InformationRequest,
    InformationRequestRecord,
)
from registry.assessment.queries.information_requests import RequestFacts, request_of
from registry.assessment.services.applications import load_application
from registry.assessment.services.attachments import complete_upload, owned_upload
from registry.assessment.services.checks import person, refuse_own_matter
from registry.errors import BadTransition, Invalid, NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork, check_version


def ask_applicant(
    uow: UnitOfWork, number: str, data: Mapping[str, Any], *, expected: int | None = None
) -> InformationRequest:
    """Ask the applicant for information; data as ``InformationRequestSchema`` loads it.

    From today until the answer the application waits for its applicant.
    """
    uow.actor.require("application:ask")
    application, record = load_application(uow, number, expected)
    refuse_own_matter(uow, application.organisation_id)
    if record.state in states.DECIDED:
        raise BadTransition(Message("The application is decided."))
    if data["due_on"] and data["due_on"] < uow.today:
        raise Invalid.one("due_on", Message("This day has passed."))
    request = InformationRequest(application_id=application.id)
    uow.session.add(request)
    uow.session.flush()
    position = uow.record(
        "application.ask",
        f"application:{application.id}",
        {"request": f"information-request:{request.id}", "due_on": data["due_on"]},
        sealed={"text": data["text"]},
    )
    uow.add(
        InformationRequestRecord(
            request_id=request.id,
            state=states.OPEN,
            text=data["text"],
            due_on=data["due_on"],
            asked_on=uow.today,
            asked_by_user_id=person(uow),
        ),
        position=position,
    )
    uow.session.flush()
    return request


def answer_request(
    uow: UnitOfWork,
    number: str,
    request_id: int,
    data: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> InformationRequestRecord:
    """Answer a request on one's own application; data as ``InformationAnswerSchema`` loads it.

    ``files`` are the SHA-256 of complete uploads of the actor's organisation.
    """
    uow.actor.require("application:answer")
    application, record = load_application(uow, number)
    if uow.actor.organisation_id != application.organisation_id:
        # Whether somebody else's application exists is not for the asker to learn.
        raise NotFound(Message("There is no application of this number."))
    facts = _load(uow, application, record, request_id, expected)
    files = _files(uow, data["files"])
    uow.session.add_all(InformationAnswerFile(request_id=request_id, **file) for file in files)
    return perform(
        uow,
        states.INFORMATION_REQUEST,
        "answer",
        request_id,
        facts.record,
        changes={
            "closed_on": uow.today,
            "answer": data["answer"],
            "answered_by_user_id": person(uow),
        },
        data={"application": f"application:{application.id}"},
        sealed={"answer": data["answer"], "files": files},
    )


def close_request(
    uow: UnitOfWork, number: str, request_id: int, *, expected: int | None = None
) -> InformationRequestRecord:
    """Close a request without an answer: the application no longer waits."""
    uow.actor.require("application:ask")
    application, record = load_application(uow, number)
    refuse_own_matter(uow, application.organisation_id)
    facts = _load(uow, application, record, request_id, expected)
    return perform(
        uow,
        states.INFORMATION_REQUEST,
        "close",
        request_id,
        facts.record,
        changes={"closed_on": uow.today},
        data={"application": f"application:{application.id}"},
    )


def _load(
    uow: UnitOfWork,
    application: Application,
    record: ApplicationRecord,
    request_id: int,
    expected: int | None,
) -> RequestFacts:
    facts = request_of(uow.session, application.id, request_id, AsOf(uow.today))
    check_version(facts.record, expected)
    if record.state in states.DECIDED:
        raise BadTransition(Message("The application is decided."))
    return facts


def _files(uow: UnitOfWork, hashes: Sequence[str]) -> list[dict[str, Any]]:
    found, errors = [], {}
    for index, sha256 in enumerate(dict.fromkeys(hashes)):
        upload = complete_upload(uow.session, owned_upload(uow.actor), sha256)
        if upload is None:
            errors[f"files.{index}"] = [
                Message("You uploaded no file of this SHA-256, or it is not complete.")
            ]
        else:
            found.append(
                {
                    "name": upload.name,
                    "sha256": sha256,
                    "size": upload.size,
                    "media_type": upload.media_type,
                }
            )
    if errors:
        raise Invalid(errors)
    return found
