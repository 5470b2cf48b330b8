"""Notices of what concerns the actor's organisation."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from registry.accounts.permissions import SIGNED_IN
from registry.api.answers import page, page_parameters
from registry.api.parameters import PAGING, flag, query
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.history import AsOf
from registry.journal.public import public_entry
from registry.notices.queries.events import api_path
from registry.notices.queries.notices import NoticeFacts, notices, unread_count
from registry.notices.schemas import ReadSchema
from registry.notices.services.reading import mark_read
from registry.unit_of_work import UnitOfWork
from registry.web.edge import current_actor, parts, reading

blueprint = Resource("Notices", "What was recorded that concerns the actor's organisation")


class NoticeAnswerSchema(AnswerSchema):
    """A journal entry that concerns the organisation, and where to read the thing."""

    position = fields.Integer()
    recorded_at = fields.DateTime()
    action = fields.String()
    subject = fields.String()
    label = fields.String(allow_none=True, metadata={"description": "What its parties call it."})
    status = fields.String(allow_none=True, metadata={"description": "As it stands today."})
    href = fields.String()
    own = fields.Boolean(metadata={"description": "Somebody of the organisation did it."})
    read = fields.Boolean()


class ReadAnswerSchema(AnswerSchema):
    """How many notices were newly marked, and how many are left."""

    marked = fields.Integer()
    unread = fields.Integer()


@blueprint.question(
    "/notices",
    page_of(NoticeAnswerSchema),
    query=[*PAGING, query("unread", "Only what is not read yet.", enum=("true", "false"))],
    permission=SIGNED_IN,
)
def list_notices() -> Response:
    """List notices of the actor's organisation, the newest first."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = notices(
            session,
            current_actor(),
            AsOf(parts().clock.today()),
            unread=flag("unread") is True,
            before=key[0] if key else None,
            limit=limit + 1,
        )
    return page(rows, limit, _present, lambda row: (row.entry.position,))


@blueprint.command("/notices/read", ReadAnswerSchema, body=ReadSchema, permission=SIGNED_IN)
def read(uow: UnitOfWork, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Mark notices as read, for the actor alone."""
    marked = mark_read(uow, data)
    return {"marked": marked, "unread": unread_count(uow.session, uow.actor)}


def _present(notice: NoticeFacts) -> dict[str, Any]:
    entry = public_entry(notice.entry)
    return {
        **{name: entry[name] for name in ("position", "recorded_at", "action", "subject")},
        "label": notice.about.label if notice.about else None,
        "status": notice.about.status if notice.about else None,
        "href": api_path(notice.about, notice.entry.position),
        "own": notice.own,
        "read": notice.read,
    }
