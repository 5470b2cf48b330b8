"""Registers organisations and revises what is known of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Organisation, OrganisationRecord
from registry.accounts.queries import organisation_record
from registry.actor import Actor
from registry.errors import Invalid
from registry.history import known
from registry.slugs import ascii_slug, free_slug
from registry.unit_of_work import UnitOfWork, check_version

# Known to officers and to the organisation itself; the journal seals them.
_CONTACT = ("contact_name", "contact_email", "contact_phone")
_PUBLIC = ("names", "country", "identifier_scheme", "identifier", "address", "website")


def register_organisation(
    uow: UnitOfWork, data: Mapping[str, Any], *, demonstration: bool = False
) -> Organisation:
    """Register an organisation from ``data`` as ``OrganisationData`` loads it.

    Raises ``Invalid`` naming ``slug`` or ``identifier`` when another has it already.
    """
    _require(uow.actor)
    _check_identifier(uow, data)
    organisation = Organisation(slug=_free_slug(uow, data), demonstration=demonstration)
    uow.session.add(organisation)
    uow.session.flush()
    position = _journal(uow, "organisation.register", organisation.id, data)
    uow.add(_record(organisation.id, data), position=position)
    uow.session.flush()
    return organisation


def revise_organisation(
    uow: UnitOfWork,
    organisation_id: int,
    data: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> OrganisationRecord:
    """Replace what is known of an organisation by ``data``; the slug stays.

    ``expected`` is the version looked at (see ``check_version``). Raises
    ``NotFound``, ``Stale``, or ``Invalid`` naming ``identifier``.
    """
    _require(uow.actor)
    record = organisation_record(uow.session, organisation_id)
    check_version(record, expected)
    _check_identifier(uow, data, organisation_id)
    position = _journal(uow, "organisation.revise", organisation_id, data)
    revised = _record(organisation_id, data)
    uow.replace(record, revised, position)
    uow.session.flush()
    return revised


def _require(actor: Actor) -> None:
    # An officer registers the organisation behind a body, an administrator any other.
    if not actor.may("body:register"):
        actor.require("account:manage")


def _record(organisation_id: int, data: Mapping[str, Any]) -> OrganisationRecord:
    values = {name: data.get(name) for name in (*_PUBLIC, *_CONTACT)}
    return OrganisationRecord(organisation_id=organisation_id, **values)


def _journal(uow: UnitOfWork, action: str, organisation_id: int, data: Mapping[str, Any]) -> int:
    contact = {name: data[name] for name in _CONTACT if data.get(name)}
    return uow.record(
        action,
        f"organisation:{organisation_id}",
        {name: data.get(name) for name in _PUBLIC},
        sealed=contact or None,
    )


def _check_identifier(
    uow: UnitOfWork, data: Mapping[str, Any], organisation_id: int | None = None
) -> None:
    if not data.get("identifier"):
        return
    holder = uow.session.scalar(
        select(OrganisationRecord.organisation_id).where(
            known(OrganisationRecord),
            OrganisationRecord.country == data["country"],
            OrganisationRecord.identifier_scheme == data["identifier_scheme"],
            OrganisationRecord.identifier == data["identifier"],
        )
    )
    if holder not in (None, organisation_id):
        raise Invalid.one("identifier", "Another organisation is registered under this number.")


def _free_slug(uow: UnitOfWork, data: Mapping[str, Any]) -> str:
    wish = data.get("slug")
    base = wish or ascii_slug(data["names"], "organisation")
    taken = set(
        uow.session.scalars(
            select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))
        )
    )
    if wish and wish in taken:
        raise Invalid.one("slug", "Another organisation has this short name.")
    return free_slug(base, taken)
