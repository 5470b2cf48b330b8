"""Import in bulk of what the register's own people say: the loop that its kinds share.

Rows are examined in batches: bad ones are listed, what the register says already is
passed over, and the rest is journalled and written. Importing a file again therefore
changes nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from registry.actor import ANYONE, Actor
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import (
    BadRow,
    Batch,
    ImportReport,
    Written,
    batches,
    value_at,
)
from registry.errors import Invalid
from registry.journal.queries import head
from registry.schema_fields import CommandSchema, load
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

BATCH = 500

Progress = Callable[[int], object]


class Candidate(Protocol):
    """What a sound row says."""

    @property
    def key(self) -> Hashable:
        """Equal where two rows say the same."""

    @property
    def new(self) -> bool:
        """Whether it adds something, and does not change what stands."""


_C = TypeVar("_C", bound=Candidate)


class FactImport(ABC, Generic[_C]):
    """One import under way: what it met and what it did."""

    def __init__(self, written: Written | None = None) -> None:
        self.report = ImportReport()
        self._written = written
        self._met: set[Hashable] = set()

    @abstractmethod
    def candidate(self, uow: UnitOfWork, row: Row) -> _C:
        """Return what a row says; ``Invalid`` names its fields that cannot be taken."""

    @abstractmethod
    def content(self, row: Row) -> Mapping[str, Any]:
        """Return a row under the names of the fields that ``candidate`` complains of."""

    @abstractmethod
    def said(self, uow: UnitOfWork, candidates: Sequence[_C]) -> set[Hashable]:
        """Return the keys of those candidates that the register says already."""

    @abstractmethod
    def record(self, uow: UnitOfWork, candidates: Sequence[_C]) -> None:
        """Journal and write."""

    def begin(self, uow: UnitOfWork) -> None:
        """Be ready for another unit of work; what was remembered may have changed."""

    def examine(self, uow: UnitOfWork, batch: Sequence[Row]) -> list[_C]:
        """Return what the rows of ``batch`` say that is not said yet."""
        self.begin(uow)
        candidates = []
        for row in batch:
            self.report.rows += 1
            try:
                candidates.append(self.candidate(uow, row))
            except Invalid as error:
                self.report.refuse(self._bad_rows(row, error))
        fresh = []
        said = self.said(uow, candidates)
        for candidate in candidates:
            if candidate.key in said or candidate.key in self._met:
                self.report.unchanged += 1
                continue
            self._met.add(candidate.key)
            fresh.append(candidate)
        return fresh

    def write(self, uow: UnitOfWork, candidates: Sequence[_C]) -> None:
        """Write what was examined and nobody else said meanwhile."""
        said = self.said(uow, candidates)
        fresh = [candidate for candidate in candidates if candidate.key not in said]
        self.report.unchanged += len(candidates) - len(fresh)
        if not fresh:
            return
        first = head(uow.session) + 1
        self.record(uow, fresh)
        new = sum(candidate.new for candidate in fresh)
        self.report.new += new
        self.report.changed += len(fresh) - new
        if self._written:
            last = uow.receipts[-1].position
            self._written(uow, Batch(new, len(fresh) - new, first, last))

    def _bad_rows(self, row: Row, error: Invalid) -> list[BadRow]:
        content = self.content(row)
        return [
            BadRow(row.number, path, value_at(content, path), text)
            for path, texts in error.fields.items()
            for text in texts
        ]


def take(
    running: FactImport[Any],
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    whole: bool,
    progress: Progress | None,
) -> ImportReport:
    """Import ``rows``; good ones are taken, bad ones listed with field and reason.

    With ``whole`` one bad row keeps all others out, and all are written in one unit of
    work. What ``running`` calls when it has written is called in each unit of work that
    writes, ``progress`` with the number of rows done since the last call.
    """
    actor.require("catalogue:import")
    waiting: list[Any] = []
    for batch in batches(rows, BATCH):
        with units(actor) as uow:
            fresh = running.examine(uow, batch)
            if not whole:
                running.write(uow, fresh)
        if whole:
            waiting += fresh
        if progress:
            progress(len(batch))
    if waiting and not running.report.bad:
        with units(actor) as uow:
            running.write(uow, waiting)
    return running.report


def check(
    running: FactImport[Any],
    units: UnitOfWorkFactory,
    rows: Iterable[Row],
    *,
    progress: Progress | None,
) -> ImportReport:
    """Return what ``take`` would do; nothing is written."""
    for batch in batches(rows, BATCH):
        # What a service checks it checks in a unit of work, also when nothing comes of it.
        with units(ANYONE) as uow:
            fresh = running.examine(uow, batch)
        new = sum(candidate.new for candidate in fresh)
        running.report.new += new
        running.report.changed += len(fresh) - new
        if progress:
            progress(len(batch))
    return running.report


def loaded(
    schema: CommandSchema, row: Row, to_command: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Return a row as ``schema`` takes it; ``Invalid`` names all that is wrong in it."""
    if row.content is None:
        raise Invalid.one("", row.problem or "This line cannot be read.")
    errors = {path: [reason] for path, reason in row.faults.items()}
    try:
        data = load(schema, to_command(row.content))
    except Invalid as error:
        # Of one cell its reader knows best what is wrong.
        raise Invalid({**error.fields, **errors}) from None
    if errors:
        raise Invalid(errors)
    return data
