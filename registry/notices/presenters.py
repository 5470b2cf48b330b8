"""Notices and webhook endpoints as their pages show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from registry.assessment.presenters.common import Reader
from registry.assessment.presenters.subjects import befallen, present_subject
from registry.notices.models import WebhookEndpoint
from registry.notices.queries.endpoints import DeliveryFacts
from registry.notices.queries.notices import NoticeFacts


def present_notices(found: Iterable[NoticeFacts], reader: Reader) -> list[dict[str, Any]]:
    """Return notices: what was done, with what, and where to read it."""
    return [
        {
            "position": notice.entry.position,
            "recorded_at": notice.entry.recorded_at,
            "said": reader.label("journal-action", notice.entry.action),
            # What the entry itself says in public: from which day on, and why.
            "since": notice.entry.data.get("effective_on") or notice.entry.data.get("from"),
            "reason": notice.entry.data.get("reason"),
            "subject": notice.entry.subject,
            "about": present_subject(notice.about),
            "cause": _cause(notice, reader),
            "own": notice.own,
            "read": notice.read,
        }
        for notice in found
    ]


def _cause(notice: NoticeFacts, reader: Reader) -> dict[str, str] | None:
    """Return why something is looked at again: the thing, and what befell it."""
    data = notice.entry.data
    if notice.cause is None:
        return None
    befell = ""
    if "cause_kind" in data:
        befell = befallen(data["cause"], data["cause_kind"], reader)
    elif "because" in data:
        befell = reader.label("journal-action", data["because"])
    return {"label": notice.cause.label, "befell": befell}


def present_endpoint(endpoint: WebhookEndpoint, reader: Reader) -> dict[str, Any]:
    """Return an endpoint without its secret."""
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": [event_label(key, reader) for key in endpoint.event_types],
        "chosen": endpoint.event_types,
        "state": endpoint.state,
        "state_label": reader.label("webhook-state", endpoint.state),
        "state_reason": endpoint.state_reason,
        "created_at": endpoint.created_at,
        "last_success_at": endpoint.last_success_at,
        "previous_until": endpoint.previous_until,
    }


def present_deliveries(found: Sequence[DeliveryFacts], reader: Reader) -> list[dict[str, Any]]:
    """Return the log of an endpoint."""
    return [
        {
            "id": facts.delivery.id,
            "message_id": facts.delivery.message_id,
            "event_type": facts.delivery.event_type,
            "said": event_label(facts.delivery.event_type, reader),
            "position": facts.delivery.position,
            "state": facts.delivery.state,
            "state_label": reader.label("webhook-delivery-state", facts.delivery.state),
            "created_at": facts.delivery.created_at,
            "next_attempt_at": facts.delivery.next_attempt_at,
            "attempts": facts.attempts,
        }
        for facts in found
    ]


def event_label(key: str, reader: Reader) -> str:
    """Return an event type in words; the key where it stands for many."""
    return reader.label("journal-action", key)


def event_families(labels: Iterable[tuple[str, str]], kinds: Iterable[str]) -> list[str]:
    """Return "certificate.*" and the like: the families of actions on ``kinds`` of subject."""
    present = {
        key.partition(".")[0] for vocabulary, key in labels if vocabulary == "journal-action"
    }
    return [f"{kind}.*" for kind in kinds if kind in present]
