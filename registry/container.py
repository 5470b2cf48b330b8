"""What one running registry is made of; web application and command line share it."""

from dataclasses import dataclass

from sqlalchemy import Engine

from registry.clock import Clock, SystemClock
from registry.config import Settings
from registry.db import make_engine, make_session_factory
from registry.group_commit import GroupCommit
from registry.search.engine import SearchEngine
from registry.search.whoosh_engine import open_engine
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Registry:
    """The parts of a registry, opened once per process."""

    settings: Settings
    clock: Clock
    engine: Engine
    units: UnitOfWorkFactory
    together: GroupCommit
    search: SearchEngine
    files: FileStore


def open_registry(settings: Settings, clock: Clock | None = None) -> Registry:
    """Open database, index and file store under ``settings``; creates no tables."""
    clock = clock or SystemClock(settings.zone)
    engine = make_engine(settings.database_url)
    units = UnitOfWorkFactory(make_session_factory(engine), clock)
    return Registry(
        settings=settings,
        clock=clock,
        engine=engine,
        units=units,
        together=GroupCommit(units),
        search=open_engine(settings.index_dir),
        files=FileStore(settings.files_dir),
    )
