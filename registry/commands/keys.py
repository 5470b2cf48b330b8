"""Commands for the keys that sign documents and credentials, and for what checkers believe."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from registry.assessment.services.trust import trust_bundle
from registry.canonical import sha256_hex
from registry.config import stored_secret
from registry.container import Registry
from registry.credentials import credential_key, document_key
from registry.credentials.identity import CREDENTIAL, DOCUMENT
from registry.credentials.key_register import ACTOR, keys, retire, use
from registry.credentials.public_key import PublicKey

_MADE_HERE = {DOCUMENT: document_key.TRIAL_FILE, CREDENTIAL: credential_key.TRIAL_FILE}


@click.group("key")
def key_commands() -> None:
    """The keys that sign documents and credentials."""


@key_commands.command("list")
@click.pass_obj
def list_command(registry: Registry) -> None:
    """Print every key that was used, the latest first."""
    with registry.units.reading() as session:
        found = keys(session)
    for key in found:
        said = [key.key_id, key.use, key.algorithm, f"from {key.valid_from:%Y-%m-%d}"]
        if key.valid_until:
            said.append(f"until {key.valid_until:%Y-%m-%d}")
        if key.trial:
            said.append("for trial use")
        if key.compromised_since:
            said.append(f"compromised since {key.compromised_since}")
        elif key.retired_on:
            said.append(f"retired on {key.retired_on}")
        else:
            said.append("in use")
        click.echo("  ".join(said))


@key_commands.command("rotate")
@click.argument("purpose", type=click.Choice([DOCUMENT, CREDENTIAL]))
@click.pass_obj
def rotate_command(registry: Registry, purpose: str) -> None:
    """Put another key to use: the one that the settings name, or a new trial key.

    The key before it is retired. What it signed stays valid, and it stays published.
    """
    own = registry.settings.signing
    named = own.credential_key if purpose == CREDENTIAL else own.document_key or own.token_module
    path = registry.settings.data_dir / _MADE_HERE[purpose]
    kept: Path | None = None
    if named is None and path.exists():
        kept = path.with_name(f"{path.name}.{registry.clock.now():%Y%m%dT%H%M%S}")
        path.rename(kept)
    public = _present(registry, purpose)
    with registry.units(ACTOR) as uow:
        use(uow, public)
    click.echo(public.key_id)
    if kept is not None:
        click.echo(f"The key before it lies in {kept}; nothing needs it any more.", err=True)


@key_commands.command("retire")
@click.argument("key_id")
@click.option(
    "--compromised-since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Somebody else may have signed with it from this day on: what it signed is made anew.",
)
@click.pass_obj
def retire_command(registry: Registry, key_id: str, compromised_since: datetime | None) -> None:
    """End the use of KEY_ID; nothing is signed before another key is put to use."""
    since = compromised_since.date() if compromised_since else None
    with registry.units(ACTOR) as uow:
        retire(uow, key_id, compromised_since=since)
    click.echo(f"{key_id} is retired.")


@key_commands.command("new-credential-key")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def new_credential_key_command(target: Path) -> None:
    """Make a key for credentials in the file TARGET, for REGISTRY_CREDENTIAL_KEY."""
    if target.exists():
        raise click.ClickException(f"{target} is there already; a key is never overwritten.")
    pem = stored_secret(target, credential_key.new_key)
    made = credential_key.read_key(pem, datetime.now(UTC), trial=False)
    click.echo(made.public.key_id)


@click.group("trust")
def trust_commands() -> None:
    """What checkers believe."""


@trust_commands.command("export")
@click.argument("target", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def export_command(registry: Registry, target: Path) -> None:
    """Write keys, last checkpoint and status lists to TARGET, for checking without a network."""
    text = trust_bundle(registry).to_json()
    target.write_text(text, encoding="utf-8")
    host = urlsplit(registry.settings.base_url).netloc
    click.echo(f"{target}: what to believe of {host}; SHA-256 {sha256_hex(text.encode())}")


def ensure_keys(registry: Registry) -> None:
    """Make what is missing of the trial keys, and journal which keys are in use."""
    for purpose in (DOCUMENT, CREDENTIAL):
        with registry.units(ACTOR) as uow:
            use(uow, _present(registry, purpose))


def _present(registry: Registry, purpose: str) -> PublicKey:
    now = registry.clock.now()
    if purpose == CREDENTIAL:
        return credential_key.credential_key(registry.settings, now).public
    return document_key.document_key(registry.settings, now).public
