"""Commands for the journal."""

import sys

import click

from registry.container import Registry
from registry.journal.queries import head
from registry.journal.verification import verify

_SHOWN = 20


@click.group("journal")
def journal_commands() -> None:
    """The append-only journal."""


@journal_commands.command("verify")
@click.option("--from", "first", default=1, show_default=True, help="Position to start at.")
@click.pass_obj
def verify_command(registry: Registry, first: int) -> None:
    """Recompute every leaf hash; exit with 1 if anything does not fit."""
    with registry.units.reading() as session:
        end = head(session)
        faults = 0
        for fault in verify(session, first):
            faults += 1
            if faults <= _SHOWN:
                click.echo(f"position {fault.position}: {fault.problem}", err=True)
    if faults:
        click.echo(f"{faults} faults in positions {first} to {end}.", err=True)
        sys.exit(1)
    click.echo(f"Positions {first} to {end} verified.")
