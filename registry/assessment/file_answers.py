"""The one answer to a file: what it is, joined with what holds of its certificate on a day.

Asked at the register, the register's own facts decide. Asked without a network, the
credential's dates and the last known status lists do, and the answer says how old they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from registry.assessment import states
from registry.credentials import file_check, status_list
from registry.credentials.file_check import FileFindings

UNKNOWN = "unknown"
OLDER_VERSION = "older_version"
REVOKED = "revoked"
STATUS_UNKNOWN = "status_unknown"

ANSWERS = (
    states.IN_FORCE,
    states.NOT_YET_IN_FORCE,
    states.SUSPENDED,
    states.EXPIRED,
    "withdrawn",
    "replaced",
    OLDER_VERSION,
    UNKNOWN,
    *(code.replace("-", "_") for code in file_check.CODES if code != file_check.GENUINE),
)
"""Answers of the register to a file."""

OFFLINE_ANSWERS = (*ANSWERS, REVOKED, STATUS_UNKNOWN)
"""Answers without the register: its lists do not tell a withdrawal from a replacement."""


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What the newest status list that is at hand says, and when it was made."""

    as_of: datetime
    days_old: int


def registered_answer(findings: FileFindings, status: str | None, version: int | None) -> str:
    """Return the answer of the register for the day asked.

    ``status`` and ``version`` are those of the certificate on that day; both are None
    when the register has none of the file's number.
    """
    if not findings.genuine:
        return findings.code.replace("-", "_")
    if status is None:
        return UNKNOWN
    if status != states.IN_FORCE or version is None or findings.version is None:
        return status
    if findings.version < version:
        return OLDER_VERSION
    return states.NOT_YET_IN_FORCE if findings.version > version else status


def offline_answer(
    findings: FileFindings, day: date, known: LastKnown | None, most_days: int | None = None
) -> str:
    """Return the answer for ``day`` by the file and the lists in the trust bundle alone.

    ``known`` is from ``last_known``; with ``most_days`` an older status counts as unknown.
    """
    if not findings.genuine:
        return findings.code.replace("-", "_")
    set_lists = {status.purpose for status in findings.statuses if status.is_set}
    if status_list.REVOCATION in set_lists:
        return REVOKED
    outside = _outside_validity(findings, day)
    if outside is not None:
        return outside
    if status_list.SUSPENSION in set_lists:
        return states.SUSPENDED
    too_old = known is None or (most_days is not None and known.days_old > most_days)
    return STATUS_UNKNOWN if too_old else states.IN_FORCE


def last_known(findings: FileFindings, now: datetime) -> LastKnown | None:
    """Return from when the status is known, by the older list; None if any is missing."""
    made = {one.purpose: one.made_at for one in findings.statuses if one.is_set is not None}
    if made.keys() != set(status_list.PURPOSES):
        return None
    oldest = min(made_at for made_at in made.values() if made_at is not None)
    age = register_day(findings, now) - register_day(findings, oldest)
    return LastKnown(oldest, age.days)


def register_day(findings: FileFindings, moment: datetime) -> date:
    """Return the day that ``moment`` (aware) belongs to at the register, by the file."""
    start = _instant(findings, "validFrom")
    return moment.astimezone(start.tzinfo if start else UTC).date()


def _outside_validity(findings: FileFindings, day: date) -> str | None:
    # The register writes the days of its own zone, so their offset is theirs.
    start, end = (_instant(findings, name) for name in ("validFrom", "validUntil"))
    if start is not None and day < start.date():
        return states.NOT_YET_IN_FORCE
    return states.EXPIRED if end is not None and day > end.date() else None


def _instant(findings: FileFindings, name: str) -> datetime | None:
    value = (findings.claims or {}).get(name)
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
