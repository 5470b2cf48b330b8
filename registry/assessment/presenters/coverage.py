"""Coverage of regulations (context of templates/public/coverage.html and its CSV file)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.assessment.presenters.common import Reader, country_names
from registry.assessment.queries.able_bodies import AbleForRegulation
from registry.assessment.queries.regulation_coverage import (
    CoveredRegulation,
    RegulationCoverage,
    counts_by,
    level,
)

# A heat map of more columns than this is read by nobody; the plain table holds them all.
MOST_COLUMNS = 40

CSV_HEADINGS = (
    "designation",
    "title",
    "ministry",
    "domains",
    "bodies",
    "body",
    "body_name",
    "country",
    "accreditations",
    "designated_for",
)


def present_coverage(coverage: RegulationCoverage, reader: Reader) -> dict[str, Any]:
    """Return the page's context without its links and choices."""
    columns = coverage.bodies[:MOST_COLUMNS]
    regulations = [_regulation(regulation, reader) for regulation in coverage.regulations]
    return {
        "total": len(regulations),
        "uncovered": coverage.uncovered,
        "gaps": [item for item in regulations if not item["bodies"]],
        "covered": [item for item in regulations if item["bodies"]],
        "columns": [_body(body) for body in columns],
        "left_out": len(coverage.bodies) - len(columns),
        "heat": [
            {**item, "cells": [item["levels"].get(body.slug) for body in columns]}
            for item in regulations
            if item["bodies"]
        ],
        "ministries": _tally(
            counts_by(coverage, {r.facts.edition.id: [r.ministry] for r in coverage.regulations}),
            "issuing-body",
            reader,
        ),
        "domains": _tally(
            counts_by(
                coverage,
                {r.facts.edition.id: r.facts.record.domains for r in coverage.regulations},
            ),
            "domain",
            reader,
        ),
    }


def csv_rows(coverage: RegulationCoverage, language: str) -> Iterator[Sequence[object]]:
    """Yield a row for each regulation and body able to test to it; one for each gap."""
    for regulation in coverage.regulations:
        record = regulation.facts.record
        head = [
            regulation.facts.edition.designation,
            _said(record.titles, language),
            regulation.ministry,
            "; ".join(record.domains),
            len(regulation.bodies),
        ]
        if not regulation.bodies:
            yield [*head, "", "", "", "", ""]
        for body in regulation.bodies:
            yield [
                *head,
                body.slug,
                _said(body.names, language),
                body.country,
                "; ".join(body.accreditations),
                "; ".join(body.designated_for),
            ]


def _regulation(regulation: CoveredRegulation, reader: Reader) -> dict[str, Any]:
    record = regulation.facts.record
    return {
        "designation": regulation.facts.edition.designation,
        "slug": regulation.facts.edition.slug,
        "title": record.titles,
        "ministry": reader.texts("issuing-body", regulation.ministry),
        "domains": [reader.texts("domain", key) for key in record.domains],
        "bodies": [
            {**_body(body), "level": level(body), "numbers": body.accreditations}
            for body in regulation.bodies
        ],
        "levels": {body.slug: level(body) for body in regulation.bodies},
    }


def _body(body: AbleForRegulation) -> dict[str, Any]:
    return {
        "slug": body.slug,
        "name": body.names,
        "country": country_names(body.country),
        "demonstration": body.demonstration,
    }


def _tally(
    counts: Mapping[str, tuple[int, int]], vocabulary: str, reader: Reader
) -> list[dict[str, Any]]:
    """Return the counts of each key, those with most gaps first."""
    rows = [
        {"key": key, "name": reader.texts(vocabulary, key), "all": all_, "none": none}
        for key, (all_, none) in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["none"], row["key"]))


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
