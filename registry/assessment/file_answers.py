"""The one answer to a file: what it is, joined with what holds of its certificate on a day.

Asked at the register, the register's own facts decide. Asked without a network, the
credential's dates and the last known status lists do, and the answer says how old they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from registry.assessment import states
from registry.credentials import file_check, status_list
from registry.credentials.file_check import FileFindings
from registry.credentials.verification import StatusFinding

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


def registered_answer(findings: FileFindings, status: str | None, newest: int | None) -> str:
    """Return the answer of the register; ``status`` is the certificate's on the day asked.

    ``status`` is None when the register has no certificate of the file's number, and
    ``newest`` is the number of its latest version.
    """
    if not findings.genuine:
        return findings.code.replace("-", "_")
    if status is None:
        return UNKNOWN
    older = newest is not None and findings.version is not None and findings.version < newest
    return OLDER_VERSION if older and status == states.IN_FORCE else status


def offline_answer(findings: FileFindings, day: date, most_days: int | None = None) -> str:
    """Return the answer for ``day`` by the file and the lists in the trust bundle alone.

    With ``most_days`` a status that is older does not count as known.
    """
    if not findings.genuine:
        return findings.code.replace("-", "_")
    by_purpose = {status.purpose: status for status in findings.statuses}
    if _is_set(by_purpose.get(status_list.REVOCATION)):
        return REVOKED
    start, end = (_day(findings, name) for name in ("validFrom", "validUntil"))
    if start is not None and day < start:
        return states.NOT_YET_IN_FORCE
    if end is not None and day > end:
        return states.EXPIRED
    if _is_set(by_purpose.get(status_list.SUSPENSION)):
        return states.SUSPENDED
    age = last_known(findings.statuses, day)
    if age is None or (most_days is not None and age.days_old > most_days):
        return STATUS_UNKNOWN
    return states.IN_FORCE


def last_known(statuses: Iterable[StatusFinding], day: date) -> LastKnown | None:
    """Return from when the status is known, by the older list; None if any is missing."""
    known = {status.purpose: status.made_at for status in statuses if status.is_set is not None}
    if known.keys() != set(status_list.PURPOSES):
        return None
    oldest = min(made_at for made_at in known.values() if made_at is not None)
    return LastKnown(oldest, (day - oldest.date()).days)


def _is_set(status: StatusFinding | None) -> bool:
    return status is not None and status.is_set is True


def _day(findings: FileFindings, name: str) -> date | None:
    value = (findings.claims or {}).get(name)
    try:
        # The register writes the days of its own zone, so their offset is theirs.
        return datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        return None
