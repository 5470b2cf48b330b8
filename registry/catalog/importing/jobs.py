"""Imports of uploaded files, step by step: upload, columns, check, submit, approve, return.

What a file would do is found out before anything is decided; what is decided is
journalled. The work itself is in ``registry.catalog.importing.working``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalog.importing.states import (
    ALL,
    APPROVED,
    CHECKED,
    CHECKING,
    CHOICES,
    DONE,
    GOOD,
    IMPORT,
    MAPPING,
    READING,
    RETURNED,
    RUNNING,
    UNREADABLE,
    WAITING,
)
from registry.catalog.importing.uploads import CATALOGUE, JSONL, Upload, rows_of
from registry.catalog.models import ImportJob, ImportRecord
from registry.catalog.queries.catalogues import one_catalogue
from registry.catalog.spreadsheets.columns import PROGRAMME
from registry.catalog.spreadsheets.layouts import Layout, check_layout
from registry.errors import BadTransition, Conflict, Denied, Invalid, NotFound
from registry.history import AsOf, known
from registry.messages import Message
from registry.state_machine import perform
from registry.unit_of_work import UnitOfWork


class ImportFacts(NamedTuple):
    """An import: the job, and what was decided of it, if anything was."""

    job: ImportJob
    record: ImportRecord | None

    @property
    def state(self) -> str:
        """Where it stands: a phase until it is submitted, what was decided afterwards."""
        if self.record is None or self.record.state == RETURNED:
            return self.job.phase
        return self.record.state


def open_import(
    uow: UnitOfWork, upload: Upload, *, national: bool, choice: str | None = None
) -> ImportJob:
    """Open an import of a stored file.

    With ``choice`` it is checked and submitted without asking again. The same file that
    somebody is still busy with is not opened twice.
    """
    _require(uow, upload.of)
    if choice not in (None, *CHOICES):
        raise Invalid.one("choice", Message("Choose one of: {keys}.", keys=", ".join(CHOICES)))
    unfinished = uow.session.scalars(
        select(ImportJob).where(
            ImportJob.content_hash == upload.content_hash,
            ImportJob.national.is_(national),
            ImportJob.uploaded_by == uow.actor.reference,
            ImportJob.phase.not_in((DONE, UNREADABLE)),
        )
    )
    same = next((job for job in unfinished if rows_of(job.layout) == upload.of), None)
    if same is not None and choice is None:
        return same
    layout = upload.layout
    if choice is not None and layout is not None:
        check_layout(layout)
    said: dict[str, Any] = {"of": upload.of}
    if layout is not None:
        said |= layout.as_json()
    if not upload.read:
        said["asked"] = {"columns": upload.asked.columns, "defaults": dict(upload.asked.defaults)}
    ready = upload.form == JSONL or choice is not None
    job = ImportJob(
        content_hash=upload.content_hash,
        filename=upload.filename,
        form=upload.form,
        national=national,
        uploaded_at=uow.now,
        uploaded_by=uow.actor.reference,
        uploaded_by_user_id=uow.actor.user_id,
        phase=(CHECKING if ready else MAPPING) if upload.read else READING,
        layout=said,
        choice=choice,
        rows_total=upload.rows,
        rows_done=0,
        counts={},
        problems=None,
        written={},
        claimed_until=None,
        attempts=0,
    )
    uow.session.add(job)
    uow.session.flush()
    return job


def open_refresh(uow: UnitOfWork, upload: Upload, key: str, data_of: str | None) -> ImportJob:
    """Open the refresh of the followed catalogue ``key`` from a stored file.

    What others publish needs no approval: a worker takes it over next.
    """
    uow.actor.require("catalogue:import")
    one_catalogue(uow.session, key, AsOf(uow.today))
    job = ImportJob(
        content_hash=upload.content_hash,
        filename=upload.filename,
        form=upload.form,
        national=False,
        uploaded_at=uow.now,
        uploaded_by=uow.actor.reference,
        uploaded_by_user_id=uow.actor.user_id,
        phase=RUNNING,
        layout={"of": CATALOGUE, "catalogue": key, "data_of": data_of},
        choice=GOOD,
        rows_total=0,
        rows_done=0,
        counts={},
        problems=None,
        written={},
        claimed_until=None,
        attempts=0,
    )
    uow.session.add(job)
    uow.session.flush()
    return job


def set_layout(uow: UnitOfWork, job_id: int, layout: Layout, rows: int) -> ImportJob:
    """Say how the file is read; it is checked next. ``rows`` is how many it has then."""
    uow.actor.require("catalogue:import")
    facts = one_import(uow.session, job_id)
    _refuse_decided(facts)
    check_layout(layout)
    job = facts.job
    job.layout = {**job.layout, **layout.as_json()}
    job.rows_total = rows
    _start(job, CHECKING)
    return job


def submit_import(uow: UnitOfWork, job_id: int, choice: str) -> ImportJob:
    """Let the rows be imported: ``choice`` is all or none, or the good ones only.

    Rows of the register's own list wait for somebody else's approval.
    """
    facts = one_import(uow.session, job_id)
    _require(uow, rows_of(facts.job.layout))
    _refuse_decided(facts)
    job, counts = facts.job, facts.job.counts
    if job.phase != CHECKED:
        raise BadTransition(Message("The file is not checked yet."))
    if choice not in CHOICES:
        raise Invalid.one("choice", Message("Choose one of: {keys}.", keys=", ".join(CHOICES)))
    if choice == ALL and counts["bad"]:
        raise Invalid.one(
            "choice", Message("Some rows are bad: mend them, or import the good rows only.")
        )
    if not counts["new"] + counts["changed"]:
        raise Conflict("There is nothing to import: the register says all of it already.")
    said = _said(job, choice)
    if facts.record is not None:
        perform(
            uow,
            IMPORT,
            "submit",
            job.id,
            facts.record,
            changes={"choice": choice, "counts": counts, "reason": None},
            data=said,
            sealed={"filename": job.filename},
        )
        return job
    state = WAITING if job.national else APPROVED
    position = uow.record(
        "import.submit", f"import:{job.id}", {"state": state, **said}, {"filename": job.filename}
    )
    record = ImportRecord(
        job_id=job.id,
        state=state,
        choice=choice,
        counts=counts,
        submitted_by_user_id=uow.actor.user_id,
        approved_by_user_id=None,
        reason=None,
    )
    uow.add(record, position=position)
    if state == APPROVED:
        _start(job, RUNNING)
    return job


def approve_import(uow: UnitOfWork, job_id: int) -> ImportJob:
    """Approve an import of the register's own list; whoever uploaded it cannot."""
    facts = one_import(uow.session, job_id)
    uow.actor.require("catalogue:approve-import")
    record = _submitted(facts)
    if uow.actor.user_id is not None and uow.actor.user_id in (
        facts.job.uploaded_by_user_id,
        record.submitted_by_user_id,
    ):
        raise Denied("A second person must approve what you uploaded.")
    changes = {"approved_by_user_id": uow.actor.user_id}
    perform(uow, IMPORT, "approve", job_id, record, changes=changes, data=_said_of(facts))
    _start(facts.job, RUNNING)
    return facts.job


def return_import(uow: UnitOfWork, job_id: int, data: Mapping[str, Any]) -> ImportJob:
    """Give an import back to whoever uploaded it, with the ``reason``."""
    facts = one_import(uow.session, job_id)
    record = _submitted(facts)
    said = {**_said_of(facts), "reason": data["reason"]}
    perform(uow, IMPORT, "return", job_id, record, changes={"reason": data["reason"]}, data=said)
    return facts.job


def try_again(uow: UnitOfWork, job_id: int) -> ImportJob:
    """Let a worker take up a job again that failed several times."""
    uow.actor.require("catalogue:read-imports")
    job = one_import(uow.session, job_id).job
    job.attempts = 0
    job.claimed_until = None
    return job


def one_import(session: Session, job_id: int) -> ImportFacts:
    """Return the import of that number; ``NotFound`` when there is none."""
    job = session.get(ImportJob, job_id) if job_id < 2**31 else None
    if job is None:
        raise NotFound("There is no import of this number.")
    record = session.scalar(
        select(ImportRecord).where(ImportRecord.job_id == job_id, known(ImportRecord))
    )
    return ImportFacts(job, record)


def latest_imports(session: Session, limit: int = 50) -> Sequence[ImportFacts]:
    """Return the newest imports."""
    jobs = session.scalars(select(ImportJob).order_by(ImportJob.id.desc()).limit(limit)).all()
    records = session.scalars(
        select(ImportRecord).where(
            ImportRecord.job_id.in_([job.id for job in jobs]), known(ImportRecord)
        )
    )
    by_job = {record.job_id: record for record in records}
    return [ImportFacts(job, by_job.get(job.id)) for job in jobs]


def earlier_import(session: Session, job: ImportJob) -> ImportJob | None:
    """Return the last finished import of the very same file, if there was one."""
    finished = session.scalars(
        select(ImportJob)
        .where(
            ImportJob.content_hash == job.content_hash,
            ImportJob.national.is_(job.national),
            ImportJob.phase == DONE,
            ImportJob.id < job.id,
        )
        .order_by(ImportJob.id.desc())
    )
    return next((j for j in finished if rows_of(j.layout) == rows_of(job.layout)), None)


def _require(uow: UnitOfWork, of: str) -> None:
    """Refuse who may not import, or not keep by hand what the rows are of."""
    uow.actor.require("catalogue:import")
    if of == PROGRAMME:
        uow.actor.require("programme:keep")


def _start(job: ImportJob, phase: str) -> None:
    job.phase = phase
    job.rows_done = 0
    job.attempts = 0
    job.claimed_until = None


def _refuse_decided(facts: ImportFacts) -> None:
    if facts.record is not None and facts.record.state != RETURNED:
        raise BadTransition(Message("This import is submitted already."))


def _submitted(facts: ImportFacts) -> ImportRecord:
    if facts.record is None:
        raise BadTransition(Message("This import is not submitted yet."))
    return facts.record


def _said_of(facts: ImportFacts) -> dict[str, Any]:
    return _said(facts.job, _submitted(facts).choice)


def _said(job: ImportJob, choice: str) -> dict[str, Any]:
    """Return what the journal says of an import; the file's name may name a person."""
    return {
        "content_hash": job.content_hash,
        "form": job.form,
        "of": rows_of(job.layout),
        "national": job.national,
        "choice": choice,
        **job.counts,
    }
