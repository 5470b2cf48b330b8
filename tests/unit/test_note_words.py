"""Notes of the built-in list are shown in Vietnamese, others as they stand."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from registry.catalog.builtin import DATA_FOLDER
from registry.catalog.notes import note_words

_ADDRESSES = re.compile(r"(https?://\S+|[\w.-]+\.[a-z]+)(; [\w.-]+\.[a-z]+)*")


def _notes(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "note" and part:
                yield part
            else:
                yield from _notes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _notes(part)


@pytest.mark.parametrize("name", ["national.jsonl", "followed.jsonl"])
def test_every_note_that_comes_with_the_registry_has_its_vietnamese(name: str) -> None:
    lines = (DATA_FOLDER / name).read_text("utf-8").splitlines()
    notes = {note for line in lines for note in _notes(json.loads(line))}
    without = [note for note in notes if isinstance(note_words(note), str)]
    assert without == []


def test_every_source_that_comes_with_the_registry_can_be_read_in_vietnamese() -> None:
    lines = (DATA_FOLDER / "national.jsonl").read_text("utf-8").splitlines()
    sources = {json.loads(line)["source"] for line in lines}
    written = {source for source in sources if isinstance(note_words(source), str)}
    # What is left are names of sites and addresses, which are the same in every language.
    assert [source for source in written if not _ADDRESSES.fullmatch(source)] == []


def test_what_differs_between_notes_of_the_same_words_is_taken_over() -> None:
    note = "the instrument is dated 2016-06-02, the designation 2015"
    assert note_words(note) == {
        "en": note,
        "vi": "văn bản ban hành đề ngày 2/6/2016, số hiệu ghi năm 2015",
    }
    note = "date from https://example.vn/2016?a=1"
    assert note_words(note) == {"en": note, "vi": "ngày lấy từ https://example.vn/2016?a=1"}


@pytest.mark.parametrize("note", [None, "", "Ghi chú của biên tập viên", "date from memory"])
def test_other_notes_stay_as_they_are(note: str | None) -> None:
    assert note_words(note) == note
