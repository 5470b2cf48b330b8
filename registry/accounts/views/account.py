"""One's own account: roles, API tokens, password."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.permissions import SIGNED_IN
from registry.accounts.presenters import grant_row, token_row, useful_scopes, user_row
from registry.accounts.queries import organisation_names, role_grants, tokens_of, user_by_id
from registry.accounts.schemas import ChangePassword, CreateToken
from registry.accounts.services import tokens, users
from registry.accounts.sessions import start_session
from registry.accounts.tokens import MAX_DAYS
from registry.accounts.views.blueprint import answer_form, blueprint
from registry.accounts.views.words import SCOPE_WORDS
from registry.errors import NotSignedIn, RegistryError
from registry.schema_fields import load
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.forms import form_errors

_USUAL_DAYS = 90


@blueprint.get("/account")
@needs(SIGNED_IN)
def account() -> Response:
    """Show the account of whoever is signed in."""
    return _page()


@blueprint.post("/account/tokens")
@needs("token:manage-own")
def create_token() -> Response:
    """Make an API token and show its secret, this once."""
    typed = {
        "label": request.form.get("label", ""),
        "scopes": request.form.getlist("scopes"),
        "days": request.form.get("days", ""),
    }
    try:
        data = load(CreateToken(), typed)
        with change() as uow:
            token, secret = tokens.create_token(uow, _own_id(), data)
    except RegistryError as error:
        return _page(form_errors(error), typed=typed)
    return _page(made={"label": token.label, "secret": secret})


@blueprint.post("/account/tokens/<int:token_id>/revoke")
@needs("token:manage-own")
def revoke_token(token_id: int) -> BaseResponse:
    """End one of one's own tokens."""
    with change() as uow:
        tokens.revoke_token(uow, token_id)
    flash(gettext("The token no longer works."), "success")
    return redirect(url_for("accounts.account", _anchor="tokens"), 303)


@blueprint.post("/account/password")
@needs(SIGNED_IN)
def change_password() -> BaseResponse:
    """Change one's own password; only this browser stays signed in."""
    try:
        data = load(ChangePassword(), request.form, form=True)
        with change() as uow:
            user = users.change_password(uow, data)
    except RegistryError as error:
        return _page(form_errors(error))
    start_session(user)
    flash(gettext("Your password is changed. All other sessions are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


def _own_id() -> int:
    user_id = current_actor().user_id
    if user_id is None:
        raise NotSignedIn("Please sign in first.")
    return user_id


def _page(
    errors: Mapping[str, Sequence[str]] | None = None,
    *,
    typed: Mapping[str, Any] | None = None,
    made: Mapping[str, str] | None = None,
) -> Response:
    actor = current_actor()
    clock = parts().clock
    with reading() as session:
        user = user_by_id(session, _own_id())
        grants = role_grants(session, user.id)
        own_tokens = tokens_of(session, user.id)
        names = organisation_names(session, [user.organisation_id or 0])
    return answer_form(
        "accounts/account.html",
        errors,
        secret=made is not None,
        user=user_row(user, actor.roles, names),
        grants=[grant_row(grant, clock.today()) for grant in grants],
        tokens=[token_row(token, clock.now()) for token in own_tokens],
        scopes=[(scope, str(SCOPE_WORDS[scope])) for scope in useful_scopes(actor)],
        most_days=MAX_DAYS,
        typed=typed or {"days": _USUAL_DAYS},
        made=made,
    )
