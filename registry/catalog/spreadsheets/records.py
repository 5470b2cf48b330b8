"""An edition of open data as a row of cells, which the import reads back to the same facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.catalog.spreadsheets.cells import write_relation, write_values
from registry.catalog.spreadsheets.columns import Column, columns

# What a row shows beside the fields that can be imported; a register computes it.
_COMPUTED = ("status", "status_since")
# The relations of a row stand together, with all that is known of each.
_LEFT_OUT = ("targets", "degree")
_OWN_COLUMNS = ("vi", "en")


def record_headings() -> list[str]:
    """Return the headings of a table of editions, the same in every language."""
    return [*(column.name for column in _written()), *_COMPUTED]


def record_cells(record: Mapping[str, Any]) -> list[str]:
    """Return an edition's data (see ``record_data``) as the cells of a row."""
    return [
        *(_cell(column, record) for column in _written()),
        *(str(record.get(name, "")) for name in _COMPUTED),
    ]


def _written() -> Sequence[Column]:
    return [column for column in columns().values() if column.kind not in _LEFT_OUT]


def _cell(column: Column, record: Mapping[str, Any]) -> str:
    name, _, part = column.path.partition(".")
    value = record.get(name)
    if part:
        value = (value or {}).get(part)
    if not value:
        return ""
    if column.kind == "relations":
        return "\n".join(map(write_relation, value))
    if column.kind == "by-language":
        others = {code: text for code, text in value.items() if code not in _OWN_COLUMNS}
        return "\n".join(f"{code}: {text}" for code, text in others.items())
    return write_values(value) if isinstance(value, list) else str(value)
