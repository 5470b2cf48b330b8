"""Commands for the journal."""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click
from sqlalchemy.orm import Session

from registry.config import stored_secret
from registry.container import Registry
from registry.errors import NotFound
from registry.journal.audit import Claim, audit, open_kept
from registry.journal.keys import verifiers
from registry.journal.notes import LARGEST_NOTE, NoteError, Signer, Verifier
from registry.journal.published import latest_checkpoint
from registry.journal.queries import head
from registry.journal.verification import Fault, verify

_SHOWN = 20


@click.group("journal")
def journal_commands() -> None:
    """The append-only journal."""


@journal_commands.command("verify")
@click.option(
    "--from",
    "first",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Position to start at; what comes before is believed, or proven by a checkpoint.",
)
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="File of a checkpoint kept outside: today's journal must begin with what it signs.",
)
@click.option(
    "--key",
    "lines",
    multiple=True,
    help="Public key that the kept checkpoints must be signed with; any of the register's if none.",
)
@click.pass_obj
def verify_command(
    registry: Registry, first: int, kept: tuple[Path, ...], lines: tuple[str, ...]
) -> None:
    """Recompute entries, tree and checkpoints; exit with 1 if anything does not fit."""
    with registry.units.reading() as session:
        end = head(session)
        keys = [_verifier(line) for line in lines] or verifiers(session)
        claims = [_claim(path, keys) for path in kept]
        count = _print_faults(_faults(session, first, claims))
    if count:
        click.echo(f"{count} faults in positions {first} to {end}.", err=True)
        sys.exit(1)
    click.echo(f"Positions {first} to {end} verified.")
    for claim in claims:
        size = claim.checkpoint.size
        click.echo(f"{claim.by} is of this journal: its first {size} entries are as signed.")


@journal_commands.command("checkpoint")
@click.pass_obj
def checkpoint_command(registry: Registry) -> None:
    """Print the last checkpoint, for keeping where nobody of this register can write."""
    with registry.units.reading() as session:
        published = latest_checkpoint(session)
    if published is None:
        raise NotFound("No checkpoint was published yet.")
    click.echo(published.note, nl=False)


@journal_commands.command("new-key")
@click.argument("name")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def new_key_command(name: str, target: Path) -> None:
    """Make a key that signs as NAME (registry.example.org/journal) in the file TARGET."""
    try:
        signer = Signer.make(name)
    except NoteError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    if target.exists():
        raise click.ClickException(f"{target} is there already; a key is never overwritten.")
    stored_secret(target, signer.secret_line)
    click.echo(f"{signer.verifier}")


def _faults(session: Session, first: int, claims: list[Claim]) -> Iterator[Fault]:
    return chain(verify(session, first), audit(session, first, claims))


def _print_faults(faults: Iterable[Fault]) -> int:
    count = 0
    for fault in faults:
        count += 1
        if count <= _SHOWN:
            click.echo(f"position {fault.position}: {fault.problem}", err=True)
    return count


def _verifier(line: str) -> Verifier:
    try:
        return Verifier.parse(line)
    except NoteError as error:
        raise click.BadParameter(str(error), param_hint="--key") from None


def _claim(path: Path, keys: list[Verifier]) -> Claim:
    with path.open("rb") as file:
        content = file.read(LARGEST_NOTE + 1)
    try:
        return open_kept(content.decode(), keys, str(path))
    except (UnicodeDecodeError, NoteError) as error:
        raise click.ClickException(f"{path}: {error}") from None
