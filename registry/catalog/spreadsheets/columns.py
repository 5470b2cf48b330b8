"""The columns that a spreadsheet of editions may have, and what people call them.

They are data (``registry/catalog/data/spreadsheet-columns.json``): a column names the
field that it fills, how its cells are read, and the headings it is known by.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from registry.catalog.designation_spelling import fold

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
def columns() -> Mapping[str, Column]:
    """Return every column by the path of its field, in the order of a template."""
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
        for item in _data()["columns"]
    }


@cache
def term_words(vocabulary: str) -> Mapping[str, str]:
    """Return the key of each further name by which terms of ``vocabulary`` are known."""
    return {
        plain_words(word): key
        for key, words in _data()["terms"].get(vocabulary, {}).items()
        for word in words
    }


@cache
def _data() -> dict[str, Any]:
    file = resources.files("registry.catalog") / "data" / "spreadsheet-columns.json"
    read: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return read
