"""Where the headings of a table stand and which field each column fills.

A layout is guessed from the headings and corrected by whoever imports the table.
Lists of ministries often start with a title, have headings of two rows with merged
cells, and number the columns "(1) (2) (3)" below: all of that is recognised.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from registry.catalog.spreadsheets.columns import (
    ANCHORS,
    EDITIONS,
    PROGRAMME,
    Column,
    columns,
    plain_words,
)
from registry.catalog.spreadsheets.tables import FILE, Table
from registry.errors import Invalid
from registry.messages import Message

# How many rows from the top are looked at for headings.
_LOOKED_AT = 40
_LONGEST_HEADING = 120
_MOST_HEADING_ROWS = 3
_NUMBER = re.compile(r"\d\d")
_ORDINAL = re.compile(r"[(\[]?\d{1,3}[)\]]?")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read.

    ``heading_row`` is the number of the first row of headings, 0 for none;
    ``heading_rows`` how many there are. ``paths`` names the field of each column, ""
    for a column that is left out. ``defaults`` holds what a new edition says where its
    row says nothing; ``of`` tells what the rows are of.
    """

    sheet: str
    heading_row: int
    heading_rows: int
    paths: tuple[str, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)
    of: str = EDITIONS

    def as_json(self) -> dict[str, Any]:
        """Return the layout as plain values."""
        return {**asdict(self), "paths": list(self.paths), "defaults": dict(self.defaults)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Layout":
        """Return the layout that ``as_json`` gave, whatever else ``data`` holds."""
        said = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        return cls(**{**said, "paths": tuple(data["paths"])})


def guess_layout(
    tables: Sequence[Table],
    among: Mapping[str, Column] | None = None,
    anchor: str = "designation",
) -> Layout:
    """Return the layout of the table whose headings are understood best.

    ``among`` are the columns that may be meant, those of editions when left out;
    ``anchor`` is the field that no row goes without. ``Invalid`` when no table holds
    anything.
    """
    if not tables:
        raise Invalid.one(FILE, Message("The file is empty."))
    guesses = [_guess(table, columns() if among is None else among, anchor) for table in tables]
    return max(guesses, key=lambda layout: sum(map(bool, layout.paths)))


def layout_for(tables: Sequence[Table], of: str) -> Layout:
    """Return the layout guessed for a file whose rows are ``of`` a kind; see ``guess_layout``."""
    return replace(guess_layout(tables, columns(of), ANCHORS[of]), of=of)


def headings(table: Table, layout: Layout) -> list[str]:
    """Return the heading of each column; merged ones stand before those below them."""
    rows = _heading_cells(table, layout)
    width = max((len(row.cells) for row in table.rows), default=0)
    return [" / ".join(dict.fromkeys(filter(None, said))) for said in _columns_of(rows, width)]


def guess_paths(names: Sequence[str], among: Mapping[str, Column] | None = None) -> tuple[str, ...]:
    """Return the field that each heading means; each field goes to one column only."""
    scored = sorted(
        (
            (-score, place, path)
            for place, name in enumerate(names)
            for path, score in _meanings(name, columns() if among is None else among).items()
        ),
    )
    found: dict[int, str] = {}
    for _, place, path in scored:
        if place not in found and path not in found.values():
            found[place] = path
    return tuple(found.get(place, "") for place in range(len(names)))


def check_layout(layout: Layout) -> None:
    """Raise ``Invalid`` for a layout that names a field twice, an unknown one or not the anchor.

    Errors are filed under "columns.<place>" and "columns".
    """
    errors: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    for place, path in enumerate(layout.paths):
        if not path:
            continue
        if path not in columns(layout.of):
            errors[f"columns.{place}"] = [Message("This field is not known here.")]
        elif path in places:
            for wrong in (places[path], place):
                errors[f"columns.{wrong}"] = [Message("Two columns fill the same field.")]
        places.setdefault(path, place)
    if ANCHORS[layout.of] not in places:
        message = Message("Say which column holds the designation.")
        if layout.of == PROGRAMME:
            message = Message("Say which column holds the Vietnamese title.")
        errors["columns"] = [message]
    if errors:
        raise Invalid(errors)


def data_rows_start(table: Table, layout: Layout) -> int:
    """Return the number of the first row that holds data."""
    start = layout.heading_row + layout.heading_rows if layout.heading_row else 1
    for row in table.rows:
        if row.number >= start:
            filled = [cell for cell in row.cells if cell]
            numbered = len(filled) > 1 and all(map(_ORDINAL.fullmatch, filled))
            return row.number + 1 if numbered and layout.heading_row else start
    return start


def _guess(table: Table, among: Mapping[str, Column], anchor: str) -> Layout:
    # Of a long table only the start is looked at, also for how wide it is.
    table = table._replace(rows=table.rows[: _LOOKED_AT + _MOST_HEADING_ROWS])
    best = Layout(table.name, table.rows[0].number, 1, ())
    best_count = 0
    for row in table.rows[:_LOOKED_AT]:
        for height in range(1, _MOST_HEADING_ROWS + 1):
            layout = Layout(table.name, row.number, height, ())
            rows = _heading_cells(table, layout)
            if height > 1 and (len(rows) < height or _holds_data(rows, best, anchor)):
                break
            paths = guess_paths(headings(table, layout), among)
            count = sum(map(bool, paths)) + (anchor in paths)
            if count > best_count:
                best, best_count = Layout(table.name, row.number, height, paths), count
    return (
        best
        if best.paths
        else Layout(table.name, best.heading_row, 1, ("",) * len(headings(table, best)))
    )


def _holds_data(rows: Sequence[Sequence[str]], best: Layout, anchor: str) -> bool:
    """Whether the last of ``rows`` is a record and no further row of headings.

    Below a heading of designations stands one; dates, codes and years have digits side by
    side; and where every cell is filled, no heading covers another.
    """
    last = rows[-1]
    if any(map(_NUMBER.search, last)):
        return True
    if all(len(row) == len(last) and all(row) for row in rows):
        return True
    if anchor not in best.paths:
        return False
    place = best.paths.index(anchor)
    return place < len(last) and bool(last[place])


def _heading_cells(table: Table, layout: Layout) -> list[Sequence[str]]:
    wanted = range(layout.heading_row, layout.heading_row + layout.heading_rows)
    return [row.cells for row in table.rows if row.number in wanted]


def _columns_of(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return what stands above each column; a merged cell counts for all that it covers.

    Of merged cells a file holds the first one. A blank cell takes the text at its left
    when a row below tells the columns apart; the last row of headings covers nothing.
    """
    found: list[list[str]] = [[] for _ in range(width)]
    for depth, cells in enumerate(rows):
        text = ""
        for place in range(width):
            own = cells[place] if place < len(cells) else ""
            below = any(place < len(row) and row[place] for row in rows[depth + 1 :])
            text = own or (text if below else "")
            found[place].append(" ".join(text.split()))
    return found


def _meanings(name: str, among: Mapping[str, Column]) -> dict[str, int]:
    """Return the fields that a heading may mean, with how well it fits."""
    plain = plain_words(name)
    without_brackets = plain_words(re.sub(r"\([^)]*\)", " ", name))
    if not plain or len(plain) > _LONGEST_HEADING:
        return {}
    said = set(plain.split())
    found: dict[str, int] = {}
    for path, column in among.items():
        for words in column.words:
            score = 0
            if words in (plain, without_brackets):
                score = 1_000 + len(words)
            elif len(words) > 3 and set(words.split()) <= said:
                # Nearer is better: a heading may say more than one thing.
                score = 100 * len(words) // len(plain)
            if score > found.get(path, 30):
                found[path] = score
    return found
