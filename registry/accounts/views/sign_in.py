"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from registry.accounts.models import User
from registry.accounts.passwords import needs_rehash
from registry.accounts.permissions import PUBLIC
from registry.accounts.services.authentication import authenticate
from registry.accounts.services.users import refresh_password_hash
from registry.accounts.sessions import end_session, start_session
from registry.accounts.views.blueprint import answer_form, blueprint
from registry.actor import system_actor
from registry.errors import Denied
from registry.web.access import needs
from registry.web.edge import current_actor, parts, reading
from registry.web.forms import form_errors
from registry.web.limits import limiter

_FAILED = 422


def _failed(response: Response) -> bool:
    # Many people may share one address; only those who guess are held up.
    return response.status_code == _FAILED


def _typed_email() -> str:
    return request.form.get("email", "").strip().casefold()[:254]


@blueprint.get("/sign-in")
@needs(PUBLIC)
def sign_in() -> BaseResponse:
    """Show the form; somebody signed in already goes on at once."""
    if current_actor().signed_in:
        return redirect(_destination())
    return answer_form("accounts/sign_in.html", email="", next=_destination())


@blueprint.post("/sign-in")
@limiter.limit("10 per minute", deduct_when=_failed)
@limiter.limit("5 per minute", key_func=_typed_email, deduct_when=_failed)
@needs(PUBLIC)
def sign_in_submit() -> BaseResponse:
    """Sign in by e-mail address and password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        with reading() as session:
            user = authenticate(session, email, password)
    except Denied as error:
        return answer_form(
            "accounts/sign_in.html", form_errors(error), email=email, next=_destination()
        )
    _keep_up_to_date(user, password)
    start_session(user)
    return redirect(_destination(), 303)


@blueprint.post("/sign-out")
@needs(PUBLIC)
def sign_out() -> BaseResponse:
    """Sign this browser out."""
    end_session()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("public.home"), 303)


def local_path(address: str | None) -> str | None:
    """Return ``address`` when it is a path of this site, else None: never lead to another."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(character <= " " or character == "\\" for character in address):
        return None
    try:
        split = urlsplit(address)
    except ValueError:
        return None
    return None if split.scheme or split.netloc else address


def _destination() -> str:
    return local_path(request.values.get("next")) or url_for("workspace.home")


def _keep_up_to_date(user: User, password: str) -> None:
    if needs_rehash(user.password_hash):
        with parts().units(system_actor("sign-in")) as uow:
            refresh_password_hash(uow, user.id, password)
