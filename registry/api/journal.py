"""The journal as a resource."""

from flask import Response
from marshmallow import fields

from registry.api.answers import page, page_parameters, representation
from registry.api.parameters import MOST, PAGING, query, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.journal.public import public_entry
from registry.journal.queries import entries, entry
from registry.web.edge import reading

blueprint = Resource("Journal", "Every change of fact, in order, with its leaf hash")


class EntryAnswerSchema(AnswerSchema):
    """A journal entry: what was hashed, and the hash."""

    position = fields.Integer()
    recorded_at = fields.DateTime()
    actor = fields.String(metadata={"description": "A reference like user:3, never a name."})
    action = fields.String()
    subject = fields.String()
    data = fields.Dict()
    sealed = fields.String(metadata={"description": "Salted digest of what is not public."})
    hash_version = fields.Integer()
    leaf_hash = fields.String()

    sometimes = frozenset({"sealed"})


@blueprint.question(
    "/journal",
    page_of(EntryAnswerSchema),
    query=[
        *PAGING,
        query("subject", "Only entries about this subject, like edition:17."),
        query("action", "Only entries of this action, like edition.approve."),
    ],
)
def list_entries() -> Response:
    """List entries in journal order."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = entries(
            session,
            after=key[0] if key else 0,
            subject=text("subject"),
            action=text("action"),
            limit=limit + 1,
        )
    return page(rows, limit, public_entry, lambda row: (row.position,))


@blueprint.question(f"/journal/<int(max={MOST}):position>", EntryAnswerSchema)
def one(position: int) -> Response:
    """Show one entry."""
    with reading() as session:
        found = entry(session, position)
    return representation(public_entry(found), found.position)
