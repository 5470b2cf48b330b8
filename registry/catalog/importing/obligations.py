"""Import of obligations in bulk: one row says to which products an edition applies.

A row may come from a spreadsheet or from JSON Lines, under this register's names or
those that people give such columns. What the register says already is passed over, so
that importing a file again changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.actor import ANYONE, Actor
from registry.catalog.designation import parse
from registry.catalog.hs_codes import split_codes
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import (
    BadRow,
    Batch,
    ImportReport,
    Written,
    batches,
    value_at,
)
from registry.catalog.models import Edition, Obligation
from registry.catalog.schemas import ObligationRowSchema
from registry.catalog.services.obligations import (
    Stated,
    check_obligation,
    digest_of,
    public,
    write_obligations,
)
from registry.errors import Invalid, NotFound
from registry.history import known
from registry.schema_fields import load
from registry.unit_of_work import Entry, UnitOfWork, UnitOfWorkFactory

# What else people call a column.
_OTHER_NAMES = {
    "regulation": "edition",
    "designation": "edition",
    "qcvn": "edition",
    "hs": "hs_codes",
    "hs_code": "hs_codes",
    "mandatory_from": "valid_from",
    "mandatory_until": "valid_until",
}

_BATCH = 500


class _Candidate(NamedTuple):
    edition_id: int
    digest: str
    data: Mapping[str, Any]

    @property
    def key(self) -> tuple[int, str]:
        """Of which edition what is said."""
        return self.edition_id, self.digest


def to_obligation(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as ``ObligationRowSchema`` takes it.

    ``product_vi`` and ``product_en`` become texts by language, a plain ``product`` is
    Vietnamese; codes may stand in one cell, parted by commas, semicolons or line breaks.
    """
    command: dict[str, Any] = {}
    products: dict[str, Any] = {}
    for name, value in content.items():
        column = _OTHER_NAMES.get(name.strip().lower(), name.strip().lower())
        if column.startswith("product_"):
            products[column.removeprefix("product_")] = value
        elif column == "product" and isinstance(value, str):
            products.setdefault("vi", value)
        elif column == "hs_codes" and isinstance(value, (str, int)):
            command[column] = split_codes(str(value))
        elif column == "reason":
            # Why the row was refused before; see ``registry.catalog.importing.problems``.
            continue
        elif column == "method" and isinstance(value, int):
            command[column] = str(value)
        else:
            command[column] = value
    if products:
        command.setdefault("product", products)
    return command


def import_obligations(
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    whole: bool = False,
    written: Written | None = None,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import ``rows``; good ones are taken, bad ones listed with field and reason.

    With ``whole`` one bad row keeps all others out, and all are written in one unit of
    work. ``written`` is called in each unit of work that writes, ``progress`` with the
    number of rows done since the last call.
    """
    actor.require("catalogue:import")
    running = _Import(written)
    waiting: list[_Candidate] = []
    for batch in batches(rows, _BATCH):
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


def check_obligations(
    units: UnitOfWorkFactory,
    rows: Iterable[Row],
    *,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Return what ``import_obligations`` would do; nothing is written."""
    running = _Import()
    for batch in batches(rows, _BATCH):
        # What a service checks it checks in a unit of work, also when nothing comes of it.
        with units(ANYONE) as uow:
            running.report.new += len(running.examine(uow, batch))
        if progress:
            progress(len(batch))
    return running.report


class _Import:
    """One import under way: what it met and what it did."""

    def __init__(self, written: Written | None = None) -> None:
        self.report = ImportReport()
        self._written = written
        self._schema = ObligationRowSchema()
        self._met: set[tuple[int, str]] = set()
        self._found: dict[str, Edition | None] = {}
        self._checked: dict[tuple[Any, ...], Invalid | None] = {}

    def examine(self, uow: UnitOfWork, batch: Sequence[Row]) -> list[_Candidate]:
        """Return what the rows of ``batch`` say that is not said yet."""
        # Of one unit of work: the next may find the editions changed.
        self._found, self._checked = {}, {}
        candidates = []
        for row in batch:
            self.report.rows += 1
            try:
                candidates.append(self._candidate(uow, row))
            except Invalid as error:
                self.report.refuse(_bad_rows(row, error))
        fresh = []
        said = _said(uow, candidates)
        for candidate in candidates:
            if candidate.key in said or candidate.key in self._met:
                self.report.unchanged += 1
                continue
            self._met.add(candidate.key)
            fresh.append(candidate)
        return fresh

    def write(self, uow: UnitOfWork, candidates: Sequence[_Candidate]) -> None:
        """Journal and write what was examined and nobody else said meanwhile."""
        said = _said(uow, candidates)
        fresh = [candidate for candidate in candidates if candidate.key not in said]
        self.report.unchanged += len(candidates) - len(fresh)
        if not fresh:
            return
        first = uow.record_many(
            [Entry("edition.obligation", f"edition:{c.edition_id}", public(c.data)) for c in fresh]
        )
        write_obligations(
            uow, [Stated(c.edition_id, c.data, first + offset) for offset, c in enumerate(fresh)]
        )
        self.report.new += len(fresh)
        if self._written:
            self._written(uow, Batch(len(fresh), 0, first, first + len(fresh) - 1))

    def _candidate(self, uow: UnitOfWork, row: Row) -> _Candidate:
        if row.content is None:
            raise Invalid.one("", row.problem or "This line cannot be read.")
        errors = {path: [reason] for path, reason in row.faults.items()}
        try:
            data = load(self._schema, to_obligation(row.content))
        except Invalid as error:
            # Of one cell its reader knows best what is wrong.
            raise Invalid({**error.fields, **errors}) from None
        if errors:
            raise Invalid(errors)
        edition = self._edition(uow, data["edition"])
        self._check(uow, edition, data)
        return _Candidate(edition.id, digest_of(data), data)

    def _edition(self, uow: UnitOfWork, designation: str) -> Edition:
        key = parse(designation).key
        if key not in self._found:
            self._found[key] = uow.session.scalar(select(Edition).where(Edition.key == key))
        edition = self._found[key]
        if edition is None:
            raise Invalid.one("edition", "The register holds no such edition.")
        return edition

    def _check(self, uow: UnitOfWork, edition: Edition, data: Mapping[str, Any]) -> None:
        """Ask the service once for what many rows have in common."""
        asked = (edition.id, data.get("method"), data.get("declaration"))
        if asked not in self._checked:
            self._checked[asked] = None
            try:
                check_obligation(uow, edition, data)
            except Invalid as error:
                self._checked[asked] = error
            except NotFound as error:
                self._checked[asked] = Invalid.one("edition", error.message)
        refused = self._checked[asked]
        if refused is not None:
            raise refused


def _bad_rows(row: Row, error: Invalid) -> list[BadRow]:
    content = to_obligation(row.content or {})
    return [
        BadRow(row.number, path, value_at(content, path), text)
        for path, texts in error.fields.items()
        for text in texts
    ]


def _said(uow: UnitOfWork, candidates: Sequence[_Candidate]) -> set[tuple[int, str]]:
    """Return which editions say what already, by edition and digest."""
    found: set[tuple[int, str]] = set()
    for chunk in batches((candidate.digest for candidate in candidates), _BATCH):
        rows = uow.session.execute(
            select(Obligation.edition_id, Obligation.digest).where(
                Obligation.digest.in_(chunk), known(Obligation)
            )
        )
        found |= {(edition_id, digest) for edition_id, digest in rows}
    return found
