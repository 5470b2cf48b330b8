"""The command that loads the demonstration."""

import click

from registry.accounts.permissions import ROLES
from registry.assessment.demo import load_demo
from registry.container import Registry
from registry.errors import Busy
from registry.followers.loop import follow_all


@click.command("demo")
@click.pass_obj
def demo_command(registry: Registry) -> None:
    """Load invented organisations, people and one finished case, marked as demonstration.

    Prints how to sign in, once: passwords are made at random and not kept. Run
    again it adds what is missing and prints nothing.
    """
    credentials = load_demo(registry)
    try:
        follow_all(registry)
    except Busy:
        click.echo("The search index will catch up.")
    if not credentials:
        return
    click.echo("Demonstration accounts (passwords are shown this once):")
    widest = max(len(c.email) for c in credentials)
    for credential in credentials:
        role = ROLES.get(credential.role, credential.role)
        click.echo(f"  {credential.email:<{widest}}  {credential.password}  {role}")
