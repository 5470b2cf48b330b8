"""Lists that were uploaded: kept, taken in by a worker slice by slice, and looked at meanwhile.

A worker claims an import for a while. What a slice did is counted in the transactions that
write it, so a worker that is killed leaves an import that the next one goes on with, and
that ends with the same counts.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.services.authentication import actor_for_user
from registry.actor import Actor, system_actor
from registry.assessment.foreign.formats import BadRow
from registry.assessment.foreign.importing import begin, check_list, finish, take_rows
from registry.assessment.foreign.reading import ListReader
from registry.assessment.foreign.writing import ForeignReport, Taking
from registry.assessment.models import ForeignImport
from registry.errors import Invalid, NotFound, RegistryError
from registry.messages import Message
from registry.storage import FileStore
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

WAITING, DONE, REFUSED = "waiting", "done", "refused"
MOST_ATTEMPTS = 3

# So many rows of the file are taken in before other work has its turn.
SLICE = 2_000

_CLAIM = timedelta(minutes=2)
_WORKER = system_actor("import")
_LONGEST_NAME = 150
_FAILED = Message("The import failed several times; whoever runs the register can say why.")

log = logging.getLogger(__name__)


def open_foreign_import(
    uow: UnitOfWork, files: FileStore, stream: IO[bytes], filename: str, asked: dict[str, Any]
) -> ForeignImport:
    """Keep a list to be taken in; sent again as the last of its scheme it is the same import.

    ``asked`` as ``ForeignListSchema`` loads it. Raises ``Invalid`` naming "format",
    "read_on" or "file".
    """
    uow.actor.require("foreign-result:import")
    read_on = asked["read_on"] or uow.today
    check_list(uow.session, asked["format"], read_on, uow.today)
    content = stream.read()
    if not content.strip():
        raise Invalid.one("file", Message("The file is empty."))
    content_hash = files.put(content)
    last = uow.session.scalar(
        select(ForeignImport)
        .where(ForeignImport.scheme == asked["format"], ForeignImport.phase != REFUSED)
        .order_by(ForeignImport.id.desc())
        .limit(1)
    )
    if last is not None and (last.read_on, last.content_hash) == (read_on, content_hash):
        return last
    job = ForeignImport(
        scheme=asked["format"],
        read_on=read_on,
        content_hash=content_hash,
        filename="".join(c for c in filename if c.isprintable())[-_LONGEST_NAME:] or "-",
        uploaded_at=uow.now,
        uploaded_by_user_id=uow.actor.user_id,
        phase=WAITING,
        rows_done=0,
        report={},
        problem=None,
        claimed_until=None,
        attempts=0,
        finished_at=None,
    )
    uow.session.add(job)
    uow.session.flush()
    return job


def foreign_import(session: Session, import_id: int) -> ForeignImport:
    """Return the import of that number; ``NotFound`` when there is none."""
    job = session.get(ForeignImport, import_id) if import_id < 2**31 else None
    if job is None:
        raise NotFound(Message("There is no import of this number."))
    return job


def latest_foreign_imports(session: Session, limit: int = 20) -> Sequence[ForeignImport]:
    """Return the newest imports."""
    return session.scalars(
        select(ForeignImport).order_by(ForeignImport.id.desc()).limit(limit)
    ).all()


def report_of(job: ForeignImport) -> ForeignReport:
    """Return what an import did so far."""
    kept = job.report
    return ForeignReport(
        job.scheme,
        job.read_on,
        Counter(kept.get("counts", {})),
        Counter(kept.get("outcomes", {})),
        [BadRow(**row) for row in kept.get("bad", ())],
        list(kept.get("lapsed", ())),
    )


def work_on_foreign_imports(units: UnitOfWorkFactory, files: FileStore) -> bool:
    """Take in the next slice of the oldest list that waits; whether there was one."""
    job_id = _claim(units)
    if job_id is None:
        return False
    try:
        _slice(units, files, job_id)
    except Invalid as error:
        _end(units, job_id, REFUSED, str(next(iter(error.fields.values()))[0]))
    except RegistryError as error:
        _end(units, job_id, REFUSED, str(error.message))
    except Exception:
        log.exception("Import %s of foreign results failed.", job_id)
        _give_up(units, job_id)
    return True


def _give_up(units: UnitOfWorkFactory, job_id: int) -> None:
    """End an import that failed several times; before, it is tried again after a while."""
    with units.reading() as session:
        attempts = foreign_import(session, job_id).attempts
    if attempts >= MOST_ATTEMPTS:
        _end(units, job_id, REFUSED, str(_FAILED))


def _claim(units: UnitOfWorkFactory) -> int | None:
    """Return the oldest import that waits, now claimed; later ones wait until it is done."""
    # Most looks find nothing to do; they must not wait for their turn as the writer.
    with units.reading() as session:
        if _next(session) is None:
            return None
    with units(_WORKER) as uow:
        job = _next(uow.session)
        if job is None or (job.claimed_until is not None and job.claimed_until > uow.now):
            return None
        job.claimed_until = uow.now + _CLAIM
        job.attempts += 1
        return job.id


def _next(session: Session) -> ForeignImport | None:
    return session.scalar(
        select(ForeignImport)
        .where(ForeignImport.phase == WAITING, ForeignImport.attempts < MOST_ATTEMPTS)
        .order_by(ForeignImport.id)
        .limit(1)
    )


def _slice(units: UnitOfWorkFactory, files: FileStore, job_id: int) -> None:
    with units.reading() as session:
        job = foreign_import(session, job_id)
        session.expunge(job)
        actor = _uploader(session, job, units.clock.today())
    start = job.rows_done

    def saved(uow: UnitOfWork, report: ForeignReport) -> None:
        kept = foreign_import(uow.session, job_id)
        kept.rows_done = report.counts["rows"]
        kept.report = _as_data(report)
        kept.claimed_until = uow.now + _CLAIM
        kept.attempts = 0

    facts = begin(units, actor, job.scheme, job.read_on, job.content_hash)
    taking = Taking(units, actor, facts, report_of(job), saved)
    with files.path(job.content_hash).open("rb") as stream:
        reader = ListReader(stream, job.scheme, facts.issuers)
        for done in take_rows(taking, reader, done=start):
            if done - start >= SLICE:
                _release(units, job_id)
                return
    finish(taking, reader)
    _end(units, job_id, DONE, None, taking.report)


def _release(units: UnitOfWorkFactory, job_id: int) -> None:
    with units(_WORKER) as uow:
        foreign_import(uow.session, job_id).claimed_until = None


def _end(
    units: UnitOfWorkFactory,
    job_id: int,
    phase: str,
    problem: str | None,
    report: ForeignReport | None = None,
) -> None:
    with units(_WORKER) as uow:
        job = foreign_import(uow.session, job_id)
        job.phase, job.problem = phase, problem
        job.claimed_until, job.finished_at = None, uow.now
        if report is not None:
            job.rows_done, job.report = report.counts["rows"], _as_data(report)


def _uploader(session: Session, job: ForeignImport, today: date) -> Actor:
    """Return whoever uploaded the file, on whose behalf its rows are written."""
    if job.uploaded_by_user_id is None:
        return _WORKER
    return actor_for_user(session, job.uploaded_by_user_id, today)


def _as_data(report: ForeignReport) -> dict[str, Any]:
    return {
        "counts": dict(report.counts),
        "outcomes": dict(report.outcomes),
        "bad": [
            {"line": row.line, "field": row.field, "reason": str(row.reason), "number": row.number}
            for row in report.bad
        ],
        "lapsed": report.lapsed,
    }
