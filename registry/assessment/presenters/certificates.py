"""Certificates and the answer to a number (context of templates/public/verify.html)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from registry.assessment import states
from registry.assessment.models import Certificate
from registry.assessment.presenters.common import (
    Reader,
    Text,
    local_text,
    present_events,
)
from registry.assessment.queries.certificates import CertificateFacts


def present_answer(
    facts: CertificateFacts,
    slug: str | None,
    recorded: Mapping[int, datetime],
    reader: Reader,
) -> dict[str, Any]:
    """Return what holds for a certificate on the day asked, and what it says.

    ``slug`` is its edition's address, ``recorded`` when each journal position was.
    """
    return {
        "outcome": facts.status.key,
        "since": since(facts),
        "reason": facts.status.reason,
        "replaced_by": None,
        "certificate": present_certificate(facts.certificate, slug),
        "events": present_events(facts.events, "certificate-event", reader, recorded),
    }


def since(facts: CertificateFacts) -> date | None:
    """Return the day that belongs to the status: its first, or the last one of validity."""
    if facts.status.key == states.EXPIRED:
        return facts.certificate.valid_until
    if facts.status.key == states.NOT_YET_IN_FORCE:
        return facts.certificate.valid_from
    return facts.status.since


def present_certificate(certificate: Certificate, slug: str | None) -> dict[str, Any]:
    """Return what a certificate says, as frozen when it was issued."""
    snapshot = certificate.snapshot
    holder = snapshot["holder"]
    return {
        "number": certificate.number,
        "demonstration": certificate.demonstration,
        "holder": {
            "name": holder["name"],
            "country": local_text(holder["country"]),
            "address": holder["address"],
            "identifier": holder["identifier"],
        },
        "product": local_text(snapshot["product"]["name"]),
        "models": snapshot["product"]["models"],
        "scope": local_text(snapshot["scope"]),
        "requirements": [
            {
                "designation": item["designation"],
                "slug": slug,
                "title": local_text(item["title"]),
            }
            for item in snapshot["requirements"]
        ],
        "method": local_text(snapshot["method"]["label"]),
        "reports": [
            {
                "number": report["number"],
                "laboratory": report["laboratory"],
                "laboratory_slug": None,
                "issued_on": date.fromisoformat(report["issued"]),
            }
            for report in snapshot["reports"]
        ],
        "issued_on": date.fromisoformat(snapshot["decided_on"]),
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "decided_by": snapshot["decision_maker"]["name"],
    }


def present_rows(found: Iterable[CertificateFacts]) -> list[dict[str, Any]]:
    """Return the rows of a list of certificates."""
    return [_row(facts) for facts in found]


def _row(facts: CertificateFacts) -> dict[str, Any]:
    certificate = facts.certificate
    snapshot = certificate.snapshot
    product: Text | None = local_text(snapshot["product"]["name"])
    return {
        "number": certificate.number,
        "demonstration": certificate.demonstration,
        "holder": snapshot["holder"]["name"],
        "product": product,
        "requirements": [item["designation"] for item in snapshot["requirements"]],
        "status_key": facts.status.key,
        "since": since(facts),
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
    }
