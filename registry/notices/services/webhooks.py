"""Endpoints of an organisation's programs: registering, changing, pausing, ending.

Standard Webhooks: secrets are ``whsec_`` and base64 of 24 random bytes; after a
rotation both secrets sign for a day.
"""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from registry.errors import BadTransition, Denied, Invalid, NotFound
from registry.history import AsOf
from registry.journal.queries import head
from registry.messages import Message
from registry.notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from registry.notices.queries.events import TEST_EVENT
from registry.notices.services.addresses import checked_url
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.queries import terms

KEEP = "webhook:keep"
JOURNAL_ACTION = "journal-action"
MOST_ENDPOINTS = 10
OVERLAP = timedelta(hours=24)

ACTIVE = "active"
PAUSED = "paused"
DISABLED = "disabled"

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"

_SECRET_BYTES = 24


def make_secret() -> str:
    """Return a new signing secret: "whsec_" and base64 of 192 random bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def register_endpoint(
    uow: UnitOfWork, data: Mapping[str, Any], *, private: bool
) -> WebhookEndpoint:
    """Register an endpoint of the actor's organisation; data as ``EndpointSchema`` loads it.

    It is told what happens from now on. Its secret is shown once, by the caller.
    """
    organisation_id = _organisation(uow)
    count = uow.session.scalar(
        select(func.count())
        .select_from(WebhookEndpoint)
        .where(WebhookEndpoint.organisation_id == organisation_id)
    )
    if (count or 0) >= MOST_ENDPOINTS:
        message = Message("An organisation has at most {most} endpoints.", most=MOST_ENDPOINTS)
        raise Invalid.one("url", message)
    _check_types(uow, data["event_types"])
    endpoint = WebhookEndpoint(
        organisation_id=organisation_id,
        url=checked_url(data["url"], private=private),
        description=data["description"],
        event_types=data["event_types"],
        state=ACTIVE,
        secret=make_secret(),
        from_position=head(uow.session),
        created_at=uow.now,
        created_by_user_id=uow.actor.user_id,
    )
    uow.session.add(endpoint)
    uow.session.flush()
    return endpoint


def change_endpoint(
    uow: UnitOfWork, endpoint_id: int, data: Mapping[str, Any], *, private: bool
) -> WebhookEndpoint:
    """Change address, description and event types; data as ``EndpointSchema`` loads it."""
    endpoint = own_endpoint(uow, endpoint_id)
    _check_types(uow, data["event_types"], endpoint.event_types)
    endpoint.url = checked_url(data["url"], private=private)
    endpoint.description = data["description"]
    endpoint.event_types = data["event_types"]
    uow.session.flush()
    return endpoint


def _check_types(uow: UnitOfWork, wanted: Sequence[str], kept: Sequence[str] = ()) -> None:
    """Raise ``Invalid`` on what no entry of the journal can be: it would never be told of.

    What an endpoint asked for already may stay.
    """
    actions = [term.key for term in terms(uow.session, JOURNAL_ACTION, AsOf(uow.today))]
    families = {f"{action.partition('.')[0]}.*" for action in actions}
    errors = {
        f"event_types.{number}": [
            Message("“{key}” is no journal action, family of actions or “*”.", key=name)
        ]
        for number, name in enumerate(wanted)
        if name != "*" and name not in families and name not in actions and name not in kept
    }
    if errors:
        raise Invalid(errors)


def rotate_secret(uow: UnitOfWork, endpoint_id: int) -> WebhookEndpoint:
    """Give an endpoint a new secret; the one before signs too for a day."""
    endpoint = own_endpoint(uow, endpoint_id)
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_until = uow.now + OVERLAP
    endpoint.secret = make_secret()
    uow.session.flush()
    return endpoint


def pause_endpoint(uow: UnitOfWork, endpoint_id: int) -> WebhookEndpoint:
    """Send nothing until it is resumed; what waits keeps waiting, what happens is not told."""
    endpoint = own_endpoint(uow, endpoint_id)
    if endpoint.state != ACTIVE:
        raise BadTransition(Message("This endpoint is not active."))
    endpoint.state = PAUSED
    uow.session.flush()
    return endpoint


def resume_endpoint(uow: UnitOfWork, endpoint_id: int) -> WebhookEndpoint:
    """Send again, also to one that was disabled; what happens from now on is told."""
    endpoint = own_endpoint(uow, endpoint_id)
    if endpoint.state == ACTIVE:
        raise BadTransition(Message("This endpoint is active already."))
    endpoint.state = ACTIVE
    endpoint.state_reason = None
    uow.session.flush()
    return endpoint


def remove_endpoint(uow: UnitOfWork, endpoint_id: int) -> None:
    """Remove an endpoint with its log."""
    endpoint = own_endpoint(uow, endpoint_id)
    deliveries = select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == endpoint.id)
    uow.session.execute(delete(WebhookAttempt).where(WebhookAttempt.delivery_id.in_(deliveries)))
    uow.session.execute(delete(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint.id))
    uow.session.delete(endpoint)
    uow.session.flush()


def send_test(uow: UnitOfWork, endpoint_id: int) -> WebhookDelivery:
    """Queue a message of type "webhook.test", of which nothing follows."""
    endpoint = own_endpoint(uow, endpoint_id)
    if endpoint.state != ACTIVE:
        raise BadTransition(Message("This endpoint is not active."))
    body = {
        "type": TEST_EVENT,
        "timestamp": uow.now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "subject": None,
            "href": None,
            "position": None,
            "leaf_hash": None,
            "status": None,
        },
    }
    text = json.dumps(body, separators=(",", ":"))
    return queue_delivery(uow, endpoint, event_type=TEST_EVENT, position=None, body=text)


def send_again(uow: UnitOfWork, endpoint_id: int, delivery_id: int) -> WebhookDelivery:
    """Send a message once more, with the same id: a receiver that has it drops it."""
    endpoint = own_endpoint(uow, endpoint_id)
    delivery = uow.session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.endpoint_id != endpoint.id:
        raise NotFound(Message("There is no such delivery."))
    if endpoint.state != ACTIVE:
        raise BadTransition(Message("This endpoint is not active."))
    delivery.state = WAITING
    delivery.next_attempt_at = uow.now
    uow.session.flush()
    return delivery


def queue_delivery(
    uow: UnitOfWork, endpoint: WebhookEndpoint, *, event_type: str, position: int | None, body: str
) -> WebhookDelivery:
    """Queue one message for one endpoint."""
    delivery = WebhookDelivery(
        endpoint_id=endpoint.id,
        message_id="msg_" + secrets.token_urlsafe(18),
        event_type=event_type,
        position=position,
        body=body,
        state=WAITING,
        attempts=0,
        created_at=uow.now,
        next_attempt_at=uow.now,
    )
    uow.session.add(delivery)
    uow.session.flush()
    return delivery


def own_endpoint(uow: UnitOfWork, endpoint_id: int) -> WebhookEndpoint:
    """Return an endpoint of the actor's organisation; ``NotFound`` for anybody else's."""
    organisation_id = _organisation(uow)
    endpoint = uow.session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.organisation_id != organisation_id:
        raise NotFound(Message("There is no such endpoint."))
    return endpoint


def _organisation(uow: UnitOfWork) -> int:
    uow.actor.require(KEEP)
    if uow.actor.organisation_id is None or uow.actor.user_id is None:
        raise Denied(Message("Webhooks are kept for an organisation; yours is not known."))
    return uow.actor.organisation_id
