"""Downloads of the public lists and of what a search found."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context

from registry.accounts.permissions import PUBLIC
from registry.catalog.exporting import export_lines, export_records, records_of
from registry.catalog.queries.editions import by_ids
from registry.catalog.search_records import FACETS, edition_id_of
from registry.catalog.spreadsheets.writing import MEDIA_TYPES
from registry.catalog.views.blueprints import catalog
from registry.history import AsOf
from registry.search.engine import SearchRequest
from registry.web.access import needs
from registry.web.edge import asked_date, parts, reading
from registry.web.i18n import current_language

# The best ones of a search; whoever wants more wants a whole list.
MOST_FOUND = 2_000
_CHUNK = 200


@catalog.get("/open-data/<any(national, followed):which>.<any(csv, xlsx, jsonl):form>")
@needs(PUBLIC)
def export(which: str, form: str) -> Response:
    """Give the list as a file, streamed."""
    registry = parts()
    lines = export_lines(registry.units, which, form, registry.settings.zone, registry.clock)
    return _file(lines, which, form)


@catalog.get("/search/results.<any(csv, xlsx, jsonl):form>")
@needs(PUBLIC)
def export_search(form: str) -> Response:
    """Give what a search finds as a file, with the same parameters as its page."""
    at = asked_date("at") or parts().clock.today()
    found = parts().search.search(
        SearchRequest(
            text=request.args.get("q", "").strip()[:400],
            filters={name: frozenset(filter(None, request.args.getlist(name))) for name in FACETS},
            facets=(),
            at=at,
            limit=MOST_FOUND,
            prefer_language=current_language(),
        )
    )
    ids = [edition_id_of(subject) for subject in found.subjects]
    chunks = export_records(_found(ids, AsOf(at)), form, "search")
    return _file(stream_with_context(chunks), "search", form)


def _found(ids: list[int], as_of: AsOf) -> Iterator[dict[str, Any]]:
    zone = parts().settings.zone
    for start in range(0, len(ids), _CHUNK):
        with reading() as session:
            records = records_of(session, by_ids(session, ids[start : start + _CHUNK], as_of, zone))
        yield from records


def _file(chunks: Iterator[bytes], name: str, form: str) -> Response:
    response = Response(chunks, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
