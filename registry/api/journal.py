"""The journal as a resource."""

from flask import Response, request

from registry.accounts.permissions import PUBLIC
from registry.api.base import PAGING, make_blueprint, page, page_parameters, representation
from registry.api.catalogue import PageSchema
from registry.journal.queries import entries, entry
from registry.site.journal_views import public_entry
from registry.web.access import needs
from registry.web.edge import reading

blueprint = make_blueprint("Journal", "Every change of fact, in order, with its leaf hash")


@blueprint.route("/journal")
@blueprint.doc(
    parameters=[
        *PAGING,
        {"name": "subject", "in": "query", "schema": {"type": "string"}},
        {"name": "action", "in": "query", "schema": {"type": "string"}},
    ]
)
@blueprint.response(200, PageSchema)
@needs(PUBLIC)
def list_entries() -> Response:
    """Entries in journal order."""
    key, limit = page_parameters(int)
    with reading() as session:
        rows = entries(
            session,
            after=key[0] if key else 0,
            subject=request.args.get("subject"),
            action=request.args.get("action"),
            limit=limit + 1,
        )
    return page(rows, limit, public_entry, lambda row: (row.position,))


@blueprint.route("/journal/<int:position>")
@blueprint.response(200)
@needs(PUBLIC)
def one(position: int) -> Response:
    """One entry."""
    with reading() as session:
        found = entry(session, position)
    return representation(public_entry(found), found.position)
