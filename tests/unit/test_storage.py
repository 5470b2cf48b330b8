"""Files by content hash: whole or not at all, and never served altered."""

import hashlib
import os
from pathlib import Path

import pytest

from registry.errors import NotFound
from registry.storage import FileStore

CONTENT = b"%PDF-1.7 a certificate"
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def on_disk(store: FileStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_checksum_and_kept_once(store: FileStore) -> None:
    assert not store.has(NAME)
    assert store.put(CONTENT) == NAME
    assert store.put(CONTENT) == NAME
    assert store.has(NAME)
    assert store.get(NAME) == CONTENT
    assert len(on_disk(store)) == 1


def test_an_altered_file_is_not_served(store: FileStore) -> None:
    store.put(CONTENT)
    on_disk(store)[0].write_bytes(CONTENT + b"!")
    with pytest.raises(NotFound, match="altered"):
        store.get(NAME)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", NAME.upper(), NAME + "0", "z" * 64])
def test_only_checksums_are_names(store: FileStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.get(name)


def test_an_absent_file_is_not_found(store: FileStore) -> None:
    with pytest.raises(NotFound, match="not stored"):
        store.get(NAME)


def test_a_failed_write_leaves_nothing(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        store.put(CONTENT)
    assert on_disk(store) == []
    assert not store.has(NAME)
