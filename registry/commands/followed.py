"""Commands for the followed catalogues: register one, refresh one, list adoption drift."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.catalog.drift import STATES, selected
from registry.catalog.drift_exporting import drift_chunks
from registry.catalog.exporting import FORMS
from registry.catalog.importing.refresh import RefreshReport, refresh_catalogue
from registry.catalog.queries.drift import adoptions
from registry.catalog.schemas import CatalogueSchema, RefreshSchema
from registry.catalog.services.catalogues import follow_catalogue
from registry.commands.catalogue import print_report
from registry.container import Registry
from registry.history import AsOf
from registry.journal.queries import position_on
from registry.schema_fields import load


@click.command("follow")
@click.argument("key")
@click.option("--name", required=True, help="What the catalogue is called.")
@click.option("--publisher", required=True, help="Who publishes it.")
@click.option("--address", help="Where its data are published.")
@click.option("--licence", help="The terms its data come under.")
@click.option("--note")
@click.pass_obj
def follow_command(registry: Registry, /, **said: str | None) -> None:
    """Register the catalogue KEY (like iso) to follow; refresh it afterwards."""
    data = load(CatalogueSchema(), {name: text for name, text in said.items() if text})
    with registry.units(system_actor("follow")) as uow:
        follow_catalogue(uow, data)
    click.echo(f"{data['name']} is followed as {data['key']}.")


@click.command("refresh")
@click.argument("key")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data-of", help="When the data were published: a year, a month or a day.")
@click.pass_obj
def refresh_command(registry: Registry, key: str, path: Path, data_of: str | None) -> None:
    """Take over the whole followed catalogue KEY from a file, and say what that changed.

    The file is ISO Open Data, bibliographic or registry JSON Lines (.jsonl or .jsonl.gz).
    The same file again changes nothing.
    """
    said = load(RefreshSchema(), {"data_of": data_of})
    with tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        report = refresh_catalogue(
            registry.units,
            system_actor("refresh"),
            key,
            path,
            zone=registry.settings.zone,
            data_of=said["data_of"],
            progress=bar.update,
        )
    print_report(report.rows)
    click.echo(_summary(report))
    for designation in report.adopted:
        click.echo(f"  {designation}")


def _summary(report: RefreshReport) -> str:
    """Return the news of a refresh: "612 new, 87 withdrawn, 14 of them adopted here"."""
    text = f"{report.rows.new} new, {len(report.withdrawn)} withdrawn"
    if report.withdrawn:
        text += f", {len(report.adopted)} of them adopted here"
    if report.unlisted:
        text += f"; {report.unlisted} held here are no longer listed"
    return text


@click.command("drift")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="Valid on that day; today else.")
@click.option("--known", type=click.DateTime(["%Y-%m-%d"]), help="As known on that day.")
@click.option("--domain", help="Only of this domain, by its key.")
@click.option("--ministry", help="Only of this ministry, by its key.")
@click.option("--state", type=click.Choice(STATES))
@click.option("--form", type=click.Choice(FORMS), default="csv", show_default=True)
@click.option("--output", type=click.File("wb"), default="-", help="A file; standard output else.")
@click.pass_obj
def drift_command(
    registry: Registry,
    /,
    at: datetime | None,
    known: datetime | None,
    form: str,
    output: BinaryIO,
    **filters: Any,
) -> None:
    """Write each national adoption with what became of the adopted edition."""
    zone = registry.settings.zone
    day: date = at.date() if at else registry.clock.today()
    with registry.units.reading() as session:
        position = position_on(session, known.date(), zone) if known else None
        found = selected(adoptions(session, AsOf(day, position), zone), day, **filters)
    for piece in drift_chunks(found, form):
        output.write(piece)
