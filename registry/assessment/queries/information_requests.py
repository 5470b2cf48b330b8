"""What was asked of an applicant, and what it answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.assessment.models import (
    InformationAnswerFile,
    InformationRequest,
    InformationRequestRecord,
)
from registry.assessment.states import ANSWERED
from registry.errors import NotFound
from registry.history import AsOf, known
from registry.messages import Message


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request and where it stands; ``record.known_from`` is its version."""

    request: InformationRequest
    record: InformationRequestRecord
    files: Sequence[InformationAnswerFile]


def requests_of(session: Session, application_id: int, as_of: AsOf) -> Sequence[RequestFacts]:
    """Return what was asked on an application, the newest first."""
    rows = session.execute(
        select(InformationRequest, InformationRequestRecord)
        .join(
            InformationRequestRecord, InformationRequestRecord.request_id == InformationRequest.id
        )
        .where(
            InformationRequest.application_id == application_id,
            known(InformationRequestRecord, as_of.position),
        )
        .order_by(InformationRequest.id.desc())
    ).all()
    files: dict[int, list[InformationAnswerFile]] = defaultdict(list)
    for file in session.scalars(
        select(InformationAnswerFile)
        .where(InformationAnswerFile.request_id.in_([request.id for request, _ in rows]))
        .order_by(InformationAnswerFile.id)
    ):
        files[file.request_id].append(file)
    return [
        RequestFacts(request, record, files[request.id] if record.state == ANSWERED else ())
        for request, record in rows
    ]


def request_of(session: Session, application_id: int, request_id: int, as_of: AsOf) -> RequestFacts:
    """Return one request on an application; ``NotFound`` otherwise."""
    for facts in requests_of(session, application_id, as_of):
        if facts.request.id == request_id:
            return facts
    raise NotFound(Message("There is no such request on this application."))
