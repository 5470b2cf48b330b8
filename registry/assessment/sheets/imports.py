"""Imports rows of a file about one accreditation or arrangement, after showing what they do.

The same rows twice change nothing: what the register says already is passed over. All
that is written is written in one unit of work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from registry.assessment.models import SheetImport
from registry.assessment.sheets.kinds import KINDS, SheetKind, Values
from registry.assessment.sheets.reading import SheetRow, SheetTable, read_sheet
from registry.catalog.importing.states import ALL, CHOICES
from registry.catalog.spreadsheets.rows import known_terms
from registry.errors import BadTransition, Conflict, Invalid, NotFound
from registry.messages import Message
from registry.schema_fields import load
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork, plain

# How many lines one journal entry holds: an entry is read as a whole.
_ENTRY = 500
_LONGEST_VALUE = 200
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with a row: the field and what stands there; "" where it is the row."""

    row: int
    path: str
    value: str
    reason: str


@dataclass(slots=True)
class SheetCheck:
    """What importing a file would do: rows that are new, said already, and bad."""

    table: SheetTable
    new: list[tuple[SheetRow, Values]] = field(default_factory=list)
    unchanged: int = 0
    bad: dict[int, list[BadCell]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of rows: all, new, said already, bad."""
        return {
            "rows": len(self.table.rows),
            "new": len(self.new),
            "unchanged": self.unchanged,
            "bad": len(self.bad),
        }

    @property
    def bad_cells(self) -> list[BadCell]:
        """Every bad cell, by row."""
        return [cell for row in sorted(self.bad) for cell in self.bad[row]]


def check_sheet(session: Session, kind: SheetKind, subject_id: int, content: bytes) -> SheetCheck:
    """Return what importing ``content`` would do; ``Invalid`` on "file" if it cannot be read."""
    table = read_sheet(content, kind.columns, kind.required, known_terms(session))
    check = SheetCheck(table)
    about = kind.about(session, subject_id)
    standing = kind.standing(session, subject_id)
    said = set(map(_identity, standing))
    schema = kind.schema()
    for row in table.rows:
        errors = {path: [reason] for path, reason in row.faults.items()}
        try:
            data = load(schema, {**kind.defaults, **row.content})
            values = kind.values(session, about, data)
            if not errors and _identity(values) in said:
                check.unchanged += 1
                continue
            kind.refuse(values, standing)
        except Invalid as invalid:
            # Of one cell its reader knows best what is wrong.
            errors = {**invalid.fields, **errors}
        if errors:
            check.bad[row.number] = _bad_cells(table, row, errors)
            continue
        said.add(_identity(values))
        standing.append(values)
        check.new.append((row, values))
    return check


def open_sheet(
    uow: UnitOfWork, files: FileStore, of: tuple[SheetKind, int], filename: str, content: bytes
) -> SheetImport:
    """Keep a file to be looked at and imported; ``Invalid`` on "file" if it cannot be read.

    ``of`` says what its rows are, and the number of the thing that they are of.
    """
    kind, subject_id = of
    uow.actor.require(kind.permission)
    table = read_sheet(content, kind.columns, kind.required, known_terms(uow.session))
    kept = SheetImport(
        kind=kind.key,
        subject=f"{kind.key}:{subject_id}",
        content_hash=files.put(content),
        filename="".join(c for c in filename if c.isprintable())[-_LONGEST_NAME:] or "-",
        form=table.form,
        uploaded_at=uow.now,
        uploaded_by_user_id=uow.actor.user_id,
        finished_at=None,
        choice=None,
        counts={},
    )
    uow.session.add(kept)
    uow.session.flush()
    return kept


def sheet_import(session: Session, import_id: int) -> SheetImport:
    """Return the import of that number; ``NotFound`` when there is none."""
    kept = session.get(SheetImport, import_id)
    if kept is None:
        raise NotFound(Message("There is no import of this number."))
    return kept


def subject_of(kept: SheetImport) -> int:
    """Return the number of the accreditation or arrangement that the rows are of."""
    return int(kept.subject.rpartition(":")[2])


def finish_sheet(uow: UnitOfWork, files: FileStore, import_id: int, choice: str) -> SheetImport:
    """Import a file that was looked at: ``choice`` is all or none, or the good rows only."""
    kept = sheet_import(uow.session, import_id)
    uow.actor.require(KINDS[kept.kind].permission)
    if kept.finished_at is not None:
        raise BadTransition(Message("This file is imported already."))
    check = import_sheet(
        uow, KINDS[kept.kind], subject_of(kept), files.get(kept.content_hash), choice
    )
    kept.finished_at, kept.choice, kept.counts = uow.now, choice, check.counts
    return kept


def import_sheet(
    uow: UnitOfWork, kind: SheetKind, subject_id: int, content: bytes, choice: str
) -> SheetCheck:
    """Write the new rows of a file and return what it did.

    With ``choice`` "all" one bad row keeps all from being written: ``Invalid`` on
    "choice". ``Conflict`` when there is nothing to write.
    """
    uow.actor.require(kind.permission)
    if choice not in CHOICES:
        raise Invalid.one("choice", Message("Choose one of: {keys}.", keys=", ".join(CHOICES)))
    check = check_sheet(uow.session, kind, subject_id, content)
    if choice == ALL and check.bad:
        raise Invalid.one(
            "choice", Message("Some rows are bad: mend them, or import the good rows only.")
        )
    if not check.new and not check.unchanged:
        raise Conflict(Message("There is nothing to import: no row is good."))
    values = [values for _, values in check.new]
    for start in range(0, len(values), _ENTRY):
        kind.write(uow, subject_id, values[start : start + _ENTRY])
    return check


def bad_rows(check: SheetCheck) -> tuple[list[str], list[tuple[list[str], list[BadCell]]]]:
    """Return the headings of the file, and each bad row's cells with what is wrong in it."""
    names = [column.heading for column in check.table.columns]
    rows = [
        ([*row.cells, *[""] * (len(names) - len(row.cells))], check.bad[row.number])
        for row in check.table.rows
        if row.number in check.bad
    ]
    return names, rows


def _bad_cells(
    table: SheetTable, row: SheetRow, errors: Mapping[str, Sequence[str]]
) -> list[BadCell]:
    cells = []
    for path, texts in errors.items():
        place = table.place_of(path)
        value = row.cells[place] if place is not None and place < len(row.cells) else ""
        cells += [BadCell(row.number, path, value[:_LONGEST_VALUE], text) for text in texts]
    return cells


def _identity(values: Values) -> Any:
    """Return the columns of a line as something that can be compared and looked up."""
    return tuple(sorted((name, str(plain(value))) for name, value in values.items()))
