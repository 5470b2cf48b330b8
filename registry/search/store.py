"""Where an index lives on disk, and who may write it.

A search folder holds *builds*, each a complete Whoosh index in a folder of its own, and
the file ``CURRENT`` that names the build in use. Commits go into the current build;
a rebuild makes a new one and then replaces ``CURRENT``. Both are atomic, so a reader or
a crash finds either the state before or the state after.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any
from uuid import uuid4

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex

from registry.errors import Busy
from registry.search.schema import schema

# Part of every build's name: a build of another format is as good as none, and the
# index is filled anew. To be raised with every change of schema, payload or analysis, and
# of what is said of an entry in its record.
FORMAT = 2
_CURRENT = "CURRENT"

log = logging.getLogger(__name__)


class MappedFile(StructFile):
    """A file read through a memory map: shared by processes, safe in threads."""

    def __init__(self, path: str, name: str) -> None:
        with open(path, "rb") as file:
            empty = os.fstat(file.fileno()).st_size == 0
            content: Any = BytesIO() if empty else mmap(file.fileno(), 0, access=ACCESS_READ)
        super().__init__(content, name=name)
        # Whoosh would otherwise read arrays through the file descriptor.
        self.is_real = False
        self._content = b"" if empty else content

    def get(self, position: int, length: int) -> bytes:
        """Return ``length`` bytes from ``position`` on, without moving."""
        return bytes(self._content[position : position + length])


class MappedStorage(FileStorage):
    """A folder whose files are read through memory maps."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]

    def open_file(self, name: str, **kwargs: Any) -> MappedFile:
        """Open an existing file for reading."""
        return MappedFile(str(Path(self.folder) / name), name)


class Store:
    """The search folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """Return the folder of the build in use; ``None`` when there is none to read."""
        try:
            name = (self.folder / _CURRENT).read_text().strip()
        except FileNotFoundError:
            return None
        return self.folder / name if name.startswith(f"v{FORMAT}-") else None

    def open(self, build: Path) -> FileIndex:
        """Open the index of a build."""
        index: FileIndex = MappedStorage(build).open_index()  # type: ignore[no-untyped-call]
        return index

    @contextmanager
    def new_build(self) -> Iterator[Path]:
        """Give an empty build to fill; it becomes the current one on leaving without error."""
        build = self.folder / f"v{FORMAT}-{uuid4().hex[:12]}"
        build.mkdir()
        try:
            MappedStorage(build).create_index(schema())  # type: ignore[no-untyped-call]
            yield build
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        self._use(build)

    def _use(self, build: Path) -> None:
        """Make a finished build the current one and remove all others.

        The build is on disk before its name is, so that a power cut cannot leave a
        name without content. Readers keep what they have mapped.
        """
        for path in build.iterdir():
            _sync(path)
        _sync(build)
        temporary = self.folder / f".{_CURRENT}"
        temporary.write_text(build.name)
        _sync(temporary)
        os.replace(temporary, self.folder / _CURRENT)
        _sync(self.folder)
        for other in self.folder.iterdir():
            if other.is_dir() and other != build:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; the system frees it when the process dies.

        Raises ``Busy`` at once when someone else holds it.
        """
        lock: Any = MappedStorage(self.folder).lock("WRITER")  # type: ignore[no-untyped-call]
        if not lock.acquire():
            raise Busy("The search index is being written by someone else.")
        try:
            yield
        finally:
            lock.release()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
