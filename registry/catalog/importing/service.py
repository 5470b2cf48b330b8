"""Writes imported editions in batches: each batch is one unit of work.

Importing the same file twice changes nothing: the digest of each row is kept
with the record it made, and an unchanged row is passed over before it is
validated. A stopped import is taken up again by importing the file again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from registry.actor import Actor
from registry.catalog.designation import parse
from registry.catalog.importing.formats import MAPPING_VERSION, Row, read_rows, to_command
from registry.catalog.importing.schema import ImportedEditionSchema
from registry.catalog.importing.writer import Imported, present_digests, write_editions
from registry.errors import Invalid
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWorkFactory

_Candidate = tuple[Row, Mapping[str, Any], str]

BATCH = 1_000
_BAD_ROWS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was not taken: its number, the field, what stood there, the reason."""

    number: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)

    def refuse(self, rows: Sequence[BadRow]) -> None:
        """Count one bad row, with all that is wrong in it."""
        self.bad += 1
        if len(self.bad_rows) < _BAD_ROWS_KEPT:
            self.bad_rows.extend(rows)


def import_file(
    units: UnitOfWorkFactory,
    actor: Actor,
    path: Path,
    *,
    national: bool,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import the JSON Lines file at ``path``; good rows are taken, bad ones listed.

    ``national`` says whether the rows belong to the register's own list.
    ``progress`` is called with the number of rows done since the last call.
    """
    return import_rows(units, actor, read_rows(path), national=national, progress=progress)


def import_rows(
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    national: bool,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import ``rows``; see ``import_file``."""
    actor.require("catalogue:import")
    running = _Import(units, actor, national)
    for batch in _batches(rows):
        running.take(batch)
        if progress:
            progress(len(batch))
    # A batch is read in two passes, its reader goes through the file once.
    running.report.bad_rows.sort(key=lambda bad: bad.number)
    return running.report


@dataclass(slots=True)
class _Import:
    """One import under way: where it writes, what it met, what it did."""

    units: UnitOfWorkFactory
    actor: Actor
    national: bool
    schema: ImportedEditionSchema = field(default_factory=ImportedEditionSchema)
    seen: dict[str, int] = field(default_factory=dict)
    report: ImportReport = field(default_factory=ImportReport)

    def take(self, batch: Sequence[Row]) -> None:
        """Import one batch of rows."""
        self.report.rows += len(batch)
        candidates = dict(self._candidates(batch))
        with self.units.reading() as session:
            digests = present_digests(session, list(candidates))
        fresh: list[Imported] = []
        for key, (row, content, digest) in candidates.items():
            if digests.get(key) == digest:
                self.report.unchanged += 1
                continue
            try:
                data = load(self.schema, to_command(content))
            except Invalid as error:
                self.report.refuse(_bad_rows(row.number, content, error))
                continue
            fresh.append(Imported(key, data, digest))
        if not fresh:
            return
        with self.units(self.actor) as uow:
            # Another import may have written the same rows since they were compared.
            digests = present_digests(uow.session, [item.key for item in fresh])
            due = [item for item in fresh if digests.get(item.key) != item.digest]
            self.report.unchanged += len(fresh) - len(due)
            if not due:
                return
            new, changed = write_editions(uow, due, national=self.national)
        self.report.new += new
        self.report.changed += changed

    def _candidates(self, batch: Sequence[Row]) -> Iterator[tuple[str, _Candidate]]:
        """Yield each row that names an edition not yet met in this import, by its key."""
        for row in batch:
            if row.content is None:
                self.report.refuse([BadRow(row.number, "", row.raw, row.problem or "")])
                continue
            printed = row.content.get("designation") or row.content.get("id")
            try:
                key = parse(printed if isinstance(printed, str) else "").key
            except Invalid as error:
                self.report.refuse(_bad_rows(row.number, row.content, error))
                continue
            if key in self.seen:
                reason = f"the same edition as row {self.seen[key]}"
                self.report.refuse([BadRow(row.number, "designation", str(printed), reason)])
                continue
            self.seen[key] = row.number
            yield key, (row, row.content, _digest(row.content))


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{MAPPING_VERSION}:{text}".encode("utf-8", "replace")).hexdigest()


def _bad_rows(number: int, content: Mapping[str, Any], error: Invalid) -> list[BadRow]:
    return [
        BadRow(number, path, _value_at(content, path), text)
        for path, texts in error.fields.items()
        for text in texts
    ]


def _value_at(content: Any, path: str) -> str:
    """Return what stands at a dotted path of the row, shortened for a list."""
    for part in path.split("."):
        if isinstance(content, Mapping):
            content = content.get(part)
        elif isinstance(content, Sequence) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        else:
            return ""
    return "" if content is None else str(content)[:200]


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch
