"""Whom a journal entry concerns."""

from sqlalchemy.orm import Session

from registry.accounts.models import User
from registry.assessment.queries.subjects import KINDS, describe
from registry.history import AsOf
from registry.journal.models import JournalEntry

# An organisation need not be told that its officers plan to visit it unannounced.
_NOT_TOLD = frozenset({"task.assign"})


def concerned(session: Session, entry: JournalEntry, as_of: AsOf) -> frozenset[int]:
    """Return the organisations that ``entry`` concerns, as the register stood at its position.

    The holder of a certificate or declaration, the laboratory and the applicant of a
    report, the applicant, the body of an accreditation, the bodies of an arrangement,
    the organisation itself.
    """
    if entry.action in _NOT_TOLD:
        return frozenset()
    facts = describe(session, entry.subject, as_of)
    return facts.organisations if facts else frozenset()


def employer(session: Session, reference: str) -> int | None:
    """Return the organisation for which the actor ``reference`` ("user:5") acts."""
    kind, _, number = reference.partition(":")
    user = session.get(User, int(number)) if kind == "user" and number.isdigit() else None
    return user.organisation_id if user else None


# Foreign schemes have no accounts here, and their lists come by the thousand.
SUBJECT_KINDS = tuple(kind for kind in KINDS if kind != "foreign-result")
