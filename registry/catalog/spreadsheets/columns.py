"""The columns that an imported spreadsheet may have, and what people call them.

They are data (``registry/catalog/data/*-columns.json``): a column names the field that
it fills, how its cells are read, and the headings it is known by.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from registry.catalog.designation_spelling import fold

# What the rows of a spreadsheet are of, and the field that no row goes without.
EDITIONS = "editions"
OBLIGATIONS = "obligations"
PROGRAMME = "programme"
ANCHORS = {EDITIONS: "designation", OBLIGATIONS: "edition", PROGRAMME: "titles.vi"}
_FILES = {
    EDITIONS: "spreadsheet-columns.json",
    OBLIGATIONS: "obligation-columns.json",
    PROGRAMME: "programme-columns.json",
}

_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``path`` is the field it fills, ``name`` its heading in open data.

    ``kind`` says how its cells are read (see ``registry.catalog.spreadsheets.cells``),
    ``vocabulary`` which terms they hold, ``relation`` the type of the relations in them.
    ``words`` are the headings it is known by, as ``plain_words`` writes them.
    """

    path: str
    name: str
    kind: str
    vocabulary: str | None
    relation: str | None
    labels: Mapping[str, str]
    explanation: Mapping[str, str]
    example: str
    words: frozenset[str]


def plain_words(text: str) -> str:
    """Return a heading or term as it is compared: no case, no diacritics, no marks."""
    return _MARKS.sub(" ", fold(text)).strip()


@cache
def columns(of: str = EDITIONS) -> Mapping[str, Column]:
    """Return every column of rows of that kind by its field's path, in a template's order."""
    return columns_from(_data(_FILES[of])["columns"])


def columns_from(items: Iterable[Mapping[str, Any]]) -> Mapping[str, Column]:
    """Return the columns that data of this file's form describe, by the path of their fields."""
    return {
        item["path"]: Column(
            path=item["path"],
            name=item["column"],
            kind=item["kind"],
            vocabulary=item.get("vocabulary"),
            relation=item.get("relation"),
            labels=item["labels"],
            explanation=item["explanation"],
            example=item["example"],
            words=frozenset(map(plain_words, (*item["words"], item["column"]))),
        )
        for item in items
    }


@cache
def term_words(vocabulary: str) -> Mapping[str, str]:
    """Return the key of each further name by which terms of ``vocabulary`` are known."""
    return {
        plain_words(word): key
        for key, words in _data(_FILES[EDITIONS])["terms"].get(vocabulary, {}).items()
        for word in words
    }


@cache
def _data(name: str) -> dict[str, Any]:
    file = resources.files("registry.catalog") / "data" / name
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read
