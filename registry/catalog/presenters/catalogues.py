"""Followed catalogues as pages and the API show them."""

from typing import Any
from zoneinfo import ZoneInfo

from registry.catalog.queries.catalogues import CatalogueFacts, Refresh


def present_catalogue(facts: CatalogueFacts, zone: ZoneInfo) -> dict[str, Any]:
    """Return a followed catalogue with its refreshes, the latest first."""
    record = facts.record
    return {
        "key": facts.key,
        "name": record.name,
        "publisher": record.publisher,
        "address": record.address,
        "licence": record.licence,
        "note": record.note,
        "editions": facts.editions,
        "refreshed_on": facts.refreshed_on(zone),
        "refreshes": [_refresh(refresh) for refresh in facts.refreshes],
    }


def _refresh(refresh: Refresh) -> dict[str, Any]:
    facts = refresh.facts
    return {
        "recorded_at": refresh.recorded_at,
        "position": facts.known_from,
        "data_of": facts.data_of,
        "rows": facts.rows,
        "new": facts.new,
        "changed": facts.changed,
        "withdrawn": facts.withdrawn,
        "adopted": facts.adopted,
        "unlisted": facts.unlisted,
    }
