"""The record formats that can be imported, and how they are told apart.

* *Registry JSONL*: this project's own format, one edition a line (see
  ``registry/catalog/data/README.md``).
* *Bibliographic JSONL* and *ISO Open Data*: see their modules.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from registry.catalog.importing.formats import bibliography, iso_open_data
from registry.catalog.importing.formats.lines import Row, read_rows

# Grows with every change of a mapping, so that a new release imports anew.
MAPPING_VERSION = 2

# What our own files add to the facts: what a register computes anew, and why it
# refused a row.
_COMPUTED = ("status", "status_since", "reason")

__all__ = ["MAPPING_VERSION", "Row", "designation_in", "read_file", "read_rows", "to_command"]


def read_file(path: Path, names: Mapping[str, str] | None = None) -> Iterator[Row]:
    """Yield the rows of a file that can each be understood without the others.

    ISO Open Data names other rows by their ids: such a file is read twice, and
    ``names`` says what ids stand for that the file itself does not carry.
    """
    rows = read_rows(path)
    first = next(rows, None)
    if first is None:
        return
    if first.content is not None and iso_open_data.is_iso_open_data(first.content):
        known = {**(names or {}), **iso_open_data.references(read_rows(path))}
        yield from iso_open_data.with_references(chain([first], rows), known)
    else:
        yield first
        yield from rows


def designation_in(content: Mapping[str, Any]) -> Any:
    """Return what a row of any format gives as its designation, whatever it may be."""
    if iso_open_data.is_iso_open_data(content):
        return content["reference"]
    return content.get("designation") or content.get("id")


def to_command(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row as ``ImportedEditionSchema`` takes it."""
    if iso_open_data.is_iso_open_data(content):
        return iso_open_data.to_command(content)
    if "id" in content:
        return bibliography.to_command(content)
    return {name: value for name, value in content.items() if name not in _COMPUTED}
