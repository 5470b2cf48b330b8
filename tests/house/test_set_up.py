"""The set-up scripts, run in a copy of the project with stand-ins for what they call."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.paths import ROOT

Result = subprocess.CompletedProcess[str]


def write_program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the scripts beside a ``registry`` that records how it is called."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    write_program(
        tmp_path / ".venv" / "bin" / "registry",
        'echo "$1" >>calls\n'
        'if [ "$1" = init ]; then touch "${REGISTRY_DATA_DIR:-data}/registry.db"; fi\n'
        'if [ "$1" = "$FAIL_ON" ]; then exit 1; fi',
    )
    return tmp_path


def run(project: Path, script: str, **environment: str) -> Result:
    return subprocess.run(
        ["bash", project / "scripts" / script],
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def calls(project: Path) -> list[str]:
    """Return the commands given since the last look."""
    log = project / "calls"
    commands = log.read_text().split()
    log.unlink()
    return commands


class TestStart:
    def test_only_the_first_start_loads_the_demonstration(self, project: Path) -> None:
        assert run(project, "run.sh").returncode == 0
        assert calls(project) == ["init", "demo", "serve"]
        assert run(project, "run.sh").returncode == 0
        assert calls(project) == ["init", "serve"]

    def test_first_start_without_demonstration_stays_without(self, project: Path) -> None:
        run(project, "run.sh", DEMO="0")
        assert calls(project) == ["init", "serve"]
        run(project, "run.sh")
        assert calls(project) == ["init", "serve"]

    def test_register_in_use_never_gains_a_demonstration(self, project: Path) -> None:
        (project / "data").mkdir()
        (project / "data" / "registry.db").touch()
        run(project, "run.sh")
        assert calls(project) == ["init", "serve"]

    @pytest.mark.parametrize("command", ["init", "demo"])
    def test_interrupted_first_start_is_made_good(self, project: Path, command: str) -> None:
        assert run(project, "run.sh", FAIL_ON=command).returncode == 1
        assert "serve" not in calls(project)
        run(project, "run.sh")
        assert calls(project) == ["init", "demo", "serve"]

    def test_data_folder_is_the_chosen_one(self, project: Path) -> None:
        folder = project / "elsewhere"
        run(project, "run.sh", REGISTRY_DATA_DIR=str(folder))
        assert [path.name for path in folder.iterdir()] == ["registry.db"]


class TestSystemPackages:
    """``install_packages`` on machines where it may, may not, or cannot install."""

    @pytest.fixture
    def install(self, tmp_path: Path) -> Callable[[], Result]:
        script = tmp_path / "scripts" / "install.sh"
        script.parent.mkdir()
        shutil.copy(ROOT / "scripts" / "common.sh", script.parent)
        script.write_text(
            'source "$(dirname "$0")/common.sh"\n'
            'install_packages "A cup is missing." cup saucer\n'
            "echo installed\n"
        )
        for name in ("bash", "cat", "dirname", "mktemp", "rm", "sh", "sleep", "tail"):
            program = shutil.which(name)
            assert program
            (tmp_path / "bin").mkdir(exist_ok=True)
            (tmp_path / "bin" / name).symlink_to(program)

        return lambda: run(tmp_path, "install.sh", PATH=str(tmp_path / "bin"))

    def test_root_installs_after_one_refresh(
        self, tmp_path: Path, install: Callable[[], Result]
    ) -> None:
        write_program(tmp_path / "bin" / "id", "echo 0")
        write_program(tmp_path / "bin" / "apt-get", 'echo "$1 $DEBIAN_FRONTEND" >>calls')
        assert install().stdout.endswith("installed\n")
        assert (tmp_path / "calls").read_text() == "update noninteractive\ninstall noninteractive\n"

    def test_user_without_rights_is_told_what_to_install(
        self, tmp_path: Path, install: Callable[[], Result]
    ) -> None:
        write_program(tmp_path / "bin" / "id", "echo 1000")
        write_program(tmp_path / "bin" / "apt-get", "echo called >>calls")
        write_program(tmp_path / "bin" / "sudo", "exit 1")
        result = install()
        assert result.returncode == 1
        assert "sudo apt-get install cup saucer" in result.stderr
        assert not (tmp_path / "calls").exists()

    def test_system_without_apt_is_told_what_to_install(
        self, install: Callable[[], Result]
    ) -> None:
        result = install()
        assert result.returncode == 1
        assert "cup saucer" in result.stderr

    def test_failure_shows_what_apt_said(
        self, tmp_path: Path, install: Callable[[], Result]
    ) -> None:
        write_program(tmp_path / "bin" / "id", "echo 0")
        write_program(
            tmp_path / "bin" / "apt-get",
            'if [ "$1" = install ]; then echo "no such cup" >&2; exit 100; fi',
        )
        result = install()
        assert result.returncode == 1
        assert "no such cup" in result.stderr
        assert "could not install: cup saucer" in result.stderr
