"""Certificates and the answer to a number (context of templates/public/verify.html)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from registry.assessment import states
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
    *,
    replaced_by: str | None = None,
) -> dict[str, Any]:
    """Return what holds for a certificate on the day asked, and what it says on that day.

    ``slug`` is its edition's address, ``recorded`` when each journal position was,
    ``replaced_by`` the number of the certificate in its place.
    """
    return {
        "outcome": facts.status.key,
        "since": since(facts),
        "reason": facts.status.reason,
        "replaced_by": replaced_by,
        "certificate": present_certificate(facts, slug),
        "versions": present_versions(facts, reader),
        "events": present_events(facts.events, "certificate-event", reader, recorded),
    }


def since(facts: CertificateFacts) -> date | None:
    """Return the day that belongs to the status: its first, or the last one of validity."""
    if facts.status.key == states.EXPIRED:
        return facts.said.valid_until
    if facts.status.key == states.NOT_YET_IN_FORCE:
        return facts.said.valid_from
    return facts.status.since


def present_versions(facts: CertificateFacts, reader: Reader) -> list[dict[str, Any]]:
    """Return every version known, the newest first, with the days it holds or held."""
    ends = [version.effective_on for version in facts.versions[1:]]
    rows = [
        {
            "number": version.number,
            "kind": reader.label("certificate-event", version.kind),
            "effective_on": version.effective_on,
            "until": end - timedelta(days=1) if end else None,
            "valid_until": version.valid_until,
            "reason": version.reason,
            "holds": version.number == facts.said.number,
        }
        for version, end in zip(facts.versions, [*ends, None], strict=True)
    ]
    return rows[::-1]


def present_certificate(facts: CertificateFacts, slug: str | None) -> dict[str, Any]:
    """Return what a certificate says on the day asked, as frozen when that was decided."""
    certificate, said = facts.certificate, facts.said
    snapshot = said.snapshot
    holder = snapshot["holder"]
    return {
        "number": certificate.number,
        "demonstration": certificate.demonstration,
        "holder": {
            "name": local_text(holder.get("names")) or holder["name"],
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
                "laboratory": local_text(report.get("laboratory_names")) or report["laboratory"],
                "laboratory_slug": None,
                "issued_on": date.fromisoformat(report["issued"]),
            }
            for report in snapshot["reports"]
        ],
        "version": said.number,
        "replaces": snapshot["replaces"],
        "issued_on": date.fromisoformat(snapshot["decided_on"]),
        "valid_from": said.valid_from,
        "valid_until": said.valid_until,
        "decided_by": snapshot["decision_maker"]["name"],
    }


def present_rows(found: Iterable[CertificateFacts]) -> list[dict[str, Any]]:
    """Return the rows of a list of certificates."""
    return [_row(facts) for facts in found]


def _row(facts: CertificateFacts) -> dict[str, Any]:
    certificate, snapshot = facts.certificate, facts.said.snapshot
    product: Text | None = local_text(snapshot["product"]["name"])
    return {
        "number": certificate.number,
        "demonstration": certificate.demonstration,
        "holder": snapshot["holder"]["name"],
        "product": product,
        "requirements": [item["designation"] for item in snapshot["requirements"]],
        "status_key": facts.status.key,
        "since": since(facts),
        "valid_from": facts.said.valid_from,
        "valid_until": facts.said.valid_until,
    }
