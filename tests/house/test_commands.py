"""The documents name commands that exist, and every command that exists is in a document."""

import re
from collections.abc import Iterator

import click
import pytest

from registry.cli import main
from tests.house.paths import ROOT

TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
# In running text a command stands in backticks; in a block it opens its line.
NAMED_TARGET = re.compile(r"(?:`|^[ \t]*(?:\$ )?)(?:\w+=\S+ )*make ([a-z][a-z-]*)", re.MULTILINE)


def documents() -> dict[str, str]:
    """Return name → text of everything that tells people what to type."""
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text()))


def test_every_make_target_in_a_document_exists() -> None:
    known = targets()
    assert {"help", "run", "test"} <= known
    unknown = [
        f"{name}: make {target}"
        for name, text in documents().items()
        for target in NAMED_TARGET.findall(text)
        if target not in known
    ]
    assert unknown == []


def test_readme_gives_the_two_commands() -> None:
    assert {"run", "test"} <= set(NAMED_TARGET.findall((ROOT / "README.md").read_text("utf-8")))


def test_every_target_that_people_use_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()
    explained = set(re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE))
    internal = {name for name in targets() if name.startswith("setup-")} | {"translations"}
    assert targets() - explained == internal


def members(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands of a group, loaded, each with its name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        yield name, command


def commands(group: click.Group, words: str) -> Iterator[str]:
    """Yield each command in full ("registry journal verify")."""
    for name, command in members(group):
        full = f"{words} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield full


@pytest.mark.parametrize("command", list(commands(main, "registry")))
def test_every_command_is_in_a_document(command: str) -> None:
    assert any(command in text for text in documents().values())


def test_every_command_explains_itself() -> None:
    def unexplained(group: click.Group) -> Iterator[str]:
        for name, command in members(group):
            if not command.help:
                yield name
            if isinstance(command, click.Group):
                yield from unexplained(command)

    assert list(unexplained(main)) == []
