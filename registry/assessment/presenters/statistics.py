"""The tables of public statistics, as pages, CSV files and the API show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.assessment.presenters.common import Reader
from registry.assessment.queries.stages import WAY
from registry.assessment.queries.statistics import Outcomes, Statistics

# The columns of each table, as programs read them.
TABLES: dict[str, tuple[str, ...]] = {
    "months": ("month", "accepted", "refused", "referred", "total"),
    "stages": ("stage", "cases", "median_days", "lower_quartile_days", "upper_quartile_days"),
    "arrangements": ("arrangement", "accepted", "refused", "referred", "total"),
    "refusals": ("condition", "reports"),
    "applications": ("state", "applications"),
}

Rows = Sequence[Mapping[str, Any]]


def plain_tables(found: Statistics) -> dict[str, list[dict[str, Any]]]:
    """Return every table by the name and columns that ``TABLES`` gives."""
    return {
        "months": [{"month": month, **_outcomes(counts)} for month, counts in found.months],
        "stages": [
            {
                "stage": state,
                "cases": found.stages[state].cases,
                "median_days": found.stages[state].median,
                "lower_quartile_days": found.stages[state].lower,
                "upper_quartile_days": found.stages[state].upper,
            }
            for state in WAY
        ],
        "arrangements": [
            {"arrangement": row.slug, **_outcomes(row.outcomes)} for row in found.arrangements
        ],
        "refusals": [{"condition": key, "reports": count} for key, count in found.refusals],
        "applications": [
            {"state": state, "applications": count} for state, count in found.states.items()
        ],
    }


def present_statistics(found: Statistics, reader: Reader) -> dict[str, Any]:
    """Return the page's tables in the reader's words."""
    tables = plain_tables(found)
    titles = {row.slug: row.titles for row in found.arrangements}
    return {
        "months": tables["months"],
        "stages": [
            {**row, "label": reader.label("application-state", row["stage"])}
            for row in tables["stages"]
        ],
        "arrangements": [
            {**row, "title": titles[row["arrangement"]]} for row in tables["arrangements"]
        ],
        "refusals": [
            {**row, "label": reader.label("acceptance-condition", row["condition"])}
            for row in tables["refusals"]
        ],
        "applications": [
            {
                **row,
                "label": reader.label("application-state", row["state"]),
                "slow": found.late.stages.get(row["state"], 0),
            }
            for row in tables["applications"]
        ],
        "answers_overdue": found.late.answers_overdue,
    }


def _outcomes(counts: Outcomes) -> dict[str, int]:
    return {
        "accepted": counts.accepted,
        "refused": counts.refused,
        "referred": counts.referred,
        "total": counts.total,
    }
