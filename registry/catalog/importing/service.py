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
from typing import Any, NamedTuple, TypeVar

from registry.actor import ANYONE, Actor
from registry.catalog.designation import parse
from registry.catalog.importing.formats import (
    MAPPING_VERSION,
    Row,
    designation_in,
    read_file,
    to_command,
)
from registry.catalog.importing.schema import ImportedEditionSchema
from registry.catalog.importing.standing import Standing, check_list, standing_rows
from registry.catalog.importing.writer import (
    Imported,
    Present,
    present_records,
    recorded_by_others,
    write_editions,
)
from registry.errors import Invalid
from registry.journal.queries import head
from registry.messages import Message
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Batch(NamedTuple):
    """What one unit of work wrote, and its first and last journal position."""

    new: int
    changed: int
    first: int
    last: int


Written = Callable[[UnitOfWork, Batch], None]
_Candidate = tuple[Row, Mapping[str, Any], str]

_Item = TypeVar("_Item")

BATCH = 1_000
_BAD_ROWS_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row was not taken: its number, the field, what stood there, the reason."""

    number: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    ``held`` rows were left to whoever holds their editions: a followed catalogue, or
    somebody who changed what came with the registry;
    ``met`` is the row of each edition by its key.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    met: dict[str, int] = field(default_factory=dict)

    def refuse(self, rows: Sequence[BadRow]) -> None:
        """Count one bad row, with all that is wrong in it."""
        self.bad += 1
        if self.bad <= _BAD_ROWS_KEPT:
            self.bad_rows.extend(rows)


def import_file(
    units: UnitOfWorkFactory,
    actor: Actor,
    path: Path,
    *,
    national: bool,
    own_only: bool = False,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import the JSON Lines file at ``path``; good rows are taken, bad ones listed.

    ``national`` says whether the rows belong to the register's own list. With
    ``own_only`` an edition that somebody else than ``actor`` changed since is left alone.
    ``progress`` is called with the number of rows done since the last call.
    """
    return import_rows(
        units, actor, read_file(path), national=national, own_only=own_only, progress=progress
    )


def import_rows(
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    national: bool,
    catalogue: str | None = None,
    partial: Mapping[str, Any] | None = None,
    whole: bool = False,
    own_only: bool = False,
    written: Written | None = None,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import ``rows`` as of the followed ``catalogue``, if they are of one; see ``import_file``.

    An edition that a followed catalogue holds is changed by that catalogue only.
    ``partial`` tells that rows say some fields of an edition and leave the others as
    they stand; it holds what a new edition says where its row says nothing. With
    ``whole`` one bad row keeps all others from being written, and all are written in
    one unit of work. ``written`` is called in each unit of work that writes.
    """
    actor.require("catalogue:import")
    running = _Import(units, actor, national, catalogue, partial, written, own_only)
    waiting: list[list[Imported]] = []
    for batch in batches(rows, BATCH):
        fresh, _ = running.examine(batch)
        if whole:
            waiting.append(fresh)
        else:
            running.write([fresh])
        if progress:
            progress(len(batch))
    if not running.report.bad:
        running.write(waiting)
    # A batch is read in two passes, its reader goes through the file once.
    running.report.bad_rows.sort(key=lambda bad: bad.number)
    return running.report


def check_rows(
    units: UnitOfWorkFactory,
    rows: Iterable[Row],
    *,
    national: bool,
    partial: Mapping[str, Any] | None = None,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Return what ``import_rows`` would do; nothing is written."""
    running = _Import(units, ANYONE, national, None, partial)
    for batch in batches(rows, BATCH):
        fresh, new = running.examine(batch)
        running.report.new += new
        running.report.changed += len(fresh) - new
        if progress:
            progress(len(batch))
    running.report.bad_rows.sort(key=lambda bad: bad.number)
    return running.report


@dataclass(slots=True)
class _Import:
    """One import under way: where it writes, what it met, what it did."""

    units: UnitOfWorkFactory
    actor: Actor
    national: bool
    catalogue: str | None = None
    partial: Mapping[str, Any] | None = None
    written: Written | None = None
    own_only: bool = False
    schema: ImportedEditionSchema = field(default_factory=ImportedEditionSchema)
    report: ImportReport = field(default_factory=ImportReport)

    def examine(self, batch: Sequence[Row]) -> tuple[list[Imported], int]:
        """Return the rows of ``batch`` that would change something, and how many are new."""
        self.report.rows += len(batch)
        candidates = dict(self._candidates(batch))
        with self.units.reading() as session:
            present = present_records(session, list(candidates))
            standing = standing_rows(session, list(candidates)) if self.partial is not None else {}
            others = recorded_by_others(session, present, self.actor) if self.own_only else ()
        fresh: list[Imported] = []
        for key, (row, content, digest) in candidates.items():
            held = present.get(key)
            if held is not None and held.digest == digest:
                self.report.unchanged += 1
                continue
            if held is not None and held.catalogue not in (None, self.catalogue):
                self.report.held += 1
                continue
            if held is not None and key in others:
                self.report.held += 1
                continue
            try:
                if held is not None:
                    check_list(
                        national=held.national, state=held.state, asked_national=self.national
                    )
                data = self._loaded(row, content, standing.get(key))
            except Invalid as error:
                self.report.refuse(_bad_rows(row.number, content, error))
                continue
            if data is None:
                self.report.unchanged += 1
                continue
            fresh.append(Imported(key, self._ours(data, held), digest))
        return fresh, sum(item.key not in present for item in fresh)

    def write(self, batches: Sequence[Sequence[Imported]]) -> None:
        """Write examined rows in one unit of work."""
        if not any(batches):
            return
        new = changed = unchanged = 0
        with self.units(self.actor) as uow:
            before = head(uow.session)
            for fresh in filter(None, batches):
                # Another import may have written the same rows since they were compared.
                present = present_records(uow.session, [item.key for item in fresh])
                due = [
                    i for i in fresh if i.key not in present or present[i.key].digest != i.digest
                ]
                unchanged += len(fresh) - len(due)
                if due:
                    made, renewed = write_editions(uow, due, national=self.national)
                    new += made
                    changed += renewed
            last = uow.receipts[-1].position if uow.receipts else before
            if self.written and last > before:
                self.written(uow, Batch(new, changed, before + 1, last))
        self.report.new += new
        self.report.changed += changed
        self.report.unchanged += unchanged

    def _loaded(
        self, row: Row, content: Mapping[str, Any], stands: Standing | None
    ) -> dict[str, Any] | None:
        """Return the row as it is written; ``None`` when it says what stands already.

        Raises ``Invalid`` with what its reader found wrong and what the schema refuses.
        """
        errors = {path: [reason] for path, reason in row.faults.items()}
        data: dict[str, Any] = {}
        try:
            if stands is not None:
                content = stands.completed(content)
            elif self.partial is not None:
                content = {**self.partial, **content}
            data = load(self.schema, to_command(content))
        except Invalid as error:
            # Of one cell its reader knows best what is wrong.
            errors = {**error.fields, **errors}
        if errors:
            raise Invalid(errors)
        if stands is not None and data == load(self.schema, stands.row):
            return None
        return data

    def _ours(self, data: dict[str, Any], present: Present | None) -> dict[str, Any]:
        """Say which catalogue a row is of; the domains of the list are this register's own."""
        if self.catalogue is None:
            return data
        kept = list(present.domains) if present else []
        return {**data, "catalogue": self.catalogue, "domains": data["domains"] or kept}

    def _candidates(self, batch: Sequence[Row]) -> Iterator[tuple[str, _Candidate]]:
        """Yield each row that names an edition not yet met in this import, by its key."""
        for row in batch:
            if row.content is None:
                self.report.refuse([BadRow(row.number, "", row.raw, row.problem or "")])
                continue
            printed = designation_in(row.content)
            try:
                key = parse(printed if isinstance(printed, str) else "").key
            except Invalid as error:
                self.report.refuse(_bad_rows(row.number, row.content, error))
                continue
            if key in self.report.met:
                number = self.report.met[key]
                reason = Message("This is the same edition as row {number}.", number=number)
                self.report.refuse([BadRow(row.number, "designation", str(printed), reason)])
                continue
            self.report.met[key] = row.number
            yield key, (row, row.content, _digest(row.content, self.catalogue))


def _digest(content: Mapping[str, Any], catalogue: str | None) -> str:
    version = f"{MAPPING_VERSION}:{catalogue}" if catalogue else f"{MAPPING_VERSION}"
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{version}:{text}".encode("utf-8", "replace")).hexdigest()


def _bad_rows(number: int, content: Mapping[str, Any], error: Invalid) -> list[BadRow]:
    return [
        BadRow(number, path, value_at(content, path), text)
        for path, texts in error.fields.items()
        for text in texts
    ]


def value_at(content: Any, path: str) -> str:
    """Return what stands at a dotted path of the row, shortened for a list."""
    for part in path.split("."):
        if isinstance(content, Mapping):
            content = content.get(part)
        elif isinstance(content, Sequence) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        else:
            return ""
    return "" if content is None else str(content)[:200]


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield ``items`` in lists of ``size``, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
