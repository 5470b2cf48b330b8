"""Files that the import command takes: what their columns mean, said on the command line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from registry.catalog.importing.formats import Row, read_file
from registry.catalog.spreadsheets.columns import EDITIONS, columns, plain_words
from registry.catalog.spreadsheets.layouts import (
    Layout,
    check_layout,
    headings,
    layout_for,
)
from registry.catalog.spreadsheets.rows import known_terms, read_rows, read_tables, table_of
from registry.catalog.spreadsheets.tables import Table
from registry.container import Registry

_SPREADSHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")


def open_rows(
    registry: Registry,
    path: Path,
    mapping: Sequence[str],
    defaults: Sequence[str],
    sheet: str | None,
    *,
    national: bool,
    of: str = EDITIONS,
) -> tuple[Iterator[Row], Mapping[str, str] | None]:
    """Return the rows of the file at ``path``, and what ``import_rows`` calls ``partial``.

    ``mapping`` and ``defaults`` are "heading=field" and "field=value" as typed,
    ``of`` what the rows are of.
    """
    if path.suffix.lower() not in _SPREADSHEETS:
        return read_file(path), None
    tables = read_tables(path.read_bytes())
    if sheet is not None:
        tables = [table for table in tables if table.name == sheet]
    layout = layout_for(tables, of)
    table = table_of(tables, layout)
    layout = _mapped(table, layout, _pairs(mapping))
    layout = replace(layout, defaults=_pairs(defaults))
    check_layout(layout)
    _say(headings(table, layout), layout)
    with registry.units.reading() as session:
        terms = known_terms(session)
    return read_rows(table, layout, terms, national=national), layout.defaults


def _mapped(table: Table, layout: Layout, mapping: Mapping[str, str]) -> Layout:
    places = {plain_words(name): place for place, name in enumerate(headings(table, layout))}
    paths = list(layout.paths)
    for heading, path in mapping.items():
        place = places.get(plain_words(heading))
        if place is None:
            raise click.BadParameter(f"There is no heading “{heading}”.", param_hint="--mapping")
        if path and path not in columns(layout.of):
            known = ", ".join(columns(layout.of))
            raise click.BadParameter(
                f"“{path}” is no field; there are {known}.", param_hint="--mapping"
            )
        if path in paths:
            paths[paths.index(path)] = ""
        paths[place] = path
    return replace(layout, paths=tuple(paths))


def _pairs(typed: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in typed:
        name, mark, value = text.rpartition("=") if text.endswith("=") else text.partition("=")
        if not mark or not name.strip():
            raise click.BadParameter(f"Write “{text}” as name=value.")
        pairs[name.strip()] = value.strip()
    return pairs


def _say(names: Sequence[str], layout: Layout) -> None:
    """Print how the columns are understood, so that a wrong guess is seen."""
    for name, path in zip(names, layout.paths, strict=False):
        if name:
            click.echo(f"  {name} → {path or '(left out)'}", err=True)
