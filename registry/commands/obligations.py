"""Command for obligations: import in bulk."""

from collections.abc import Sequence
from pathlib import Path

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.catalog.importing.obligations import check_obligations, import_obligations
from registry.catalog.spreadsheets.columns import OBLIGATIONS
from registry.commands.catalogue import print_report
from registry.commands.spreadsheets import open_rows
from registry.container import Registry


@click.command("import-obligations")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    multiple=True,
    metavar="HEADING=FIELD",
    help="Which field a spreadsheet's column fills; nothing after = leaves it out.",
)
@click.option("--sheet", help="The sheet of an Excel file; the best understood one else.")
@click.option("--all-or-nothing", "whole", is_flag=True, help="One bad row keeps all others out.")
@click.option("--check", "check_only", is_flag=True, help="Only say what would be done.")
@click.pass_obj
def import_obligations_command(
    registry: Registry,
    *,
    path: Path,
    mapping: Sequence[str],
    sheet: str | None,
    whole: bool,
    check_only: bool,
) -> None:
    """Import obligations from PATH: JSON Lines (.jsonl, .jsonl.gz), Excel (.xlsx) or CSV.

    Each row names its regulation in ``edition`` and says ``product`` {language: text},
    ``hs_codes``, ``method``, ``declaration``, ``valid_from``, ``valid_until``, ``note``
    and ``source``; the columns of a spreadsheet are guessed from their headings. Good
    rows are taken unless all or nothing is asked for. Importing the same file again
    changes nothing.
    """
    rows, _ = open_rows(registry, path, mapping, (), sheet, national=True, of=OBLIGATIONS)
    with tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        if check_only:
            report = check_obligations(registry.units, rows, progress=bar.update)
        else:
            report = import_obligations(
                registry.units, system_actor("import"), rows, whole=whole, progress=bar.update
            )
    print_report(report)
    if whole and report.bad:
        raise click.ClickException("Nothing was imported, because some rows are bad.")
