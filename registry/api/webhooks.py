"""Webhook endpoints of the actor's organisation: keeping them, and their log."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields

from registry.api.answers import listed, page, page_parameters, representation
from registry.api.parameters import MOST, PAGING
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, page_of
from registry.notices.models import WebhookEndpoint
from registry.notices.queries.endpoints import DeliveryFacts, deliveries, endpoint_of, endpoints
from registry.notices.schemas import EndpointSchema
from registry.notices.services import webhooks as service
from registry.unit_of_work import UnitOfWork
from registry.web.edge import current_actor, parts, reading

blueprint = Resource("Webhooks", "Where programs are told of changes (Standard Webhooks)")

ONE = f"/webhooks/<int(max={MOST}):endpoint_id>"
PERMISSION = service.KEEP

Data = Mapping[str, Any]


class EndpointAnswerSchema(AnswerSchema):
    """An endpoint. ``secret`` is there once: when it was made."""

    id = fields.Integer()
    href = fields.String()
    url = fields.String()
    description = fields.String(allow_none=True)
    event_types = fields.List(fields.String())
    state = fields.String(metadata={"enum": ["active", "paused", "disabled"]})
    state_reason = fields.String(allow_none=True)
    created_at = fields.DateTime()
    last_success_at = fields.DateTime(allow_none=True)
    previous_secret_until = fields.DateTime(allow_none=True)
    secret = fields.String(metadata={"description": "whsec_ and base64; keep it."})

    sometimes = frozenset({"secret"})


class AttemptAnswerSchema(AnswerSchema):
    """What came of sending a message once; no status when nobody answered."""

    number = fields.Integer()
    at = fields.DateTime()
    status_code = fields.Integer(allow_none=True)
    milliseconds = fields.Integer()
    error = fields.String(allow_none=True)


class DeliveryAnswerSchema(AnswerSchema):
    """A message for the endpoint. ``message_id`` is its webhook-id over all attempts."""

    id = fields.Integer()
    message_id = fields.String()
    event_type = fields.String()
    position = fields.Integer(allow_none=True)
    state = fields.String(metadata={"enum": ["waiting", "delivered", "failed"]})
    created_at = fields.DateTime()
    next_attempt_at = fields.DateTime(allow_none=True)
    attempts = fields.List(fields.Nested(AttemptAnswerSchema))


class RemovedAnswerSchema(AnswerSchema):
    """That it is gone."""

    removed = fields.Boolean()


@blueprint.question("/webhooks", page_of(EndpointAnswerSchema), permission=PERMISSION)
def list_endpoints() -> Response:
    """List the endpoints of the actor's organisation."""
    with reading() as session:
        found = endpoints(session, current_actor())
    return listed([_present(endpoint) for endpoint in found])


@blueprint.question(ONE, EndpointAnswerSchema, permission=PERMISSION)
def show_endpoint(endpoint_id: int) -> Response:
    """Show one endpoint, without its secret."""
    with reading() as session:
        endpoint = endpoint_of(session, current_actor(), endpoint_id)
    return representation(_present(endpoint), 0)


@blueprint.question(
    f"{ONE}/deliveries", page_of(DeliveryAnswerSchema), query=PAGING, permission=PERMISSION
)
def list_deliveries(endpoint_id: int) -> Response:
    """List what was sent or waits to be sent, the newest first."""
    key, limit = page_parameters(int)
    with reading() as session:
        endpoint_of(session, current_actor(), endpoint_id)
        rows = deliveries(session, endpoint_id, before=key[0] if key else None, limit=limit + 1)
    return page(rows, limit, _present_delivery, lambda row: (row.delivery.id,))


@blueprint.command(
    "/webhooks", EndpointAnswerSchema, body=EndpointSchema, permission=PERMISSION, status=201
)
def register(uow: UnitOfWork, data: Data) -> Data:
    """Register an endpoint; the answer shows its secret, this once."""
    endpoint = service.register_endpoint(uow, data, private=_private())
    return {**_present(endpoint), "secret": endpoint.secret}


@blueprint.command(
    ONE, EndpointAnswerSchema, body=EndpointSchema, permission=PERMISSION, method="PUT"
)
def revise(uow: UnitOfWork, endpoint_id: int, data: Data) -> Data:
    """Replace address, description and event types."""
    return _present(service.change_endpoint(uow, endpoint_id, data, private=_private()))


@blueprint.command(ONE, RemovedAnswerSchema, permission=PERMISSION, method="DELETE")
def remove(uow: UnitOfWork, endpoint_id: int) -> Data:
    """Remove an endpoint with its log."""
    service.remove_endpoint(uow, endpoint_id)
    return {"removed": True}


@blueprint.command(f"{ONE}/rotate", EndpointAnswerSchema, permission=PERMISSION)
def rotate(uow: UnitOfWork, endpoint_id: int) -> Data:
    """Make a new secret; the one before signs too for a day."""
    endpoint = service.rotate_secret(uow, endpoint_id)
    return {**_present(endpoint), "secret": endpoint.secret}


@blueprint.command(f"{ONE}/pause", EndpointAnswerSchema, permission=PERMISSION)
def pause(uow: UnitOfWork, endpoint_id: int) -> Data:
    """Send nothing until it is resumed."""
    return _present(service.pause_endpoint(uow, endpoint_id))


@blueprint.command(f"{ONE}/resume", EndpointAnswerSchema, permission=PERMISSION)
def resume(uow: UnitOfWork, endpoint_id: int) -> Data:
    """Send again, also after the registry disabled it."""
    return _present(service.resume_endpoint(uow, endpoint_id))


@blueprint.command(f"{ONE}/test", DeliveryAnswerSchema, permission=PERMISSION)
def send_test(uow: UnitOfWork, endpoint_id: int) -> Data:
    """Send a message of type webhook.test, of which nothing follows."""
    return _present_delivery(DeliveryFacts(service.send_test(uow, endpoint_id), []))


@blueprint.command(
    f"{ONE}/deliveries/<int(max={MOST}):delivery_id>/send-again",
    DeliveryAnswerSchema,
    permission=PERMISSION,
)
def send_again(uow: UnitOfWork, endpoint_id: int, delivery_id: int) -> Data:
    """Send a message once more under its id."""
    service.send_again(uow, endpoint_id, delivery_id)
    return _present_delivery(deliveries(uow.session, endpoint_id, only=delivery_id)[0])


def _private() -> bool:
    return parts().settings.webhooks_private


def _present(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "href": url_for("Webhooks.show_endpoint", endpoint_id=endpoint.id),
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types,
        "state": endpoint.state,
        "state_reason": endpoint.state_reason,
        "created_at": endpoint.created_at,
        "last_success_at": endpoint.last_success_at,
        "previous_secret_until": endpoint.previous_until,
    }


def _present_delivery(facts: DeliveryFacts) -> dict[str, Any]:
    delivery = facts.delivery
    return {
        "id": delivery.id,
        "message_id": delivery.message_id,
        "event_type": delivery.event_type,
        "position": delivery.position,
        "state": delivery.state,
        "created_at": delivery.created_at,
        "next_attempt_at": delivery.next_attempt_at,
        "attempts": [
            {
                "number": attempt.number,
                "at": attempt.at,
                "status_code": attempt.status_code,
                "milliseconds": attempt.milliseconds,
                "error": attempt.error,
            }
            for attempt in facts.attempts
        ],
    }
