"""The ``registry`` command."""

import click
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from registry.accounts.cli import token_commands, user_commands
from registry.commands.backup import backup_command, restore_command
from registry.commands.catalogue import export_command, import_command, reindex_command
from registry.commands.certificates import certificate_commands
from registry.commands.demo import demo_command
from registry.commands.facts import import_obligations_command, import_programme_command
from registry.commands.followed import drift_command, follow_command, refresh_command
from registry.commands.foreign import foreign_commands
from registry.commands.journal import journal_commands
from registry.commands.keys import key_commands, trust_commands
from registry.commands.notices import rebuild_notices_command
from registry.commands.reports import import_reports_command
from registry.commands.running import init_command, serve_command, worker_command
from registry.config import load_settings
from registry.container import open_registry
from registry.errors import Invalid, RegistryError
from registry.garbage import collect_seldom


class RegistryGroup(click.Group):
    """Shows a refused command as one clear message, fields named, instead of a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; typed errors become messages and exit code 1."""
        try:
            return super().invoke(ctx)
        except Invalid as error:
            lines = [f"  {path or '-'}: {t}" for path, texts in error.fields.items() for t in texts]
            raise click.ClickException("\n".join([error.message, *lines])) from None
        except RegistryError as error:
            raise click.ClickException(error.message) from None
        except (OperationalError, ProgrammingError):
            if ctx.obj is None or inspect(ctx.obj.engine).has_table("journal_entry"):
                raise
            raise click.ClickException(
                "The database holds no registry yet; “registry init” sets one up."
            ) from None


@click.group(cls=RegistryGroup)
@click.pass_context
def main(context: click.Context) -> None:
    """Standards catalogue and conformity-assessment registry.

    Settings come from REGISTRY_… environment variables; see the README.
    """
    if context.obj is None:
        collect_seldom()
    # A file is checked against a trust bundle where there is no register.
    if context.obj is None and context.invoked_subcommand != certificate_commands.name:
        context.obj = open_registry(load_settings())


for command in (
    init_command,
    serve_command,
    worker_command,
    demo_command,
    import_command,
    import_obligations_command,
    import_programme_command,
    import_reports_command,
    export_command,
    follow_command,
    refresh_command,
    drift_command,
    foreign_commands,
    reindex_command,
    rebuild_notices_command,
    backup_command,
    restore_command,
    journal_commands,
    key_commands,
    trust_commands,
    certificate_commands,
    user_commands,
    token_commands,
):
    main.add_command(command)
