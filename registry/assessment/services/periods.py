"""How long certificates hold."""

from datetime import date

# Where the decision does not say how long, a certificate holds for three years.
DEFAULT_YEARS = 3


def years_later(day: date, years: int) -> date:
    """Return the same day of a later year, 28 February for a 29th that year has not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
