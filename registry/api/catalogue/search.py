"""Search over the catalogue as a resource."""

from flask import Response, request
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.catalogue.presenting import EditionSummarySchema, present_edition
from registry.api.parameters import AT, LIMIT, MOST, query, several, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.catalog.queries.editions import by_ids
from registry.catalog.search_records import edition_id_of
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.search.engine import SearchRequest
from registry.web.edge import asked_date, parts, reading
from registry.web.i18n import current_language
from registry.web.paging import checked_limit

FACETS = ("domain", "kind", "status", "body")

blueprint = Resource("Search", "Search over the catalogue")


class SearchAnswerSchema(AnswerSchema):
    """Entries found, the best first, and how many there are by facet."""

    total = fields.Integer()
    position = fields.Integer(metadata={"description": "Journal position that the index reflects."})
    facets = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )
    items = fields.List(fields.Nested(EditionSummarySchema))


@blueprint.question(
    "/search",
    SearchAnswerSchema,
    query=[
        query("q", "Words, with or without diacritics, or a designation in any spelling."),
        AT,
        LIMIT,
        query("offset", "How many of the best to leave out.", type="integer", minimum=0),
        *(query(facet, f"Only entries of this {facet}; may be given twice.") for facet in FACETS),
    ],
)
def find() -> Response:
    """Find entries, with counts by facet; every fact comes from the database."""
    at = asked_date("at") or parts().clock.today()
    result = parts().search.search(
        SearchRequest(
            text=text("q") or "",
            filters={name: frozenset(several(name)) for name in FACETS},
            facets=FACETS,
            at=at,
            limit=checked_limit(request.args.get("limit"), default=20),
            offset=_offset(),
            prefer_language=current_language(),
        )
    )
    ids = [edition_id_of(subject) for subject in result.subjects]
    with reading() as session:
        facts = by_ids(session, ids, AsOf(at), parts().settings.zone)
    body = {
        "total": result.total,
        "position": result.position,
        "facets": {name: dict(counts) for name, counts in result.facets.items()},
        "items": [present_edition(found) for found in facts],
    }
    return tagged(body)


def _offset() -> int:
    asked = text("offset") or "0"
    if not asked.isascii() or not asked.isdigit() or int(asked[:10]) > MOST:
        raise Invalid.one("offset", Message("Write a whole number, like 20."))
    return int(asked)
