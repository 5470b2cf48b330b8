"""What a webhook message says: thin events that point to the register, never copy it."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from sqlalchemy.orm import Session

from registry.assessment.queries.subjects import SubjectFacts, describe
from registry.history import AsOf
from registry.journal.models import JournalEntry

TEST_EVENT = "webhook.test"

# Where the API shows a thing; what is not here is read in the journal.
_ADDRESSES = {
    "certificate": "/certificates/{name}",
    "declaration": "/declarations/{name}",
    "application": "/applications/{name}",
    "report": "/reports/{id}",
    "report-request": "/report-requests/{id}",
    "body": "/bodies/{name}",
    "accreditation": "/accreditations/{id}",
    "arrangement": "/arrangements/{name}",
    "organisation": "/organisations/{name}",
}


def event_body(session: Session, entry: JournalEntry, as_of: AsOf, base_url: str) -> dict[str, Any]:
    """Return the message about ``entry``: type, timestamp, and where to read what changed.

    ``data.status`` is the status after the change, None for what has none.
    """
    about = describe(session, entry.subject, as_of)
    return {
        "type": entry.action,
        "timestamp": entry.recorded_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "subject": entry.subject,
            "href": base_url + api_path(about, entry.position),
            "position": entry.position,
            "leaf_hash": entry.leaf_hash.hex(),
            "status": about.status if about else None,
        },
    }


def api_path(about: SubjectFacts | None, position: int) -> str:
    """Return the path at which the API shows a thing; its journal entry where it shows none."""
    if about is None or about.kind not in _ADDRESSES:
        return f"/api/v1/journal/{position}"
    return "/api/v1" + _ADDRESSES[about.kind].format(name=about.name, id=about.id)


def wants(event_types: Iterable[str], action: str) -> bool:
    """Whether an endpoint asked for ``action``: by its name, "certificate.*" or "*"."""
    family = action.partition(".")[0] + ".*"
    return any(wanted in (action, family, "*") for wanted in event_types)
