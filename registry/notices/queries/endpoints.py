"""Webhook endpoints of one organisation, and their log."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.errors import NotFound
from registry.messages import Message
from registry.notices.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """A message with what came of sending it, the last attempt last."""

    delivery: WebhookDelivery
    attempts: Sequence[WebhookAttempt]


def endpoints(session: Session, actor: Actor) -> Sequence[WebhookEndpoint]:
    """Return the endpoints of the actor's organisation in the order of their registration."""
    return session.scalars(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.organisation_id == (actor.organisation_id or 0))
        .order_by(WebhookEndpoint.id)
    ).all()


def endpoint_of(session: Session, actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    """Return one endpoint of the actor's organisation; ``NotFound`` for anybody else's."""
    endpoint = session.get(WebhookEndpoint, endpoint_id)
    if endpoint is None or endpoint.organisation_id != actor.organisation_id:
        raise NotFound(Message("There is no such endpoint."))
    return endpoint


def deliveries(
    session: Session,
    endpoint_id: int,
    *,
    before: int | None = None,
    only: int | None = None,
    limit: int = 50,
) -> list[DeliveryFacts]:
    """Return the log of an endpoint, the newest message first; ``only`` one message."""
    query = (
        select(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(WebhookDelivery.id < before)
    if only is not None:
        query = query.where(WebhookDelivery.id == only)
    found = session.scalars(query).all()
    attempts: dict[int, list[WebhookAttempt]] = {}
    for attempt in session.scalars(
        select(WebhookAttempt)
        .where(WebhookAttempt.delivery_id.in_([delivery.id for delivery in found]))
        .order_by(WebhookAttempt.id)
    ):
        attempts.setdefault(attempt.delivery_id, []).append(attempt)
    return [DeliveryFacts(delivery, attempts.get(delivery.id, [])) for delivery in found]
