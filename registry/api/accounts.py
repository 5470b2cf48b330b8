"""Resources of accounts: who a token acts for, and the organisations of the register.

Tokens are made and revoked on the account's page only: whoever found a token
must not be able to make another one with it.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from registry.accounts.models import Organisation
from registry.accounts.permissions import SIGNED_IN
from registry.accounts.presenters import ordered_roles
from registry.accounts.queries import organisation_by_slug, organisation_record
from registry.accounts.schemas import OrganisationData
from registry.accounts.services.organisations import register_organisation, revise_organisation
from registry.actor import Actor
from registry.api.answers import representation
from registry.api.parameters import AS_OF
from registry.api.resource import Resource
from registry.api.schemas import AnswerSchema, ChangeableSchema, texts
from registry.errors import Invalid
from registry.messages import Message
from registry.unit_of_work import UnitOfWork
from registry.web.edge import asked_as_of, current_actor, reading

account = Resource("Account", "Who a program acts for, and what it may do")
organisations = Resource("Organisations", "Authorities, bodies, accreditors and businesses")

BLUEPRINTS = (account, organisations)

_PUBLIC = ("names", "country", "identifier_scheme", "identifier", "address", "website")
_CONTACT = ("contact_name", "contact_email", "contact_phone")


class AccountAnswerSchema(AnswerSchema):
    """The account behind a token. ``permissions`` are what roles and scopes allow together."""

    reference = fields.String(metadata={"description": "As the journal names the actor."})
    name = fields.String()
    organisation = fields.String(allow_none=True, metadata={"description": "Its public name."})
    roles = fields.List(fields.String())
    permissions = fields.List(fields.String())


class OrganisationAnswerSchema(ChangeableSchema):
    """An organisation. Contacts are shown to officers only."""

    slug = fields.String()
    href = fields.String()
    names = texts()
    country = fields.String(metadata={"description": "ISO 3166-1 alpha-2."})
    identifier_scheme = fields.String(allow_none=True)
    identifier = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    contact_name = fields.String(allow_none=True)
    contact_email = fields.String(allow_none=True)
    contact_phone = fields.String(allow_none=True)
    demonstration = fields.Boolean()

    sometimes = frozenset({"receipt", *_CONTACT})


@account.question("/account", AccountAnswerSchema, permission=SIGNED_IN)
def show_account() -> Response:
    """Show who the token acts for and what it may do."""
    actor = current_actor()
    slug = None
    if actor.organisation_id is not None:
        with reading() as session:
            slug = session.get_one(Organisation, actor.organisation_id).slug
    body = {
        "reference": actor.reference,
        "name": actor.name,
        "organisation": slug,
        "roles": ordered_roles(actor.roles),
        "permissions": sorted(actor.permissions),
    }
    return representation(body, 0)


@organisations.question("/organisations/<slug>", OrganisationAnswerSchema, query=AS_OF[1:])
def show_organisation(slug: str) -> Response:
    """Show what is known of an organisation."""
    with reading() as session:
        organisation = organisation_by_slug(session, slug)
        position = asked_as_of(session).position
        body = _present(session, current_actor(), organisation, position)
    return representation(body, body["version"])


@organisations.command(
    "/organisations",
    OrganisationAnswerSchema,
    body=OrganisationData,
    permission="body:register",
    status=201,
)
def register(uow: UnitOfWork, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Register an organisation, the first step to a body."""
    return _present(uow.session, uow.actor, register_organisation(uow, data))


@organisations.command(
    "/organisations/<slug>",
    OrganisationAnswerSchema,
    body=OrganisationData,
    permission="body:register",
    method="PUT",
    versioned=True,
)
def revise(
    uow: UnitOfWork, slug: str, data: Mapping[str, Any], expected: int | None
) -> Mapping[str, Any]:
    """Replace what is known of an organisation; its public name stays."""
    if data["slug"] not in (None, slug):
        raise Invalid.one("slug", Message("The public name stays as it is."))
    organisation = organisation_by_slug(uow.session, slug)
    revise_organisation(uow, organisation.id, data, expected=expected)
    return _present(uow.session, uow.actor, organisation)


def _present(
    session: Session, actor: Actor, organisation: Organisation, position: int | None = None
) -> dict[str, Any]:
    record = organisation_record(session, organisation.id, position)
    shown = (*_PUBLIC, *(_CONTACT if actor.may("contact:read") else ()))
    return {
        "slug": organisation.slug,
        "href": url_for("Organisations.show_organisation", slug=organisation.slug),
        "demonstration": organisation.demonstration,
        **{name: getattr(record, name) for name in shown},
        "version": record.known_from,
    }
