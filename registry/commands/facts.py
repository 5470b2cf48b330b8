"""Commands that import in bulk what the register's own people say."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.catalog.importing.obligations import check_obligations, import_obligations
from registry.catalog.importing.programme import check_programme, import_programme
from registry.catalog.spreadsheets.columns import OBLIGATIONS, PROGRAMME
from registry.commands.catalogue import print_report
from registry.commands.spreadsheets import open_rows
from registry.container import Registry


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--mapping",
            multiple=True,
            metavar="HEADING=FIELD",
            help="Which field a spreadsheet's column fills; nothing after = leaves it out.",
        ),
        click.option("--sheet", help="The sheet of an Excel file; the best understood one else."),
        click.option(
            "--all-or-nothing", "whole", is_flag=True, help="One bad row keeps all others out."
        ),
        click.option("--check", "check_only", is_flag=True, help="Only say what would be done."),
    ):
        command = option(command)
    return click.pass_obj(command)


@click.command("import-obligations")
@_options
def import_obligations_command(registry: Registry, **options: Any) -> None:
    """Import obligations from PATH: JSON Lines (.jsonl, .jsonl.gz), Excel (.xlsx) or CSV.

    Each row names its regulation in ``edition`` and says ``product`` {language: text},
    ``hs_codes``, ``method``, ``declaration``, ``valid_from``, ``valid_until``, ``note``
    and ``source``; the columns of a spreadsheet are guessed from their headings. Good
    rows are taken unless all or nothing is asked for. Importing the same file again
    changes nothing.
    """
    _run(registry, OBLIGATIONS, check_obligations, import_obligations, **options)


@click.command("import-programme")
@_options
def import_programme_command(registry: Registry, **options: Any) -> None:
    """Import planned entries from PATH: JSON Lines (.jsonl, .jsonl.gz), Excel (.xlsx) or CSV.

    Each row says ``titles`` {language: text}, ``domain``, ``due`` and, where known,
    ``designation``, ``ministry``, ``unit``, ``planned_on``, ``note`` and ``source``. A row
    of an entry that is planned already changes it; importing a file again changes nothing.
    """
    _run(registry, PROGRAMME, check_programme, import_programme, **options)


def _run(
    registry: Registry,
    of: str,
    check: Callable[..., Any],
    take: Callable[..., Any],
    *,
    path: Path,
    mapping: Sequence[str],
    sheet: str | None,
    whole: bool,
    check_only: bool,
) -> None:
    rows, _ = open_rows(registry, path, mapping, (), sheet, national=True, of=of)
    with tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        if check_only:
            report = check(registry.units, rows, progress=bar.update)
        else:
            actor = system_actor("import")
            report = take(registry.units, actor, rows, whole=whole, progress=bar.update)
    print_report(report)
    if whole and report.bad:
        raise click.ClickException("Nothing was imported, because some rows are bad.")
