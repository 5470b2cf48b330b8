"""Import of obligations in bulk: one row says to which products an edition applies.

A row may come from a spreadsheet or from JSON Lines, under this register's names or
those that people give such columns. What the register says already is passed over, so
that importing a file again changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.actor import Actor
from registry.catalog.designation import parse
from registry.catalog.importing.formats import Row
from registry.catalog.importing.service import BadRow, ImportReport
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
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

# The columns of a template, in their order.
COLUMNS = (
    "edition",
    "product_vi",
    "product_en",
    "hs_codes",
    "method",
    "declaration",
    "valid_from",
    "valid_until",
    "note",
    "source",
)

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

_BETWEEN_CODES = re.compile(r"[,;|\n]+")
_BATCH = 500


class _Candidate(NamedTuple):
    row: Row
    data: Mapping[str, Any]
    edition: Edition


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
        elif column == "method" and isinstance(value, int):
            command[column] = str(value)
        else:
            command[column] = value
    if products:
        command.setdefault("product", products)
    return command


def split_codes(text: str) -> list[str]:
    """Return the HS codes of one cell or text area; a code may hold dots and spaces."""
    return [code.strip() for code in _BETWEEN_CODES.split(text) if code.strip()]


def import_obligations(
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    progress: Callable[[int], object] | None = None,
) -> ImportReport:
    """Import ``rows``; good ones are taken, bad ones listed with field and reason.

    ``progress`` is called with the number of rows done since the last call.
    """
    actor.require("catalogue:import")
    report = ImportReport()
    schema = ObligationRowSchema()
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        with units(actor) as uow:
            _take(uow, batch, schema, report)
        if progress:
            progress(len(batch))
    return report


def _take(
    uow: UnitOfWork, batch: Sequence[Row], schema: ObligationRowSchema, report: ImportReport
) -> None:
    candidates = []
    for row in batch:
        report.rows += 1
        try:
            candidates.append(_candidate(uow, row, schema))
        except Invalid as error:
            content = to_obligation(row.content or {})
            report.refuse(
                [
                    BadRow(row.number, path, str(content.get(path.split(".")[0], ""))[:200], text)
                    for path, texts in error.fields.items()
                    for text in texts
                ]
            )
    said = _said(uow, candidates)
    fresh = []
    for candidate in candidates:
        key = (candidate.edition.id, digest_of(candidate.data))
        if key in said:
            report.unchanged += 1
            continue
        said.add(key)
        fresh.append(candidate)
    if not fresh:
        return
    first = uow.record_many(
        [("edition.obligation", f"edition:{c.edition.id}", public(c.data)) for c in fresh]
    )
    write_obligations(
        uow, [Stated(c.edition.id, c.data, first + offset) for offset, c in enumerate(fresh)]
    )
    report.new += len(fresh)


def _candidate(uow: UnitOfWork, row: Row, schema: ObligationRowSchema) -> _Candidate:
    if row.content is None:
        raise Invalid.one("", row.problem or "This line cannot be read.")
    data = load(schema, to_obligation(row.content))
    edition = uow.session.scalar(select(Edition).where(Edition.key == parse(data["edition"]).key))
    if edition is None:
        raise Invalid.one("edition", "The register holds no such edition.")
    try:
        check_obligation(uow, edition, data)
    except NotFound as error:
        raise Invalid.one("edition", error.message) from None
    return _Candidate(row, data, edition)


def _said(uow: UnitOfWork, candidates: Sequence[_Candidate]) -> set[tuple[int, str]]:
    """Return which editions say what already, by edition and digest."""
    digests = {digest_of(candidate.data) for candidate in candidates}
    rows = uow.session.execute(
        select(Obligation.edition_id, Obligation.digest).where(
            Obligation.digest.in_(digests), known(Obligation)
        )
    )
    return {(edition_id, digest) for edition_id, digest in rows}
