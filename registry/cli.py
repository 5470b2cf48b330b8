"""The ``registry`` command. A command's module is loaded when the command is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

import click

from registry.config import load_settings
from registry.errors import Invalid, RegistryError
from registry.garbage import collect_seldom

if TYPE_CHECKING:
    from registry.container import Registry

# Loading everything that some command needs takes longer than most commands.
COMMANDS = {
    "backup": "commands.backup:backup_command",
    "certificate": "commands.certificates:certificate_commands",
    "demo": "commands.demo:demo_command",
    "drift": "commands.followed:drift_command",
    "export": "commands.catalogue:export_command",
    "follow": "commands.followed:follow_command",
    "foreign": "commands.foreign:foreign_commands",
    "import": "commands.catalogue:import_command",
    "import-obligations": "commands.facts:import_obligations_command",
    "import-programme": "commands.facts:import_programme_command",
    "import-reports": "commands.reports:import_reports_command",
    "init": "commands.running:init_command",
    "journal": "commands.journal:journal_commands",
    "key": "commands.keys:key_commands",
    "rebuild-notices": "commands.notices:rebuild_notices_command",
    "refresh": "commands.followed:refresh_command",
    "reindex": "commands.catalogue:reindex_command",
    "restore": "commands.backup:restore_command",
    "serve": "commands.serving:serve_command",
    "token": "accounts.cli:token_commands",
    "trust": "commands.keys:trust_commands",
    "user": "accounts.cli:user_commands",
    "worker": "commands.running:worker_command",
}

# A file is checked against a trust bundle where there is no register; each process that
# serves opens its own.
_WITHOUT_REGISTER = frozenset({"certificate", "serve"})


class RegistryGroup(click.Group):
    """Loads commands by name; shows a refused one as one clear message instead of a trace."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command, loading the module that it is in."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"registry.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; typed errors become messages, fields named, and exit code 1."""
        try:
            return super().invoke(ctx)
        except Invalid as error:
            lines = [f"  {path or '-'}: {t}" for path, texts in error.fields.items() for t in texts]
            raise click.ClickException("\n".join([error.message, *lines])) from None
        except RegistryError as error:
            raise click.ClickException(error.message) from None
        except Exception as error:
            if ctx.obj is None or not _lacks_tables(ctx.obj, error):
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
    if context.obj is not None:
        return
    if context.invoked_subcommand not in _WITHOUT_REGISTER:
        context.obj = _open()
    collect_seldom()


def _open() -> "Registry":
    # Rows are written in an order that only the tables of all domains together tell.
    import registry.models  # noqa: F401, PLC0415
    from registry.container import open_registry  # noqa: PLC0415

    return open_registry(load_settings())


def _lacks_tables(opened: "Registry", error: Exception) -> bool:
    """Whether a database error means that nobody has set the register up."""
    from sqlalchemy import inspect  # noqa: PLC0415
    from sqlalchemy.exc import OperationalError, ProgrammingError  # noqa: PLC0415

    if not isinstance(error, (OperationalError, ProgrammingError)):
        return False
    return not inspect(opened.engine).has_table("journal_entry")
