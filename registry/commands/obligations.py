"""Command for obligations: import in bulk."""

from pathlib import Path

import click
from tqdm import tqdm

from registry.actor import system_actor
from registry.catalog.importing.formats import read_rows
from registry.catalog.importing.obligations import import_obligations
from registry.commands.catalogue import print_report
from registry.container import Registry


@click.command("import-obligations")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_obligations_command(registry: Registry, path: Path) -> None:
    """Import obligations from a JSON Lines file (.jsonl or .jsonl.gz); good rows are taken.

    Each row names its regulation in ``edition`` and says ``product`` {language: text},
    ``hs_codes``, ``method``, ``declaration``, ``valid_from``, ``valid_until``, ``note``
    and ``source``. Importing the same file again changes nothing.
    """
    with tqdm(unit=" rows", unit_scale=True, desc=path.name) as bar:
        report = import_obligations(
            registry.units, system_actor("import"), read_rows(path), progress=bar.update
        )
    print_report(report)
