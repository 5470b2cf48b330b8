"""The surveillance plan and what ends soon as a calendar (RFC 5545)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from registry.assessment.queries.expiry import Expiry
from registry.assessment.queries.surveillance import SurveillanceFacts

Labels = Mapping[tuple[str, str], Mapping[str, str]]

# Words that no vocabulary has; the calendar is made without a reader's page.
_ENDS = {"vi": "Hết hạn", "en": "Ends"}
_NAME = {"vi": "Giám sát và thời hạn", "en": "Surveillance and expiry"}


def calendar_of(
    planned: Iterable[SurveillanceFacts],
    ending: Iterable[Expiry],
    labels: Labels,
    *,
    language: str,
    host: str,
    now: datetime,
) -> bytes:
    """Return an iCalendar file: one whole-day event for each activity and each last day.

    Identifiers stay the same from one reading to the next, so that a program moves an
    event whose day was moved instead of showing it twice.
    """
    # The library takes a while to load, and only calendars need it.
    from icalendar import Calendar  # noqa: PLC0415

    domain = urlsplit(host).hostname or "registry"
    calendar = Calendar()
    calendar.add("prodid", "-//National Standards Registry//Surveillance//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _NAME.get(language, _NAME["en"]))
    for facts in planned:
        record = facts.record
        said = labels.get(("surveillance-activity", record.activity), {})
        label = facts.of.label if facts.of else facts.surveillance.subject
        event = _event(
            f"surveillance-{facts.surveillance.id}@{domain}",
            record.done_on or record.planned_on,
            f"{said.get(language, record.activity)}: {label}",
            now,
        )
        event.add(
            "status",
            {"planned": "TENTATIVE", "dropped": "CANCELLED"}.get(record.state, "CONFIRMED"),
        )
        event.add("sequence", record.known_from)
        calendar.add_component(event)
    for item in ending:
        # One thing may end more than once on its way, but never two of a kind on one day.
        identity = f"{item.kind}-{item.subject.replace(':', '-')}-{item.last_day:%Y%m%d}"
        calendar.add_component(
            _event(
                f"{identity}@{domain}",
                item.last_day,
                f"{_ENDS.get(language, _ENDS['en'])}: {item.label} {item.about}".strip(),
                now,
            )
        )
    content: bytes = calendar.to_ical()
    return content


def _event(identity: str, day: date, summary: str, now: datetime) -> Any:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", identity)
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event
