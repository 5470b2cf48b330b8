"""Commands for accounts and tokens; the context object is the open ``Registry``."""

import sys
from collections.abc import Sequence

import click

from registry.accounts.passwords import make_password
from registry.accounts.permissions import ROLES
from registry.accounts.presenters import ordered_roles
from registry.accounts.queries import organisation_by_slug, roles_on, user_by_email, users
from registry.accounts.schemas import CreateToken, CreateUser
from registry.accounts.services.tokens import create_token
from registry.accounts.services.users import create_user
from registry.accounts.tokens import MAX_DAYS, SCOPES
from registry.actor import system_actor
from registry.container import Registry
from registry.schema_fields import load

_ACTOR = system_actor("command-line")


@click.group("user")
def user_commands() -> None:
    """Accounts of people."""


@user_commands.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES)))
@click.option("--organisation", metavar="SLUG", help="The organisation the person acts for.")
@click.option("--generate", is_flag=True, help="Make a password and print it, this once.")
@click.pass_obj
def add_user(
    registry: Registry,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    organisation: str | None,
    generate: bool,
) -> None:
    """Open an account; the password is asked for, or read as one line from a pipe."""
    password = make_password() if generate else _read_password()
    with registry.units(_ACTOR) as uow:
        organisation_id = (
            organisation_by_slug(uow.session, organisation).id if organisation else None
        )
        typed = {
            "email": email,
            "name": name,
            "password": password,
            "roles": list(roles),
            "organisation_id": organisation_id,
        }
        user = create_user(uow, load(CreateUser(), typed))
    click.echo(f"{user.email} is account {user.id}.")
    if generate:
        click.echo(f"Password, shown this once: {password}")


@user_commands.command("list")
@click.pass_obj
def list_users(registry: Registry) -> None:
    """List accounts with today's roles, one to a line, separated by tabs."""
    with registry.units.reading() as session:
        found = users(session)
        roles = roles_on(session, [user.id for user in found], registry.clock.today())
    for user in found:
        held = ",".join(ordered_roles(roles.get(user.id, ())))
        state = "open" if user.active else "closed"
        click.echo(f"{user.id}\t{user.email}\t{user.name}\t{state}\t{held}")


@click.group("token")
def token_commands() -> None:
    """API tokens."""


@token_commands.command("add")
@click.argument("email")
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help=f"A single permission or one of: {', '.join(SCOPES)}.",
)
@click.option("--days", default=90, show_default=True, help=f"Days it works, at most {MAX_DAYS}.")
@click.pass_obj
def add_token(registry: Registry, email: str, label: str, scopes: Sequence[str], days: int) -> None:
    """Make a token for an account and print its secret, this once."""
    data = load(CreateToken(), {"label": label, "scopes": list(scopes), "days": days})
    with registry.units(_ACTOR) as uow:
        token, secret = create_token(uow, user_by_email(uow.session, email).id, data)
    click.echo(secret)
    click.echo(f"Works until {token.expires_at:%Y-%m-%d %H:%M} UTC.", err=True)


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
