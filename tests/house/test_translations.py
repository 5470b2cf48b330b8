"""The Vietnamese catalogue is complete: whatever a reader may be shown is translated."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.house.paths import ROOT, TRANSLATIONS

NAMED = re.compile(r"%\((\w+)\)|\{(\w+)\}")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The messages that the code and the templates hold now."""
    template = tmp_path_factory.mktemp("messages") / "messages.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            ["pybabel", "--quiet", "extract", "-F", "pyproject.toml", "-o", str(template), "."]
        )
    return read(template)


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    return read(TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po")


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return a message's forms: one, or one for each number."""
    return [value] if isinstance(value, str) else list(value or ())


def messages(catalog: Catalog) -> list[Message]:
    """Return the entries without the header."""
    return [message for message in catalog if message.id]


def test_something_is_extracted_from_code_and_templates(extracted: Catalog) -> None:
    sources = {Path(file).suffix for m in messages(extracted) for file, _ in m.locations}
    assert sources == {".py", ".html"}


def test_every_message_is_translated(extracted: Catalog, vietnamese: Catalog) -> None:
    missing = []
    for message in messages(extracted):
        entry = vietnamese.get(message.id, message.context)
        if entry is None or entry.fuzzy or not all(texts(entry.string)):
            missing.append(texts(message.id)[0])
    assert not missing, f"{len(missing)} without a translation (make messages): {missing[:20]}"


def test_no_translation_is_left_over(extracted: Catalog, vietnamese: Catalog) -> None:
    left = [m.id for m in messages(vietnamese) if extracted.get(m.id, m.context) is None]
    assert not left


def test_translations_fill_in_the_same_names(vietnamese: Catalog) -> None:
    for message in messages(vietnamese):
        known = {name for text in texts(message.id) for name in NAMED.findall(text)}
        for text in texts(message.string):
            assert set(NAMED.findall(text)) <= known, message.id
