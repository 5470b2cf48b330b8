"""Import of obligations in bulk: one row says to which products an edition applies.

A row may come from a spreadsheet or from JSON Lines, under this register's names or
those that people give such columns. What the register says already is passed over, so
that importing a file again changes nothing.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.actor import Actor
from registry.catalog.designation import parse
from registry.catalog.hs_codes import split_codes
from registry.catalog.importing.facts import (
    BATCH,
    FactImport,
    Progress,
    check,
    loaded,
    take,
)
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import ImportReport, Written, batches
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


class _Candidate(NamedTuple):
    edition_id: int
    digest: str
    data: Mapping[str, Any]

    @property
    def key(self) -> Hashable:
        """Of which edition what is said."""
        return self.edition_id, self.digest

    @property
    def new(self) -> bool:
        """What an import says is added to what is said already."""
        return True


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
    progress: Progress | None = None,
) -> ImportReport:
    """Import ``rows``; see ``registry.catalog.importing.facts.take``."""
    return take(_Obligations(written), units, actor, rows, whole=whole, progress=progress)


def check_obligations(
    units: UnitOfWorkFactory, rows: Iterable[Row], *, progress: Progress | None = None
) -> ImportReport:
    """Return what ``import_obligations`` would do; nothing is written."""
    return check(_Obligations(), units, rows, progress=progress)


class _Obligations(FactImport[_Candidate]):
    """An import of obligations under way."""

    def __init__(self, written: Written | None = None) -> None:
        super().__init__(written)
        self._schema = ObligationRowSchema()
        self._found: dict[str, Edition | None] = {}
        self._checked: dict[tuple[Any, ...], Invalid | None] = {}

    def begin(self, uow: UnitOfWork) -> None:
        """Forget the editions of the unit of work before: they may have changed."""
        self._found, self._checked = {}, {}

    def said(self, uow: UnitOfWork, candidates: Sequence[_Candidate]) -> set[Hashable]:
        """Return which editions say what already, by edition and digest."""
        found: set[Hashable] = set()
        for chunk in batches((candidate.digest for candidate in candidates), BATCH):
            rows = uow.session.execute(
                select(Obligation.edition_id, Obligation.digest).where(
                    Obligation.digest.in_(chunk), known(Obligation)
                )
            )
            found |= {(edition_id, digest) for edition_id, digest in rows}
        return found

    def record(self, uow: UnitOfWork, candidates: Sequence[_Candidate]) -> None:
        """Journal and write obligations."""
        first = uow.record_many(
            [
                Entry("edition.obligation", f"edition:{c.edition_id}", public(c.data))
                for c in candidates
            ]
        )
        write_obligations(
            uow,
            [Stated(c.edition_id, c.data, first + place) for place, c in enumerate(candidates)],
        )

    def content(self, row: Row) -> Mapping[str, Any]:
        """Return a row by the names of ``ObligationRowSchema``."""
        return to_obligation(row.content or {})

    def candidate(self, uow: UnitOfWork, row: Row) -> _Candidate:
        """Return what a row says; ``Invalid`` names its fields that cannot be taken."""
        data = loaded(self._schema, row, to_obligation)
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
