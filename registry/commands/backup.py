"""Commands that keep a copy of a registry in one file, and take it back.

The copy holds what cannot be made again: the database, the files and the keys
made here. The search index is derived and left out.
"""

import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from registry.container import Registry
from registry.followers.search import rebuild

_DATABASE = "registry.db"
_SECRET = "secret-key"  # noqa: S105 - the name of a file.
_KEYS = ("journal-key", "document-key", "credential-key")
_FILES = "files"
_NAMES = re.compile(
    rf"{_DATABASE}|{_SECRET}|{'|'.join(_KEYS)}|{_FILES}/(?:attachments/)?[0-9a-f]{{2}}/[0-9a-f]{{64}}"
)


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.pass_obj
def backup_command(registry: Registry, target: Path) -> None:
    """Write a copy of the registry to TARGET (.tar.gz) while it goes on serving."""
    database = _sqlite_file(registry)
    folder = registry.settings.data_dir
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / _DATABASE
        _copy_database(database, copy)
        # The copy holds every secret of the registry, so only its owner may read it.
        target.touch(mode=0o600)
        with tarfile.open(target, "w:gz") as archive:
            archive.add(copy, _DATABASE)
            for name in (_SECRET, *_KEYS, _FILES):
                if (folder / name).exists():
                    archive.add(folder / name, name)
    click.echo(f"{target} holds the registry ({target.stat().st_size:,} bytes).")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_command(registry: Registry, source: Path) -> None:
    """Put the copy SOURCE into an empty data folder and build the search index."""
    database = _sqlite_file(registry)
    if database.exists():
        raise click.ClickException(f"{database} is there already; restore into an empty folder.")
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            _restore_member(archive, member, registry.settings.data_dir)
    position = rebuild(registry)
    click.echo(f"Restored; the journal stands at position {position}.")


def _restore_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of the copy; whatever a backup never holds is refused."""
    if member.isdir() and member.name.startswith(_FILES):
        return
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or not _NAMES.fullmatch(member.name):
        raise click.ClickException(
            f"“{member.name}” is not part of a backup; nothing more is taken."
        )
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def _sqlite_file(registry: Registry) -> Path:
    url = make_url(registry.settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException(
            "This copies SQLite registries. For PostgreSQL use pg_dump and pg_restore, "
            "and copy the folder “files” and the file “secret-key” of the data folder."
        )
    return Path(url.database)


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database that others read and write meanwhile, as it is at one instant."""
    with (
        sqlite3.connect(f"file:{source}?mode=ro", uri=True) as original,
        sqlite3.connect(target) as copy,
    ):
        original.backup(copy)
    original.close()
    copy.close()
