"""Commands that set a registry up and keep what follows its journal up."""

import signal
import threading
from types import FrameType

import click

from registry.assessment.builtin import load_builtin_arrangements
from registry.catalog.builtin import load_builtin_list
from registry.commands.catalogue import print_report
from registry.commands.keys import ensure_keys
from registry.container import Registry
from registry.errors import Busy
from registry.followers.imports import Importer
from registry.followers.loop import follow_all
from registry.followers.notices import Sender
from registry.journal.keys import trial_signer
from registry.journal.publishing import publish_checkpoint

_PAUSE = 0.5  # seconds between two looks at the journal


@click.command("init")
@click.pass_obj
def init_command(registry: Registry) -> None:
    """Create or upgrade the database and load the built-in list; again changes nothing."""
    # Alembic is slow to load and no other command needs it.
    from registry.schema_versions import migrate  # noqa: PLC0415

    migrate(registry.engine)
    terms, reports = load_builtin_list(registry.units)
    if terms:
        click.echo(f"{terms} vocabulary terms recorded")
    for report in reports:
        if report.new or report.changed or report.bad:
            print_report(report)
    if arrangements := load_builtin_arrangements(registry.units):
        click.echo(f"{arrangements} recognition arrangements recorded")
    ensure_keys(registry)
    publish_checkpoint(registry.units, trial_signer(registry.settings))
    try:
        follow_all(registry)
    except Busy:
        click.echo("The index is being written by another process; it will catch up.")
    click.echo(f"The registry is ready in {registry.settings.data_dir}.")


@click.command("worker")
@click.pass_obj
def worker_command(registry: Registry) -> None:
    """Follow the journal and work on imports: index, certificates' files, uploaded lists."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    importer, sender = Importer(registry), Sender(registry)
    while not stopped.is_set():
        try:
            importer.tick()
            follow_all(registry)
            sender.tick()
        except Busy:
            # Somebody else writes the index; what is missing is taken up next time.
            pass
        except Exception as error:
            # A follower never stops the others: say it, wait, try again.
            click.echo(f"worker: {type(error).__name__}: {error}", err=True)
            stopped.wait(5)
        stopped.wait(_PAUSE)
    importer.close()
    sender.close()
