"""Questions about organisations, users, roles and tokens."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import (
    ApiToken,
    Organisation,
    OrganisationRecord,
    RoleGrant,
    SavedSearch,
    User,
)
from registry.accounts.permissions import permissions_of
from registry.errors import NotFound
from registry.history import covers, known


def organisation_by_slug(session: Session, slug: str) -> Organisation:
    """Return the organisation with this URL name; ``NotFound`` otherwise."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation


def organisation_record(
    session: Session, organisation_id: int, position: int | None = None
) -> OrganisationRecord:
    """Return what was known of an organisation at ``position`` (now); ``NotFound`` otherwise."""
    record = session.scalar(
        select(OrganisationRecord).where(
            OrganisationRecord.organisation_id == organisation_id,
            known(OrganisationRecord, position),
        )
    )
    if record is None:
        raise NotFound("There is no such organisation.")
    return record


def organisation_names(
    session: Session, ids: Collection[int] | None = None
) -> dict[int, dict[str, str]]:
    """Return the present names of the organisations ``ids`` (all of them by default) by id."""
    query = select(OrganisationRecord.organisation_id, OrganisationRecord.names).where(
        known(OrganisationRecord)
    )
    if ids is not None:
        query = query.where(OrganisationRecord.organisation_id.in_(ids))
    return dict(session.execute(query).all())


def user_by_id(session: Session, user_id: int) -> User:
    """Return an account, closed ones included; ``NotFound`` otherwise."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such account.")
    return user


def find_user(session: Session, email: str) -> User | None:
    """Return the account with this e-mail address, in any case, or None."""
    address = email.strip().casefold()
    # Databases differ in what they do with control characters; no address has one.
    if not address.isprintable():
        return None
    return session.scalar(select(User).where(User.email == address))


def user_by_email(session: Session, email: str) -> User:
    """Return the account with this e-mail address, in any case; ``NotFound`` otherwise."""
    user = find_user(session, email)
    if user is None:
        raise NotFound("There is no account with this e-mail address.")
    return user


def users(session: Session, limit: int | None = None, after: str | None = None) -> Sequence[User]:
    """Return accounts by e-mail address, from the one after ``after`` on."""
    query = select(User).order_by(User.email).limit(limit)
    if after is not None:
        query = query.where(User.email > after)
    return session.scalars(query).all()


def role_grants(session: Session, user_id: int) -> Sequence[RoleGrant]:
    """Return all roles of an account as known now: past, present and future."""
    return session.scalars(
        select(RoleGrant)
        .where(RoleGrant.user_id == user_id, known(RoleGrant))
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    ).all()


def roles_on(
    session: Session, user_ids: Collection[int], day: date
) -> Mapping[int, frozenset[str]]:
    """Return the roles valid on ``day`` for each of ``user_ids`` that has one."""
    held: defaultdict[int, set[str]] = defaultdict(set)
    for grant in session.scalars(
        select(RoleGrant).where(RoleGrant.user_id.in_(user_ids), known(RoleGrant))
    ):
        if covers(grant.valid_from, grant.valid_until, day):
            held[grant.user_id].add(grant.role)
    return {user_id: frozenset(roles) for user_id, roles in held.items()}


def holders(session: Session, permission: str, day: date) -> list[tuple[int, str]]:
    """Return id and name of the active accounts that hold ``permission`` on ``day``, by name."""
    found = session.execute(
        select(User.id, User.name).where(User.active).order_by(User.name, User.id)
    ).all()
    roles = roles_on(session, [id_ for id_, _ in found], day)
    return [
        (id_, name)
        for id_, name in found
        if permission in permissions_of(roles.get(id_, frozenset()))
    ]


def tokens_of(session: Session, user_id: int) -> Sequence[ApiToken]:
    """Return the tokens of an account, the newest first, revoked and expired ones included."""
    return session.scalars(
        select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())
    ).all()


def saved_searches(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """Return what a person searches for again and again, by name."""
    return session.scalars(
        select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.name)
    ).all()
