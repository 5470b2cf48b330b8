"""Adoption drift as pages, files and the API show it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from registry.catalog.drift import (
    Adoption,
    Drift,
    EditionCourse,
    Share,
    share_by_year,
    share_of,
)
from registry.catalog.presenters.common import Labels, body_name
from registry.catalog.queries.catalogues import CatalogueFacts

Found = Sequence[tuple[Adoption, Drift]]


def present_share(share: Share) -> dict[str, int | None]:
    """Return how many adoptions stand where, and the percentage still current (``None``: none)."""
    return {
        "current": share.current,
        "outdated": share.outdated,
        "not_known": share.not_known,
        "total": share.total,
        "percent": round(100 * share.current / share.total) if share.total else None,
    }


def present_adoption(adoption: Adoption, drift: Drift) -> dict[str, Any]:
    """Return one adoption with what became of the adopted edition."""
    adopted = adoption.adopted
    return {
        "slug": adoption.adopting.slug,
        "designation": adoption.adopting.designation,
        "domains": list(adoption.domains),
        "ministry": adoption.ministry,
        "degree": adoption.degree,
        "adopted": {
            "designation": adopted.designation if adopted else adoption.adopted_designation,
            "slug": adopted.slug if adopted else None,
            "catalogue": adopted.catalogue if adopted else None,
        },
        "state": drift.state,
        "since": drift.since,
        "replaced_by": [_link(edition) for edition in drift.chain],
    }


def present_domains(found: Found, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return the share of each domain in the order of ``keys``."""
    return [
        {
            "key": key,
            **present_share(share_of(drift for a, drift in found if key in a.domains)),
        }
        for key in keys
    ]


def present_ministries(found: Found, labels: Labels) -> list[dict[str, Any]]:
    """Return the share of each ministry, the one with the most adoptions first."""
    groups: dict[str, list[Drift]] = {}
    for adoption, drift in found:
        groups.setdefault(adoption.ministry, []).append(drift)
    return [
        {"key": key, "name": body_name(labels, key), **present_share(share_of(drifts))}
        for key, drifts in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    ]


def present_years(adoptions: Sequence[Adoption], last: date) -> list[dict[str, Any]]:
    """Return the share of each year, the day ``last`` standing for its own."""
    return [
        {"year": year, **present_share(share)} for year, share in share_by_year(adoptions, last)
    ]


def present_sources(
    found: Found, catalogues: Sequence[CatalogueFacts], zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return which catalogues the adopted editions are known from, and as of when.

    A source without key is what came with the registry or was imported without one.
    """
    used = {a.adopted.catalogue for a, _ in found if a.adopted}
    sources = [
        {
            "key": catalogue.key,
            "name": catalogue.record.name,
            "refreshed_on": catalogue.refreshed_on(zone),
            "data_of": catalogue.refreshes[0].facts.data_of if catalogue.refreshes else None,
        }
        for catalogue in catalogues
        if catalogue.key in used
    ]
    if None in used:
        sources.append({"key": None, "name": None, "refreshed_on": None, "data_of": None})
    return sources


def _link(edition: EditionCourse) -> dict[str, Any]:
    return {
        "designation": edition.designation,
        "slug": edition.slug,
        "issued": edition.issued,
    }
