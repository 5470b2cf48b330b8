"""Takes lists of foreign results into the register and judges what is new or changed.

A list is read as a stream, batch by batch; each batch is one unit of work, so that a killed
import leaves whole batches and is finished by running it again. Nothing is written for rows
that say what the register holds already.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.actor import Actor
from registry.assessment.foreign.demonstration import issuer_ids, prepare
from registry.assessment.foreign.formats import FORMATS
from registry.assessment.foreign.reading import ListReader
from registry.assessment.foreign.vanishing import unlist_missing
from registry.assessment.foreign.writing import Batch, ForeignReport, ListFacts, Taking
from registry.assessment.models import ForeignList
from registry.errors import Invalid
from registry.history import known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory


def import_foreign(
    units: UnitOfWorkFactory,
    actor: Actor,
    stream: IO[bytes],
    form: str,
    *,
    read_on: date | None = None,
    progress: Callable[[int], object] = lambda count: None,
) -> ForeignReport:
    """Import a list in format ``form`` as it stood on ``read_on``, today when left out.

    ``stream`` is read twice and must be seekable. ``progress`` is told how many rows were
    done. Raises ``Invalid`` naming "format" or "read_on".
    """
    facts = begin(units, actor, form, read_on or units.clock.today(), sha256_of(stream))

    done = 0

    def saved(_uow: UnitOfWork, report: ForeignReport) -> None:
        nonlocal done
        progress(report.counts["rows"] - done)
        done = report.counts["rows"]

    report = ForeignReport(facts.scheme, facts.read_on)
    taking = Taking(units, actor, facts, report, saved)
    reader = ListReader(stream, form, facts.issuers)
    for _ in take_rows(taking, reader):
        pass
    finish(taking, reader)
    return report


def sha256_of(stream: IO[bytes]) -> str:
    """Return the SHA-256 of a stream and leave it at its beginning."""
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def check_list(session: Session, form: str, read_on: date, today: date) -> ForeignList | None:
    """Return the list of the scheme that was read last, if one was.

    Raises ``Invalid`` naming "format" or "read_on" where a list cannot follow it.
    """
    if form not in FORMATS:
        raise Invalid.one(
            "format", Message("Choose one of these formats: {keys}.", keys=", ".join(FORMATS))
        )
    if read_on > today:
        raise Invalid.one("read_on", Message("This day has not come yet."))
    earlier = session.scalars(
        select(ForeignList)
        .where(ForeignList.scheme == form, known(ForeignList))
        .order_by(ForeignList.id.desc())
        .limit(1)
    ).first()
    if earlier is not None and read_on < earlier.read_on:
        raise Invalid.one("read_on", Message("A later list of this scheme has been taken already."))
    return earlier


def begin(
    units: UnitOfWorkFactory, actor: Actor, form: str, read_on: date, sha256: str
) -> ListFacts:
    """Return what holds for all rows of a list; raises ``Invalid`` as ``check_list`` does."""
    with units(actor) as uow:
        uow.actor.require("foreign-result:import")
        earlier = check_list(uow.session, form, read_on, uow.today)
        return ListFacts(
            scheme=form,
            read_on=read_on,
            sha256=sha256,
            earlier=earlier,
            arrangement_id=prepare(uow).id,
            issuers=issuer_ids(uow.session),
            zone=uow.clock.zone,
        )


def take_rows(taking: Taking, reader: ListReader, *, done: int = 0) -> Iterator[int]:
    """Write the rows of a list batch by batch; yields how many rows of the file are done.

    The first ``done`` rows were written before and are only read.
    """
    for rows in reader.batches():
        if reader.rows <= done:
            continue
        with taking.units(taking.actor) as uow:
            Batch(uow, taking.facts, taking.report).take(rows)
            _count(taking.report, reader)
            taking.saved(uow, taking.report)
        yield reader.rows


def finish(taking: Taking, reader: ListReader) -> None:
    """Note what is missing from a list that was read to its end, and that it was read."""
    _count(taking.report, reader)
    if reader.complete:
        unlist_missing(taking, reader.listed)
    _close(taking)


def _count(report: ForeignReport, reader: ListReader) -> None:
    report.counts["rows"] = reader.rows
    report.counts["bad"] = reader.bad_rows
    report.counts["repeated"] = reader.repeated
    report.bad = reader.bad


def _close(taking: Taking) -> None:
    """Record that the list was read, unless it is the one that was read last."""
    facts, report = taking.facts, taking.report
    earlier = facts.earlier
    if earlier is not None and (earlier.sha256, earlier.read_on) == (facts.sha256, facts.read_on):
        return
    counts = {name: count for name, count in sorted(report.counts.items()) if count}
    with taking.units(taking.actor) as uow:
        position = uow.record(
            "foreign-result.import",
            f"foreign-list:{facts.scheme}",
            {"read_on": facts.read_on, "sha256": facts.sha256, "counts": counts},
        )
        row = ForeignList(
            scheme=facts.scheme, read_on=facts.read_on, sha256=facts.sha256, counts=counts
        )
        uow.add(row, position=position)
