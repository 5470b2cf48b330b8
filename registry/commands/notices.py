"""The command that makes notices anew."""

import click

from registry.container import Registry
from registry.notices.services.following import rebuild_notices


@click.command("rebuild-notices")
@click.pass_obj
def rebuild_notices_command(registry: Registry) -> None:
    """Make all notices anew from the journal; nothing is sent, what was read stays read."""
    count = rebuild_notices(registry.units)
    click.echo(f"{count} notices made from the journal.")
