"""Commands for results of foreign schemes: import, and judging again."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.assessment.foreign.deciding import decide_again
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.importing import import_foreign
from registry.container import Registry

_BAD_SHOWN = 20


@click.group("foreign")
def foreign_commands() -> None:
    """Results of foreign certification schemes, judged under the demonstration arrangement."""


@foreign_commands.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(sorted(FORMATS)))
@click.option(
    "--read-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the list stood like this; today when left out.",
)
@click.pass_obj
def import_command(registry: Registry, path: Path, form: str, read_on: datetime | None) -> None:
    """Import a list of certificates from PATH (.jsonl or .jsonl.gz) and judge each.

    Importing the same list again changes nothing.
    """
    with path.open("rb") as stream, tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        report = import_foreign(
            registry.units,
            system_actor("import"),
            stream,
            form,
            read_on=read_on.date() if read_on else None,
            progress=bar.update,
        )
    _say("rows", report.counts)
    _say("judged", report.outcomes)
    for bad in report.bad[:_BAD_SHOWN]:
        click.echo(f"line {bad.line}: {bad.field or '-'}: {bad.reason}", err=True)
    more = report.counts["bad"] - _BAD_SHOWN
    if more > 0:
        click.echo(f"… and {more} more rows that could not be taken", err=True)


@foreign_commands.command("decide")
@click.pass_obj
def decide_command(registry: Registry) -> None:
    """Judge every foreign result for today; what comes out otherwise is recorded."""
    _say("judged otherwise", decide_again(registry.units, system_actor("foreign")))


def _say(what: str, counts: Counter[str]) -> None:
    shown = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()) if count)
    click.echo(f"{what}: {shown or 'none'}")
