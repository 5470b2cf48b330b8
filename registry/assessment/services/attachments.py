"""Makes uploaded files part of a report, and tells who may have them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.models import Body, Report, ReportAttachment, Upload
from registry.assessment.queries.reports import report_facts
from registry.errors import Invalid, NotFound
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import UnitOfWork

ATTACHMENTS = "attachments"


def uploads_named(session: Session, body: Body, content: Mapping[str, Any]) -> list[Upload]:
    """Return the complete uploads of ``body`` that a report's content names, in order.

    Raises ``Invalid`` naming "attachments.0" … for a hash given twice, and for one of
    which the body's organisation sent no file: whoever only knows the hash of somebody
    else's file, which the journal tells, cannot make it theirs.
    """
    hashes: Sequence[str] = content.get(ATTACHMENTS) or ()
    errors: dict[str, list[str]] = {}
    found: list[Upload] = []
    for index, sha256 in enumerate(hashes):
        upload = complete_upload(session, Upload.organisation_id == body.organisation_id, sha256)
        if sha256 in hashes[:index]:
            errors[f"{ATTACHMENTS}.{index}"] = [Message("This file is named twice.")]
        elif upload is None:
            errors[f"{ATTACHMENTS}.{index}"] = [
                Message("You uploaded no file of this SHA-256, or it is not complete.")
            ]
        else:
            found.append(upload)
    if errors:
        raise Invalid(errors)
    return found


def attach(uow: UnitOfWork, report: Report) -> None:
    """Make the uploads that ``report`` names part of it, with a journal entry for each.

    Errors as ``uploads_named``. Hash, size and kind are public, the file's name is not.
    """
    if not report.content.get(ATTACHMENTS):
        return
    body = uow.session.get_one(Body, report.body_id)
    for upload in uploads_named(uow.session, body, report.content):
        uow.record(
            "report.attach",
            f"report:{report.id}",
            {"sha256": upload.sha256, "size": upload.size, "type": upload.media_type},
            sealed={"name": upload.name},
        )
        uow.session.add(
            ReportAttachment(
                report_id=report.id,
                sha256=upload.sha256,
                size=upload.size,
                media_type=upload.media_type,
                name=upload.name,
                facts=upload.facts,
            )
        )


def attachments_of(session: Session, report_id: int) -> Sequence[ReportAttachment]:
    """Return the files of a report in the order in which it names them."""
    return session.scalars(
        select(ReportAttachment)
        .where(ReportAttachment.report_id == report_id)
        .order_by(ReportAttachment.id)
    ).all()


def attachment_for(
    session: Session, actor: Actor, report_id: int, sha256: str, as_of: AsOf
) -> ReportAttachment:
    """Return one file of a report that the actor may read; ``NotFound`` otherwise."""
    report_facts(session, actor, report_id, as_of)
    for attachment in attachments_of(session, report_id):
        if attachment.sha256 == sha256:
            return attachment
    raise NotFound(Message("There is no such attachment."))


def complete_upload(session: Session, owned: ColumnElement[bool], sha256: str) -> Upload | None:
    """Return the owner's upload of this SHA-256 that is whole and was taken, if there is one."""
    return session.scalar(
        select(Upload)
        .where(
            Upload.sha256 == sha256,
            owned,
            Upload.done_at.is_not(None),
            Upload.problem.is_(None),
        )
        .order_by(Upload.id)
        .limit(1)
    )


def owned_upload(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an upload is the actor's organisation's, or the actor's own."""
    if actor.organisation_id is not None:
        return Upload.organisation_id == actor.organisation_id
    return and_(Upload.organisation_id.is_(None), Upload.user_id == actor.user_id)
