"""The search page: ids and counts from the index, every fact from the database."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from registry.accounts.permissions import PUBLIC
from registry.catalog.presenters.results import (
    facet_counts,
    facet_label,
    offered,
    present_result,
)
from registry.catalog.queries.editions import adopted_editions, by_ids
from registry.catalog.search_records import FACETS, edition_id_of
from registry.catalog.views.blueprints import search_pages
from registry.history import AsOf
from registry.search.engine import SearchRequest, SearchResult, Sort
from registry.vocabulary.queries import all_labels
from registry.web.access import needs
from registry.web.edge import asked_date, asked_parameters, parts, reading
from registry.web.i18n import current_language

PAGE = 20
_DEEPEST = 500  # pages; beyond that a narrower question helps more than another page
_EXAMPLES = ("camera giám sát", "QCVN 135", "27002", "trí tuệ nhân tạo")


@search_pages.get("/search")
@needs(PUBLIC)
def page() -> str:
    """Answer a typed question with entries, their status on the day asked, and facets."""
    query = request.args.get("q", "").strip()[:400]
    at = asked_date("at")
    asked_on = at or parts().clock.today()
    chosen = {facet: frozenset(filter(None, request.args.getlist(facet))) for facet in FACETS}
    number = _page_number()
    result = parts().search.search(
        SearchRequest(
            text=query,
            filters=chosen,
            facets=FACETS,
            at=asked_on,
            limit=PAGE,
            offset=(number - 1) * PAGE,
            sort=_sort(),
            prefer_language=current_language(),
        )
    )
    zone = parts().settings.zone
    with reading() as session:
        as_of = AsOf(asked_on)
        ids = [edition_id_of(subject) for subject in result.subjects]
        facts = by_ids(session, ids, as_of, zone)
        adopted = adopted_editions(session, ids, as_of, zone)
        labels = all_labels(session)
    language = current_language()
    return render_template(
        "public/search.html",
        query={"q": query, "at": at, "sort": _sort(), "filters": _single(chosen)},
        asked_on=asked_on,
        total=result.total,
        results=[
            present_result(f, adopted.get(f.edition.id, ()), labels, query, language) for f in facts
        ],
        facets=_facets(result, chosen, labels),
        chips=[
            {"label": facet_label(labels, facet, value), "href": _without(facet, value)}
            for facet, values in chosen.items()
            for value in sorted(values)
        ],
        sorts=_sorts(),
        downloads=_downloads() if result.total else [],
        clear_href=url_for("search.page", q=query or None, at=at),
        suggestions=_suggestions(result),
        ignored=result.ignored,
        relaxed=result.relaxed and not result.ignored,
        asked_known=asked_date("known"),
        pager=_pager(number, result),
        keep=_address().partition("?")[2],
    )


def _suggestions(result: SearchResult) -> list[dict[str, str]]:
    """Return what the reader may have meant, else examples where nothing was found."""
    if result.corrected:
        return [{"text": result.corrected, "href": _address(q=result.corrected)}]
    if result.total:
        return []
    return [{"text": text, "href": url_for("search.page", q=text)} for text in _EXAMPLES]


def _page_number() -> int:
    text = request.args.get("page", "1")[:6]
    return min(max(int(text), 1), _DEEPEST) if text.isascii() and text.isdigit() else 1


def _sort() -> Sort:
    wish = request.args.get("sort")
    if wish == "newest":
        return "newest"
    return "designation" if wish == "designation" else "relevance"


def _address(**changes: Any) -> str:
    """Return this search with some parameters changed, from its first page."""
    kept = {name: v for name, v in asked_parameters().items() if name not in ("page", "lang")}
    return url_for("search.page", **(kept | changes))


def _downloads() -> list[dict[str, str]]:
    """Return what was found as files."""
    kept = {name: v for name, v in asked_parameters().items() if name not in ("page", "lang")}
    return [
        {"label": label, "href": url_for("catalog.export_search", **(kept | {"form": form}))}
        for label, form in (("CSV", "csv"), ("Excel", "xlsx"), ("JSON Lines", "jsonl"))
    ]


def _without(facet: str, value: str) -> str:
    return _address(**{facet: [v for v in request.args.getlist(facet) if v != value]})


def _facets(
    result: SearchResult, chosen: Mapping[str, frozenset[str]], labels: Any
) -> list[dict[str, Any]]:
    return [
        {
            "key": facet,
            "values": [
                {
                    "key": value,
                    "label": facet_label(labels, facet, value),
                    "count": count,
                    "active": active,
                    "href": _without(facet, value)
                    if active
                    else _address(**{facet: [*request.args.getlist(facet), value]}),
                }
                for value, count, active in facet_counts(
                    offered(facet, result.facets.get(facet, {}), chosen[facet]), chosen[facet]
                )
            ],
        }
        for facet in FACETS
    ]


def _sorts() -> list[dict[str, Any]]:
    words = {
        "relevance": gettext("Best match"),
        "newest": gettext("Newest"),
        "designation": gettext("Designation"),
    }
    return [
        {"key": key, "label": label, "href": _address(sort=key), "current": key == _sort()}
        for key, label in words.items()
    ]


def _pager(number: int, result: SearchResult) -> dict[str, Any]:
    first = (number - 1) * PAGE + 1
    last = first + len(result.subjects) - 1
    return {
        "first": first if result.subjects else 0,
        "last": max(last, 0),
        "total": result.total,
        "previous_href": _address(page=number - 1) if number > 1 else None,
        "next_href": _address(page=number + 1) if last < result.total else None,
    }


def _single(chosen: Mapping[str, frozenset[str]]) -> dict[str, str]:
    return {facet: next(iter(values)) for facet, values in chosen.items() if values}
