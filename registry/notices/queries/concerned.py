"""Whom a journal entry concerns."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from registry.accounts.models import User
from registry.assessment.queries.subjects import KINDS, parties_of
from registry.history import AsOf
from registry.journal.models import JournalEntry

# The office's own housekeeping: who looks at a task, and a certificate's place in a list of bits.
_NOT_TOLD = frozenset({"task.assign", "credential.assign-status-index"})


def concerned(
    session: Session, entries: Sequence[JournalEntry], zone: ZoneInfo
) -> dict[int, frozenset[int]]:
    """Return the organisations that each entry concerns, as the register stood then.

    By position: the holder of a certificate or declaration, the laboratory and the
    applicant of a report, the applicant, the body of an accreditation, the bodies of an
    arrangement, the organisation itself.
    """
    told = [entry for entry in entries if entry.action not in _NOT_TOLD]
    parties = parties_of(session, ((entry.subject, as_of_entry(entry, zone)) for entry in told))
    nobody: dict[int, frozenset[int]] = dict.fromkeys(
        (entry.position for entry in entries), frozenset()
    )
    return nobody | {entry.position: parties[entry.subject, entry.position] for entry in told}


def as_of_entry(entry: JournalEntry, zone: ZoneInfo) -> AsOf:
    """Return the day and position of an entry, to ask what the register said right after it."""
    return AsOf(entry.recorded_at.astimezone(zone).date(), entry.position)


def employer(session: Session, reference: str) -> int | None:
    """Return the organisation for which the actor ``reference`` ("user:5") acts."""
    kind, _, number = reference.partition(":")
    user = session.get(User, int(number)) if kind == "user" and number.isdigit() else None
    return user.organisation_id if user else None


# Foreign schemes have no accounts here, and their lists come by the thousand.
SUBJECT_KINDS = tuple(kind for kind in KINDS if kind != "foreign-result")
