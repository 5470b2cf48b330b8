"""Opens and closes accounts, and grants and ends roles."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from registry.accounts.models import Organisation, RoleGrant, User
from registry.accounts.passwords import check_password, hash_password, verify_password
from registry.accounts.permissions import SIGNED_IN
from registry.accounts.queries import find_user, role_grants, user_by_id
from registry.errors import Conflict, Denied, Invalid
from registry.unit_of_work import UnitOfWork

# Who holds one of these acts for an organisation, never for themselves.
_FOR_AN_ORGANISATION = frozenset({"laboratory", "business"})


def create_user(uow: UnitOfWork, data: Mapping[str, Any], *, demonstration: bool = False) -> User:
    """Open an account from ``data`` as ``CreateUser`` loads it; its roles hold from today.

    Raises ``Invalid`` naming ``email`` (taken), ``password`` (too weak) or
    ``organisation_id`` (unknown, or needed for a role and absent).
    """
    uow.actor.require("account:manage")
    roles = sorted(set(data.get("roles") or ()))
    email, name = data["email"].casefold(), data["name"]
    organisation_id = data.get("organisation_id")
    if find_user(uow.session, email) is not None:
        raise Invalid.one("email", "There is an account with this e-mail address already.")
    _check_organisation(uow, organisation_id, roles)
    check_password(data["password"], "password", personal=(email, name))
    user = User(
        email=email,
        name=name,
        password_hash=hash_password(data["password"]),
        organisation_id=organisation_id,
        demonstration=demonstration,
        language=data.get("language"),
    )
    uow.session.add(user)
    uow.session.flush()
    position = uow.record(
        "user.create",
        _subject(user.id),
        {
            "roles": roles,
            "organisation": f"organisation:{organisation_id}" if organisation_id else None,
        },
        sealed={"email": email, "name": name},
    )
    grants = [RoleGrant(user_id=user.id, role=role, valid_from=uow.today) for role in roles]
    uow.add(*grants, position=position)
    uow.session.flush()
    return user


def close_user(uow: UnitOfWork, user_id: int) -> User:
    """Close an account: nobody signs in with it again, and its sessions and tokens end at once."""
    uow.actor.require("account:manage")
    user = user_by_id(uow.session, user_id)
    if user.id == uow.actor.user_id:
        raise Conflict("You cannot close your own account.")
    if not user.active:
        raise Conflict("This account is closed already.")
    uow.record("user.close", _subject(user.id), {})
    user.active = False
    user.session_epoch += 1
    uow.session.flush()
    return user


def grant_role(uow: UnitOfWork, user_id: int, data: Mapping[str, Any]) -> RoleGrant:
    """Grant a role from ``valid_from`` (today) to ``valid_until`` (open), both included.

    Raises ``Invalid`` naming ``valid_until``, ``organisation_id``, or ``role`` when
    the person holds it on a day of that period already.
    """
    uow.actor.require("account:manage")
    user = user_by_id(uow.session, user_id)
    role = data["role"]
    first: date = data.get("valid_from") or uow.today
    last: date | None = data.get("valid_until")
    if last is not None and last < first:
        raise Invalid.one("valid_until", "The last day lies before the first day.")
    _check_organisation(uow, user.organisation_id, [role])
    for grant in role_grants(uow.session, user_id):
        apart = (grant.valid_until is not None and grant.valid_until < first) or (
            last is not None and last < grant.valid_from
        )
        if grant.role == role and not apart:
            raise Invalid.one("role", "The person holds this role in that period already.")
    position = uow.record(
        "role.grant",
        _subject(user_id),
        {"role": role, "valid_from": first, "valid_until": last},
    )
    granted = RoleGrant(user_id=user_id, role=role, valid_from=first, valid_until=last)
    uow.add(granted, position=position)
    uow.session.flush()
    return granted


def revoke_role(uow: UnitOfWork, user_id: int, role: str, last_day: date | None = None) -> None:
    """End a role with ``last_day``, or at once: the day before today is then its last.

    Raises ``Conflict`` when the person does not hold it after that day, and when
    an administrator would lock themselves out.
    """
    uow.actor.require("account:manage")
    if role == "administrator" and user_id == uow.actor.user_id:
        raise Conflict("You cannot take this role from yourself; another administrator can.")
    user_by_id(uow.session, user_id)
    last = last_day or uow.today - timedelta(days=1)
    ending = [
        grant
        for grant in role_grants(uow.session, user_id)
        if grant.role == role and (grant.valid_until is None or grant.valid_until > last)
    ]
    if not ending:
        raise Conflict("The person does not hold this role after that day.")
    position = uow.record("role.end", _subject(user_id), {"role": role, "last_day": last})
    for grant in ending:
        if grant.valid_from <= last:
            uow.replace(grant, grant.revised(valid_until=last), position)
        else:
            uow.close(grant, position)
    uow.session.flush()


def change_password(uow: UnitOfWork, data: Mapping[str, Any]) -> User:
    """Change the actor's own password and sign all their sessions out.

    Raises ``Invalid`` naming ``current_password`` (wrong) or ``new_password``.
    """
    uow.actor.require(SIGNED_IN)
    if uow.actor.user_id is None:
        raise Denied("Only a person has a password.")
    user = user_by_id(uow.session, uow.actor.user_id)
    if not verify_password(user.password_hash, data["current_password"]):
        raise Invalid.one("current_password", "This is not your present password.")
    check_password(data["new_password"], "new_password", personal=(user.email, user.name))
    uow.record("user.change-password", _subject(user.id), {})
    user.password_hash = hash_password(data["new_password"])
    user.session_epoch += 1
    uow.session.flush()
    return user


def refresh_password_hash(uow: UnitOfWork, user_id: int, password: str) -> None:
    """Hash a password just verified again, with the present parameters. No fact changes."""
    user_by_id(uow.session, user_id).password_hash = hash_password(password)


def _subject(user_id: int) -> str:
    return f"user:{user_id}"


def _check_organisation(
    uow: UnitOfWork, organisation_id: int | None, roles: Collection[str]
) -> None:
    if organisation_id is None:
        if _FOR_AN_ORGANISATION & set(roles):
            raise Invalid.one(
                "organisation_id", "This role acts for an organisation; please choose it."
            )
    elif uow.session.get(Organisation, organisation_id) is None:
        raise Invalid.one("organisation_id", "There is no such organisation.")
