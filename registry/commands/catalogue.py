"""Commands for the catalogue: import, export, reindex."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.catalog.drift import selected
from registry.catalog.drift_exporting import drift_chunks
from registry.catalog.exporting import FORMS, WHICH, export_lines
from registry.catalog.importing.service import ImportReport, check_rows, import_rows
from registry.catalog.queries.drift import adoptions
from registry.commands.spreadsheets import open_rows
from registry.container import Registry
from registry.errors import Busy
from registry.followers.search import rebuild
from registry.history import AsOf

_SHOWN = 20


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--national", is_flag=True, help="The rows belong to the register's own list.")
@click.option(
    "--mapping",
    multiple=True,
    metavar="HEADING=FIELD",
    help="Which field a spreadsheet's column fills; nothing after = leaves it out.",
)
@click.option(
    "--default",
    "defaults",
    multiple=True,
    metavar="FIELD=VALUE",
    help="What a new edition says where its row says nothing: kind, publisher, source …",
)
@click.option("--sheet", help="The sheet of an Excel file; the best understood one else.")
@click.option("--all-or-nothing", "whole", is_flag=True, help="One bad row keeps all others out.")
@click.option("--check", "check_only", is_flag=True, help="Only say what would be done.")
@click.pass_obj
def import_command(
    registry: Registry,
    *,
    path: Path,
    national: bool,
    mapping: Sequence[str],
    defaults: Sequence[str],
    sheet: str | None,
    whole: bool,
    check_only: bool,
) -> None:
    """Import editions from PATH: JSON Lines (.jsonl, .jsonl.gz), Excel (.xlsx) or CSV.

    Good rows are taken unless all or nothing is asked for. The columns of a spreadsheet
    are guessed from their headings. Importing the same file again changes nothing. A
    stopped import is taken up by starting it again.
    """
    rows, partial = open_rows(registry, path, mapping, defaults, sheet, national=national)
    with tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        if check_only:
            report = check_rows(
                registry.units, rows, national=national, partial=partial, progress=bar.update
            )
        else:
            report = import_rows(
                registry.units,
                system_actor("import"),
                rows,
                national=national,
                partial=partial,
                whole=whole,
                progress=bar.update,
            )
    print_report(report)
    if whole and report.bad:
        raise click.ClickException("Nothing was imported, because some rows are bad.")


def print_report(report: ImportReport) -> None:
    """Print what an import did and the first of its bad rows."""
    click.echo(
        f"{report.rows} rows: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.bad} not taken"
    )
    if report.held:
        click.echo(f"  {report.held} rows left to whoever holds their editions")
    for row in report.bad_rows[:_SHOWN]:
        column, value = _printable(row.column or "line"), _printable(row.value[:60])
        click.echo(f"  row {row.number}, {column}: {row.reason} ({value})")
    if len(report.bad_rows) > _SHOWN:
        click.echo(f"  … and {len(report.bad_rows) - _SHOWN} more")


def _printable(text: str) -> str:
    """Return ``text`` without what a terminal would obey or cannot be written."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


@click.command("export")
@click.argument("which", type=click.Choice((*WHICH, "drift")))
@click.option("--form", type=click.Choice(FORMS), default="jsonl", show_default=True)
@click.option("--output", type=click.File("wb"), default="-", help="A file; standard output else.")
@click.pass_obj
def export_command(registry: Registry, which: str, form: str, output: BinaryIO) -> None:
    """Write the public list, or adoption drift, as CSV, Excel (xlsx) or JSON Lines.

    For another day or for a part of the adoptions see "registry drift".
    """
    if which == "drift":
        today = registry.clock.today()
        with registry.units.reading() as session:
            found = adoptions(session, AsOf(today), registry.settings.zone)
        output.writelines(drift_chunks(selected(found, today), form))
        return
    for line in export_lines(registry.units, which, form, registry.settings.zone, registry.clock):
        output.write(line)


@click.command("reindex")
@click.pass_obj
def reindex_command(registry: Registry) -> None:
    """Build the search index anew from the database; searches go on meanwhile."""
    try:
        with tqdm(unit=" records", unit_scale=True, desc="index") as bar:
            position = rebuild(registry, bar.update)
    except Busy as error:
        raise click.ClickException(error.message) from None
    click.echo(f"The index stands at journal position {position}.")
