"""Does the work of an import: reads the file, checks it, or imports its rows.

A worker claims a job for a while and renews its claim as it goes; what was written is
counted in the transaction that writes. A worker that is killed therefore leaves a job
that the next one takes up and that ends with the same counts.
"""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from registry.actor import Actor, system_actor
from registry.catalog.importing import subjects
from registry.catalog.importing.jobs import one_import, submit_import
from registry.catalog.importing.problems import store_problems
from registry.catalog.importing.refresh import Start, refresh_catalogue, start_of
from registry.catalog.importing.service import BadRow, Batch, ImportReport
from registry.catalog.importing.states import (
    ALL,
    APPROVED,
    CHECKED,
    CHECKING,
    DONE,
    IMPORT,
    MAPPING,
    READING,
    UNREADABLE,
    WORKING,
)
from registry.catalog.importing.uploads import (
    CATALOGUE,
    asked_of,
    layout_of,
    rows_of,
    stored_rows,
    understood,
)
from registry.catalog.models import ImportJob
from registry.catalog.spreadsheets.layouts import check_layout
from registry.catalog.spreadsheets.stored import store_sheets, stored_sheets
from registry.errors import Invalid, RegistryError
from registry.state_machine import perform
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

# So many rows are worked on while the visitor waits.
QUICK_ROWS = 2_000

_CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 3

_WORKER = system_actor("import")

log = logging.getLogger(__name__)


def work_on(units: UnitOfWorkFactory, files: FileStore, job_id: int) -> None:
    """Check or import the file of a job, whichever is due, if nobody else is at it."""
    job = _claim(units, job_id)
    while job is not None:
        {READING: _read, CHECKING: _check}.get(job.phase, _run)(units, files, job)
        # A job that was to be submitted without asking is run right after its check.
        job = _claim(units, job_id)


def waiting_jobs(units: UnitOfWorkFactory) -> list[int]:
    """Return the numbers of the jobs that nobody works on and that want work."""
    with units.reading() as session:
        return list(
            session.scalars(
                select(ImportJob.id)
                .where(
                    ImportJob.phase.in_(WORKING),
                    ImportJob.attempts < MOST_ATTEMPTS,
                    or_(
                        ImportJob.claimed_until.is_(None),
                        ImportJob.claimed_until <= units.clock.now(),
                    ),
                )
                .order_by(ImportJob.id)
            )
        )


def work_on_all(units: UnitOfWorkFactory, files: FileStore) -> None:
    """Work on every job that waits; one that fails does not keep the others waiting."""
    for job_id in waiting_jobs(units):
        try:
            work_on(units, files, job_id)
        except Exception:
            log.exception("Import %s failed; it is tried again.", job_id)


def _claim(units: UnitOfWorkFactory, job_id: int) -> ImportJob | None:
    with units(_WORKER) as uow:
        job = one_import(uow.session, job_id).job
        if job.phase not in WORKING or job.attempts >= MOST_ATTEMPTS:
            return None
        if job.claimed_until is not None and job.claimed_until > uow.now:
            return None
        job.claimed_until = uow.now + _CLAIM
        job.attempts += 1
        job.rows_done = 0
        return job


def _read(units: UnitOfWorkFactory, files: FileStore, job: ImportJob) -> None:
    """Read a long spreadsheet once, and guess how its rows are to be taken."""
    kept: dict[str, Any] = {}
    try:
        kept["sheets"] = store_sheets(files, job.content_hash, _Progress(units, job.id))
        tables = stored_sheets(files, kept["sheets"])
        layout, rows = understood(tables, rows_of(job.layout), asked_of(job.layout))
        if job.choice is not None:
            check_layout(layout)
        kept |= layout.as_json()
    except Invalid as error:
        _refuse(units, files, job, error)
        return
    with units(_uploader(job)) as uow:
        stored = one_import(uow.session, job.id).job
        stored.layout = {**stored.layout, **kept}
        stored.phase = MAPPING if stored.choice is None else CHECKING
        stored.rows_total, stored.rows_done = rows, 0
        stored.claimed_until, stored.attempts = None, 0


def _refuse(units: UnitOfWorkFactory, files: FileStore, job: ImportJob, error: Invalid) -> None:
    """Say why a file cannot be read at all."""
    reasons = [BadRow(0, path, "", text) for path, texts in error.fields.items() for text in texts]
    problems = store_problems(files, reasons, None)
    with units(_uploader(job)) as uow:
        stored = one_import(uow.session, job.id).job
        stored.phase = UNREADABLE
        stored.problems = problems
        stored.claimed_until = None


def _check(units: UnitOfWorkFactory, files: FileStore, job: ImportJob) -> None:
    layout = layout_of(job.layout)
    report = subjects.check(
        rows_of(job.layout),
        units,
        stored_rows(units, files, job.content_hash, job.layout, national=job.national),
        national=job.national,
        partial=dict(layout.defaults) if layout else None,
        progress=_Progress(units, job.id),
    )
    problems = store_problems(files, report.bad_rows, layout)
    with units(_uploader(job)) as uow:
        stored = one_import(uow.session, job.id).job
        stored.phase = CHECKED
        stored.counts = _counts(report)
        stored.problems = problems
        _release(stored, report)
        if stored.choice is not None:
            _submit_unasked(uow, stored, stored.choice)


def _submit_unasked(uow: UnitOfWork, job: ImportJob, choice: str) -> None:
    """Submit as was asked at the upload; what cannot be submitted waits for its uploader."""
    try:
        submit_import(uow, job.id, choice)
    except RegistryError:
        # Nothing to import, or bad rows where all or none were wanted: the counts say so.
        job.choice = None


def _refresh(units: UnitOfWorkFactory, files: FileStore, job: ImportJob) -> None:
    """Take over a followed catalogue; one that was stopped counts from where it began."""
    with units(_WORKER) as uow:
        stored = one_import(uow.session, job.id).job
        start = Start(*stored.written.get("start") or start_of(uow.session))
        stored.written = {"start": list(start)}
    report = refresh_catalogue(
        units,
        _uploader(job),
        job.layout["catalogue"],
        files.path(job.content_hash),
        zone=units.clock.zone,
        data_of=job.layout["data_of"],
        start=start,
        progress=_Progress(units, job.id),
    )
    problems = store_problems(files, report.rows.bad_rows, None)
    with units(_uploader(job)) as uow:
        stored = one_import(uow.session, job.id).job
        stored.phase = DONE
        stored.counts = {
            **_counts(report.rows),
            "withdrawn": len(report.withdrawn),
            "adopted": len(report.adopted),
            "unlisted": report.unlisted,
        }
        stored.written = {**stored.written, "adopted": list(report.adopted)}
        stored.problems = problems
        _release(stored, report.rows)


def _run(units: UnitOfWorkFactory, files: FileStore, job: ImportJob) -> None:
    if rows_of(job.layout) == CATALOGUE:
        _refresh(units, files, job)
        return
    with units.reading() as session:
        record = one_import(session, job.id).record
    if record is None or record.state != APPROVED:
        return
    layout = layout_of(job.layout)

    def written(uow: UnitOfWork, batch: Batch) -> None:
        stored = one_import(uow.session, job.id).job
        stored.written = _added(stored.written, batch)

    report = subjects.take(
        rows_of(job.layout),
        units,
        _uploader(job),
        stored_rows(units, files, job.content_hash, job.layout, national=job.national),
        national=job.national,
        partial=dict(layout.defaults) if layout else None,
        whole=record.choice == ALL,
        written=written,
        progress=_Progress(units, job.id),
    )
    problems = store_problems(files, report.bad_rows, layout)
    with units(_uploader(job)) as uow:
        stored, record = one_import(uow.session, job.id)
        if record is None or record.state != APPROVED:
            return
        counts = _final_counts(report, stored.written)
        perform(
            uow,
            IMPORT,
            "finish",
            job.id,
            record,
            changes={"counts": counts},
            data={
                "content_hash": job.content_hash,
                "of": rows_of(job.layout),
                "national": job.national,
                "choice": record.choice,
                **counts,
                "positions": stored.written.get("positions", []),
            },
        )
        stored.phase = DONE
        stored.counts = counts
        stored.problems = problems
        _release(stored, report)


class _Progress:
    """Tells the job how far it is, and keeps it claimed."""

    def __init__(self, units: UnitOfWorkFactory, job_id: int) -> None:
        self.units = units
        self.job_id = job_id

    def __call__(self, rows: int) -> None:
        """Count ``rows`` more."""
        with self.units(_WORKER) as uow:
            job = one_import(uow.session, self.job_id).job
            job.rows_done += rows
            job.claimed_until = uow.now + _CLAIM


def _release(job: ImportJob, report: ImportReport) -> None:
    job.rows_done = report.rows
    job.rows_total = report.rows
    job.claimed_until = None
    job.attempts = 0


def _counts(report: ImportReport) -> dict[str, int]:
    return {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "held": report.held,
        "bad": report.bad,
    }


def _final_counts(report: ImportReport, written: dict[str, Any]) -> dict[str, int]:
    """Return what an import did, also when several workers did it one after the other."""
    new, changed = written.get("new", 0), written.get("changed", 0)
    before = new + changed - report.new - report.changed
    return {
        **_counts(report),
        "new": new,
        "changed": changed,
        "unchanged": report.unchanged - before,
    }


def _added(written: dict[str, Any], batch: Batch) -> dict[str, Any]:
    positions = [*written.get("positions", []), [batch.first, batch.last]]
    return {
        "new": written.get("new", 0) + batch.new,
        "changed": written.get("changed", 0) + batch.changed,
        "positions": positions,
    }


def _uploader(job: ImportJob) -> Actor:
    """Return whoever uploaded the file, on whose behalf the approved rows are written."""
    return Actor(
        reference=job.uploaded_by,
        user_id=job.uploaded_by_user_id,
        permissions=frozenset({"catalogue:import", "programme:keep"}),
    )
