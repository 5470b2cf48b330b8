"""The charts of the catalogue's pages, in the reader's language."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, pgettext
from markupsafe import Markup

from registry.charts import bars
from registry.web.i18n import show_number


def drift_chart(years: Sequence[dict[str, Any]]) -> Markup:
    """Return what had become of the adopted editions by the end of each year."""
    if not years:
        return Markup()
    kinds = [
        ("good", "current", pgettext("adoption drift", "Current")),
        ("outdated", "outdated", gettext("Replaced or withdrawn")),
        ("unknown", "not_known", pgettext("adoption drift", "Not known")),
    ]
    return bars(
        [str(year["year"]) for year in years],
        [(key, name, [year[count] for year in years]) for key, count, name in kinds],
        title=gettext(
            "Adoptions by year, from %(first)s to %(last)s; in %(last)s %(current)s of %(total)s "
            "adopt a current edition. The table below has every year.",
            first=years[0]["year"],
            last=years[-1]["year"],
            current=show_number(years[-1]["current"]),
            total=show_number(years[-1]["total"]),
        ),
        stacked=True,
        number=show_number,
    )


def programme_chart(due: dict[str, Any] | None) -> Markup:
    """Return what is due in each period: published, in work, late."""
    if due is None:
        return Markup()
    names = [_period_name(column["name"]) for column in due["columns"]]
    counts = [
        ("good", gettext("Published"), [c["published"] for c in due["columns"]]),
        ("open", gettext("In work"), [c["in_work"] - c["late"] for c in due["columns"]]),
        ("late", gettext("Late"), [c["late"] for c in due["columns"]]),
    ]
    return bars(
        names,
        counts,
        title=gettext(
            "Entries due in each period, by whether they are published, in work or late. "
            "The table below holds the numbers."
        ),
        stacked=True,
        marked=_period_name(due["asked"]) if due["asked"] else None,
        number=show_number,
    )


def _period_name(period: str) -> str:
    """Return "2026-10" as 10/2026; a year as it is."""
    year, _, month = period.partition("-")
    return f"{month}/{year}" if month else year
