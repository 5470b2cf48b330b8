"""Which published editions are due for their periodic review."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.queries.editions import EditionFacts, national_list
from registry.catalog.status import ENDED, PREPARATION, period
from registry.history import AsOf
from registry.journal.models import JournalEntry
from registry.vocabulary.queries import terms


class DueReview(NamedTuple):
    """An edition to be reviewed: since when it is due, and what it was last looked at for."""

    edition: EditionFacts
    last: date
    reviewed: bool
    due: date


class ReviewRule(NamedTuple):
    """After how many years documents of a kind are reviewed, and who says so, by language."""

    kind: str
    years: int
    source: Mapping[str, str]


def review_rules(session: Session, as_of: AsOf) -> list[ReviewRule]:
    """Return the kinds of documents that are reviewed periodically, as their terms have it."""
    return [
        ReviewRule(term.key, term.attributes["review_years"], term.attributes["review_source"])
        for term in terms(session, "document-kind", as_of)
        if term.attributes.get("review_years")
    ]


def due_reviews(
    session: Session, as_of: AsOf, zone: ZoneInfo, years: int | None = None
) -> list[DueReview]:
    """Return the national editions that nobody reviewed for too long, the longest due first.

    How long that is stands with each kind of document; ``years`` is asked instead. It
    counts from the last review, else from the day of publication; an edition whose day
    of publication no source tells cannot be due.
    """
    allowed = {rule.kind: years or rule.years for rule in review_rules(session, as_of)}
    reviewed = _last_reviews(session)
    found = []
    for facts in national_list(session, as_of, zone):
        ended = facts.status.status in (*ENDED, PREPARATION)
        if ended or facts.record.kind not in allowed:
            continue
        review = reviewed.get(facts.edition.id)
        last = review or _published(facts.record.issued)
        if last is None:
            continue
        due = _years_later(last, allowed[facts.record.kind])
        if due <= as_of.at:
            found.append(DueReview(facts, last, review is not None, due))
    return sorted(found, key=lambda item: (item.due, item.edition.edition.designation))


def _last_reviews(session: Session) -> dict[int, date]:
    """Return the day of the last review of each edition that had one, by edition id."""
    rows: Iterable[JournalEntry] = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.action == "edition.confirm")
        .order_by(JournalEntry.position)
    )
    days: dict[int, date] = {}
    for entry in rows:
        number = int(entry.subject.partition(":")[2])
        day = date.fromisoformat(json.loads(entry.data)["reviewed_on"])
        days[number] = max(day, days.get(number, day))
    return days


def _published(issued: str | None) -> date | None:
    """Return the day on which an edition was out for sure, of a month or year its last."""
    return period(issued).latest if issued else None


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February.
        return day.replace(year=day.year + years, month=3, day=1)
