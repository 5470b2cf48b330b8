"""Refreshes a followed catalogue from a file, and tells what that changed here.

Only what changed is journalled. What ended with it is not taken from the file but
asked of the register, as it stood before and after: an edition may also end because
another one says that it took its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.catalog.importing.formats import read_file
from registry.catalog.importing.service import ImportReport, import_rows
from registry.catalog.models import Catalogue, CatalogueRefresh, Edition, EditionRecord, Relation
from registry.catalog.queries.catalogues import one_catalogue, source_ids
from registry.catalog.queries.chains import Replaced, chunks, edition_courses
from registry.catalog.queries.editions import changed_editions
from registry.catalog.status import ENDED, status_on
from registry.history import AsOf, known
from registry.journal.queries import head
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Start(NamedTuple):
    """The last journal position and the last edition's id before a refresh."""

    position: int
    edition_id: int


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did.

    ``withdrawn`` are the designations that had not ended before and had afterwards,
    ``adopted`` those of them that national editions adopt; ``unlisted`` counts what the
    catalogue held before and no longer lists, which changes nothing of what is said of it.
    """

    rows: ImportReport
    withdrawn: tuple[str, ...]
    adopted: tuple[str, ...]
    unlisted: int


def refresh_catalogue(
    units: UnitOfWorkFactory,
    actor: Actor,
    key: str,
    path: Path,
    *,
    zone: ZoneInfo,
    data_of: str | None = None,
    start: Start | None = None,
    progress: Callable[[int], object] | None = None,
) -> RefreshReport:
    """Take over the whole catalogue ``key`` from the file at ``path``.

    ``data_of`` is when the file was published, as far as it is known; ``start`` is how
    the register stood when a refresh began that is taken up again. ``NotFound`` when no
    such catalogue is followed.
    """
    actor.require("catalogue:import")
    with units.reading() as session:
        one_catalogue(session, key, AsOf(units.clock.today()))
        start = start or start_of(session)
        names = source_ids(session, key)
    rows = import_rows(
        units, actor, read_file(path, names), national=False, catalogue=key, progress=progress
    )
    with units(actor) as uow:
        ended = _ended(uow, start, zone)
        adopted = _adopted(uow.session, ended)
        report = RefreshReport(
            rows, tuple(sorted(ended.values())), adopted, _unlisted(uow.session, key, rows.met)
        )
        _record(uow, key, report, data_of)
    return report


def start_of(session: Session) -> Start:
    """Return how the register stands before a refresh."""
    return Start(head(session), session.scalar(select(func.max(Edition.id))) or 0)


def _record(uow: UnitOfWork, key: str, report: RefreshReport, data_of: str | None) -> None:
    catalogue = uow.session.scalars(select(Catalogue).where(Catalogue.key == key)).one()
    latest = uow.session.scalar(
        select(CatalogueRefresh)
        .where(CatalogueRefresh.catalogue_id == catalogue.id)
        .order_by(CatalogueRefresh.id.desc())
        .limit(1)
    )
    said = {
        "data_of": data_of,
        "rows": report.rows.rows,
        "new": report.rows.new,
        "changed": report.rows.changed,
        "withdrawn": len(report.withdrawn),
        "unlisted": report.unlisted,
        "adopted": list(report.adopted),
    }
    if (
        latest is not None
        and not report.rows.new
        and not report.rows.changed
        and (latest.data_of, latest.unlisted) == (data_of, report.unlisted)
    ):
        return
    position = uow.record("catalogue.refresh", f"catalogue:{catalogue.id}", {"key": key, **said})
    uow.add(CatalogueRefresh(catalogue_id=catalogue.id, **said), position=position)


def _ended(uow: UnitOfWork, start: Start, zone: ZoneInfo) -> dict[int, str]:
    """Return the followed editions that have ended since ``start``: id, designation."""
    session = uow.session
    before, last = start
    # Editions with a later id are new: nobody relied on them before.
    changed = sorted(i for i in changed_editions(session, before, head(session)) if i <= last)
    then = edition_courses(session, changed, AsOf(uow.today, before), zone)
    now = edition_courses(session, changed, AsOf(uow.today), zone)

    def ended(found: Replaced) -> bool:
        return status_on(found.edition.changes, uow.today).status in ENDED

    return {
        id_: found.edition.designation
        for id_, found in now.items()
        if not found.edition.national and ended(found) and id_ in then and not ended(then[id_])
    }


def _adopted(session: Session, ended: dict[int, str]) -> tuple[str, ...]:
    """Return which of ``ended`` national editions adopt."""
    found: set[str] = set()
    adopting = Edition.__table__.alias()
    for chunk in chunks(list(ended)):
        found |= set(
            session.scalars(
                select(Edition.designation)
                .join(Relation, Relation.target_key == Edition.key)
                .join(adopting, adopting.c.id == Relation.edition_id)
                .where(
                    Edition.id.in_(chunk),
                    Relation.type == "adopts",
                    adopting.c.national.is_(True),
                    known(Relation),
                )
            )
        )
    return tuple(sorted(found))


def _unlisted(session: Session, key: str, listed: Mapping[str, int]) -> int:
    held = session.scalars(
        select(Edition.key)
        .join(EditionRecord, EditionRecord.edition_id == Edition.id)
        .where(EditionRecord.catalogue == key, known(EditionRecord))
    )
    return len(set(held) - listed.keys())
