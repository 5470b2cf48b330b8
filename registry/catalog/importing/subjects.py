"""What the rows of an uploaded file can be of, and how each kind is checked and taken."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry.actor import Actor
from registry.catalog.importing.formats import Row
from registry.catalog.importing.obligations import check_obligations, import_obligations
from registry.catalog.importing.service import ImportReport, Written, check_rows, import_rows
from registry.catalog.spreadsheets.columns import OBLIGATIONS
from registry.unit_of_work import UnitOfWorkFactory

Progress = Callable[[int], object]


def check(
    of: str,
    units: UnitOfWorkFactory,
    rows: Iterable[Row],
    *,
    national: bool,
    partial: Mapping[str, Any] | None,
    progress: Progress,
) -> ImportReport:
    """Return what ``take`` would do; nothing is written."""
    if of == OBLIGATIONS:
        return check_obligations(units, rows, progress=progress)
    return check_rows(units, rows, national=national, partial=partial, progress=progress)


def take(
    of: str,
    units: UnitOfWorkFactory,
    actor: Actor,
    rows: Iterable[Row],
    *,
    national: bool,
    partial: Mapping[str, Any] | None,
    whole: bool,
    written: Written,
    progress: Progress,
) -> ImportReport:
    """Import ``rows`` of the kind ``of``; the parameters are those of ``import_rows``."""
    if of == OBLIGATIONS:
        return import_obligations(
            units, actor, rows, whole=whole, written=written, progress=progress
        )
    return import_rows(
        units,
        actor,
        rows,
        national=national,
        partial=partial,
        whole=whole,
        written=written,
        progress=progress,
    )
