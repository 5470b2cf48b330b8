"""Search over the catalogue as a resource."""

from typing import Any

from flask import Response, request, url_for
from marshmallow import fields

from registry.api.answers import tagged
from registry.api.catalogue.presenting import EditionSummarySchema, present_edition
from registry.api.parameters import AT, LIMIT, MOST, query, several, text
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema
from registry.catalog.queries.editions import by_ids
from registry.catalog.search_records import FACETS, edition_id_of
from registry.errors import Invalid
from registry.history import AsOf
from registry.messages import Message
from registry.search.engine import SearchRequest
from registry.web.edge import asked_date, parts, reading
from registry.web.i18n import current_language, localise
from registry.web.paging import checked_limit

_SUGGESTIONS = 8

blueprint = Resource("Search", "Search over the catalogue")


class SearchAnswerSchema(AnswerSchema):
    """Entries found, the best first, and how many there are by facet."""

    total = fields.Integer()
    position = fields.Integer(metadata={"description": "Journal position that the index reflects."})
    facets = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )
    items = fields.List(fields.Nested(EditionSummarySchema))
    corrected = fields.String(
        metadata={"description": "What may have been meant where words are unknown."}
    )
    ignored = fields.List(
        fields.String(),
        metadata={"description": "Parts of the question that had no effect."},
    )
    relaxed = fields.Boolean(
        metadata={"description": "No entry holds all the words; those with the most are given."}
    )

    sometimes = frozenset({"corrected", "ignored"})


class SuggestionSchema(AnswerSchema):
    """One entry that what was typed may become."""

    designation = fields.String()
    title = fields.String()
    href = fields.String()


class SuggestionsSchema(AnswerSchema):
    """Entries that begin with what was typed, the best first."""

    items = fields.List(fields.Nested(SuggestionSchema))


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
    body: dict[str, Any] = {
        "total": result.total,
        "position": result.position,
        "relaxed": result.relaxed,
        "facets": {name: dict(counts) for name, counts in result.facets.items()},
        "items": [present_edition(found) for found in facts],
    }
    if result.corrected:
        body["corrected"] = result.corrected
    if result.ignored:
        body["ignored"] = list(result.ignored)
    return tagged(body)


@blueprint.question(
    "/search/suggestions",
    SuggestionsSchema,
    query=[query("q", "What has been typed so far; the last word may be unfinished.")],
)
def suggest() -> Response:
    """Suggest entries while somebody types."""
    typed = text("q") or ""
    today = parts().clock.today()
    language = current_language()
    result = parts().search.search(
        SearchRequest(typed, {}, (), today, _SUGGESTIONS, prefer_language=language, complete=True)
    )
    ids = [edition_id_of(subject) for subject in result.subjects]
    with reading() as session:
        facts = by_ids(session, ids, AsOf(today), parts().settings.zone)
    items = [
        {
            "designation": found.edition.designation,
            "title": localise(found.record.titles).text,
            "href": url_for("catalog.edition", slug=found.edition.slug),
        }
        for found in facts
    ]
    return tagged({"items": items if typed.strip() else []})


def _offset() -> int:
    asked = text("offset") or "0"
    if not asked.isascii() or not asked.isdigit() or int(asked[:10]) > MOST:
        raise Invalid.one("offset", Message("Write a whole number, like 20."))
    return int(asked)
