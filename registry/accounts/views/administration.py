"""The administration of accounts and roles."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.passwords import make_password
from registry.accounts.presenters import grant_row, user_row
from registry.accounts.queries import (
    organisation_names,
    role_grants,
    roles_on,
    user_by_id,
    users,
)
from registry.accounts.schemas import CreateUser, EndRole, GrantRole
from registry.accounts.services import users as service
from registry.accounts.views.blueprint import answer_form, blueprint
from registry.errors import RegistryError
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, parts, reading
from registry.web.forms import form_errors
from registry.web.i18n import localise
from registry.web.paging import decode_cursor, encode_cursor

_PAGE_SIZE = 100


@blueprint.get("/admin/users")
@needs("account:manage")
def list_users() -> Response:
    """List the accounts by e-mail address."""
    cursor = decode_cursor(request.args.get("cursor"), str)
    with reading() as session:
        found = users(session, _PAGE_SIZE + 1, cursor[0] if cursor else None)
        shown = found[:_PAGE_SIZE]
        roles = roles_on(session, [user.id for user in shown], parts().clock.today())
        names = organisation_names(session, {user.organisation_id or 0 for user in shown})
    more = len(found) > _PAGE_SIZE
    return answer_form(
        "accounts/users.html",
        users=[user_row(user, roles.get(user.id, ()), names) for user in shown],
        next_href=url_for("accounts.list_users", cursor=encode_cursor(shown[-1].email))
        if more
        else None,
    )


@blueprint.get("/admin/users/new")
@needs("account:manage")
def new_user() -> Response:
    """Show the form of a new account."""
    return _new_user_page()


@blueprint.post("/admin/users/new")
@needs("account:manage")
def create_user() -> BaseResponse:
    """Open an account; a password that was not typed is made and shown, this once."""
    typed = {
        "email": request.form.get("email", ""),
        "name": request.form.get("name", ""),
        "roles": request.form.getlist("roles"),
        "organisation_id": request.form.get("organisation_id", ""),
        "language": request.form.get("language", ""),
    }
    chosen = request.form.get("password")
    made = None if chosen else make_password()
    try:
        data = load(CreateUser(), {**typed, "password": chosen or made})
        with change() as uow:
            user = service.create_user(uow, data)
    except RegistryError as error:
        return _new_user_page(form_errors(error), typed)
    if made:
        return _user_page(user.id, made=made)
    flash(gettext("The account is open."), "success")
    return redirect(url_for("accounts.show_user", user_id=user.id), 303)


@blueprint.get("/admin/users/<int:user_id>")
@needs("account:manage")
def show_user(user_id: int) -> Response:
    """Show one account with all its roles, past and future ones included."""
    return _user_page(user_id)


@blueprint.post("/admin/users/<int:user_id>/roles")
@needs("account:manage")
def grant_role(user_id: int) -> BaseResponse:
    """Grant a role for a period."""
    try:
        data = load(GrantRole(), request.form, form=True)
        with change() as uow:
            service.grant_role(uow, user_id, data)
    except RegistryError as error:
        return _user_page(user_id, form_errors(error), typed=request.form)
    flash(gettext("The role is granted."), "success")
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)


@blueprint.post("/admin/users/<int:user_id>/roles/<role>/end")
@needs("account:manage")
def end_role(user_id: int, role: str) -> BaseResponse:
    """End a role, at once or with the day given."""
    try:
        data = load(EndRole(), request.form, form=True)
        with change() as uow:
            service.revoke_role(uow, user_id, role, data["last_day"])
    except RegistryError as error:
        return _user_page(user_id, form_errors(error))
    flash(gettext("The role is ended."), "success")
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)


@blueprint.post("/admin/users/<int:user_id>/close")
@needs("account:manage")
def close_user(user_id: int) -> BaseResponse:
    """Close an account."""
    try:
        with change() as uow:
            service.close_user(uow, user_id)
    except RegistryError as error:
        return _user_page(user_id, form_errors(error))
    flash(gettext("The account is closed."), "success")
    return redirect(url_for("accounts.show_user", user_id=user_id), 303)


def _new_user_page(
    errors: Mapping[str, Sequence[str]] | None = None, typed: Mapping[str, Any] | None = None
) -> Response:
    with reading() as session:
        names = organisation_names(session)
    organisations = sorted(
        ((key, localise(texts).text) for key, texts in names.items()), key=lambda item: item[1]
    )
    return answer_form(
        "accounts/user_new.html",
        errors,
        organisations=organisations,
        typed=typed or {},
    )


def _user_page(
    user_id: int,
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    made: str | None = None,
) -> Response:
    today = parts().clock.today()
    with reading() as session:
        user = user_by_id(session, user_id)
        grants = role_grants(session, user_id)
        roles = roles_on(session, [user_id], today).get(user_id, frozenset())
        names = organisation_names(session, [user.organisation_id or 0])
    return answer_form(
        "accounts/user.html",
        errors,
        secret=made is not None,
        user=user_row(user, roles, names),
        grants=[grant_row(grant, today) for grant in grants],
        typed=typed or {},
        made=made,
    )
