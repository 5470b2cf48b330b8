"""Backup and restore: what comes back is what was there, and nothing else gets in."""

import io
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import main
from registry.config import load_settings
from registry.container import Registry, open_registry
from registry.journal.queries import head
from registry.journal.verification import verify


def run(registry: Registry, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments), obj=registry)
    return result.exit_code, result.output


def empty(folder: Path) -> Registry:
    return open_registry(load_settings({"REGISTRY_DATA_DIR": str(folder)}))


@pytest.fixture
def sqlite_registry(registry: Registry) -> Registry:
    if registry.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL registries are copied with its own tools")
    return registry


def test_a_restored_registry_is_the_same(sqlite_registry: Registry, tmp_path: Path) -> None:
    stored = sqlite_registry.files.put(b"a certificate")
    copy = tmp_path / "copy.tar.gz"
    assert run(sqlite_registry, "backup", str(copy))[0] == 0
    assert copy.stat().st_mode & 0o077 == 0

    restored = empty(tmp_path / "restored")
    code, output = run(restored, "restore", str(copy))
    assert code == 0, output
    with sqlite_registry.units.reading() as before, restored.units.reading() as after:
        assert head(after) == head(before) > 0
        assert list(verify(after)) == []
    assert restored.files.get(stored) == b"a certificate"
    assert restored.search.position() == sqlite_registry.search.position()
    restored.engine.dispose()


def test_a_registry_in_use_is_not_overwritten(sqlite_registry: Registry, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar.gz"
    run(sqlite_registry, "backup", str(copy))
    code, output = run(sqlite_registry, "restore", str(copy))
    assert code == 1
    assert "is there already" in output


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "files/../../x", "other.db"])
def test_a_file_that_no_backup_holds_is_refused(name: str, tmp_path: Path) -> None:
    forged = tmp_path / "forged.tar.gz"
    with tarfile.open(forged, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    target = tmp_path / "target"
    registry = empty(target)
    code, output = run(registry, "restore", str(forged))
    assert code == 1
    assert "is not part of a backup" in output
    assert not (tmp_path / "outside").exists()
    registry.engine.dispose()
