"""Records what is known of a body: identifiers, addresses, contacts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.assessment.models import Body, BodyAddress, BodyContact, BodyIdentifier
from registry.assessment.queries.references import body_at
from registry.assessment.services.checks import overlap
from registry.errors import Invalid
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.vocabulary.checks import require_term

_PUBLIC_CONTACT = ("purpose", "valid_from", "valid_until")


def add_identifier(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> BodyIdentifier:
    """Record a number of a body; data as ``BodyIdentifierSchema`` loads it.

    ``Invalid`` on ``value`` when a body has this number in that period already.
    """
    body = _body(uow, slug)
    require_term(uow, "identifier-scheme", data["scheme"], "scheme")
    period = (data["valid_from"], data["valid_until"])
    for other in uow.session.scalars(
        select(BodyIdentifier).where(
            BodyIdentifier.scheme == data["scheme"],
            BodyIdentifier.value == data["value"],
            known(BodyIdentifier),
        )
    ):
        if overlap(period, (other.valid_from, other.valid_until)):
            raise Invalid.one("value", Message("A body is registered under this number already."))
    position = uow.record("body.add-identifier", f"body:{body.id}", data)
    identifier = BodyIdentifier(body_id=body.id, **data)
    uow.add(identifier, position=position)
    uow.session.flush()
    return identifier


def add_address(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> BodyAddress:
    """Record an address of a body; data as ``BodyAddressSchema`` loads it."""
    body = _body(uow, slug)
    require_term(uow, "address-kind", data["kind"], "kind")
    position = uow.record("body.add-address", f"body:{body.id}", data)
    address = BodyAddress(body_id=body.id, **data)
    uow.add(address, position=position)
    uow.session.flush()
    return address


def add_contact(uow: UnitOfWork, slug: str, data: Mapping[str, Any]) -> BodyContact:
    """Record whom officers ask; data as ``BodyContactSchema`` loads it.

    The journal says publicly that there is a contact and for what, and seals the rest.
    """
    body = _body(uow, slug)
    require_term(uow, "contact-purpose", data["purpose"], "purpose")
    position = uow.record(
        "body.add-contact",
        f"body:{body.id}",
        {name: data[name] for name in _PUBLIC_CONTACT},
        sealed={name: value for name, value in data.items() if name not in _PUBLIC_CONTACT},
    )
    contact = BodyContact(body_id=body.id, **data)
    uow.add(contact, position=position)
    uow.session.flush()
    return contact


def _body(uow: UnitOfWork, slug: str) -> Body:
    uow.actor.require("body:register")
    return body_at(uow.session, slug)
