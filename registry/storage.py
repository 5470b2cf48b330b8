"""Files by content hash: the same bytes are kept once, and a name is its own checksum."""

import os
import tempfile
from pathlib import Path

from registry.canonical import sha256_hex
from registry.errors import NotFound


class FileStore:
    """A folder of files named by the SHA-256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Store ``content`` and return its SHA-256 in hexadecimal.

        The file appears whole or not at all, also when the process is killed.
        """
        name = sha256_hex(content)
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name

    def take(self, source: Path, name: str) -> None:
        """Move the file ``source``, whose SHA-256 is ``name``, into the store without reading it.

        It lies on the same disk, and whoever calls has compared the hash.
        """
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        source.replace(path)

    def remove(self, name: str) -> None:
        """Delete the file of that hash, if there is one."""
        self._path(name).unlink(missing_ok=True)

    def get(self, name: str) -> bytes:
        """Return the file of that hash; ``NotFound`` if it is absent or altered on disk."""
        try:
            content = self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound("This file is not stored here.") from None
        if sha256_hex(content) != name:
            raise NotFound("This file was altered on disk and is not served.")
        return content

    def path(self, name: str) -> Path:
        """Return where the file of that hash lies; ``NotFound`` if it is absent."""
        path = self._path(name)
        if not path.exists():
            raise NotFound("This file is not stored here.")
        return path

    def has(self, name: str) -> bool:
        """Whether a file of that hash is stored."""
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        if len(name) != 64 or not all(c in "0123456789abcdef" for c in name):
            raise NotFound("This is not the name of a stored file.")
        return self.folder / name[:2] / name
