"""Files stay small, tell nothing of the machine they were made on, and locks name no index."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.paths import PACKAGE, ROOT

LONGEST = 400

FOLDERS = (".ci", "bench", "docs", "migrations", "registry", "requirements", "scripts")
SUFFIXES = {"", ".css", ".html", ".js", ".md", ".py", ".sh", ".svg", ".toml", ".txt"}
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users|mnt)/\w")

PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def text_files() -> Iterator[Path]:
    """Yield what people read and write here; data files hold other people's addresses."""
    folders = [ROOT / name for name in (*FOLDERS, "static", "templates", "tests")]
    candidates = [*ROOT.iterdir(), *(path for folder in folders for path in folder.rglob("*"))]
    for path in candidates:
        if path.is_file() and path.suffix in SUFFIXES and "__pycache__" not in path.parts:
            yield path


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / "requirements" / name).read_text()))


def test_no_source_file_is_too_long_to_read_in_one_sitting() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in text_files()
        if (match := MACHINE_PATH.search(path.read_text("utf-8", errors="ignore")))
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_lock_is_hashed_and_names_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in requirements if "--hash=sha256:" not in entry] == []


def test_developers_run_what_is_served() -> None:
    developers = pins("dev.txt")
    assert {name: developers.get(name) for name in pins("run.txt")} == pins("run.txt")
