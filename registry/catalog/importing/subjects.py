"""What the rows of an uploaded file can be of, and how each kind is checked and taken."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry.actor import Actor
from registry.catalog.importing.formats import Row
from registry.catalog.importing.obligations import check_obligations, import_obligations
from registry.catalog.importing.programme import check_programme, import_programme
from registry.catalog.importing.service import ImportReport, Written, check_rows, import_rows
from registry.catalog.spreadsheets.columns import EDITIONS, OBLIGATIONS, PROGRAMME
from registry.unit_of_work import UnitOfWorkFactory

Progress = Callable[[int], object]

# Which lists somebody may send rows for: what the rows are of, and whether a second person
# approves them, because they are what this register publishes and obliges people to.
LISTS: Mapping[str, tuple[str, bool]] = {
    "national": (EDITIONS, True),
    "followed": (EDITIONS, False),
    OBLIGATIONS: (OBLIGATIONS, True),
    PROGRAMME: (PROGRAMME, False),
}

# What the register's own people say beside its editions.
_CHECKS = {OBLIGATIONS: check_obligations, PROGRAMME: check_programme}
_IMPORTS = {OBLIGATIONS: import_obligations, PROGRAMME: import_programme}


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
    if of in _CHECKS:
        return _CHECKS[of](units, rows, progress=progress)
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
    if of in _IMPORTS:
        return _IMPORTS[of](units, actor, rows, whole=whole, written=written, progress=progress)
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
