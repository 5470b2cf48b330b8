"""Takes lists of foreign results into the register and judges what is new or changed.

A list is read as a stream, batch by batch; each batch is one unit of work, so that a killed
import leaves whole batches and is finished by running it again. Nothing is written for rows
that say what the register holds already.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from registry.actor import Actor
from registry.assessment.foreign.deciding import (
    BATCH,
    Held,
    decision_entry,
    end_rows,
    event_of,
    held_results,
    write_decisions,
)
from registry.assessment.foreign.demonstration import issuer_ids, prepare
from registry.assessment.foreign.formats import FORMATS, BadRow, ForeignRow, read_list
from registry.assessment.foreign.judging import (
    ForeignJudge,
    Offered,
    StatusEvent,
)
from registry.assessment.models import (
    Arrangement,
    ForeignList,
    ForeignResult,
    ForeignResultRecord,
    ForeignResultStatus,
)
from registry.assessment.rules.acceptance import Acceptance
from registry.errors import Invalid
from registry.history import AsOf, known
from registry.messages import Message
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory

_MOST_BAD = 1_000
_IN_FORCE = "active"


@dataclass(slots=True)
class ForeignReport:
    """What an import did; ``lapsed`` are results that the list shows as no longer active.

    ``bad`` holds the first thousand rows that could not be taken, ``counts["bad"]`` all.
    """

    scheme: str
    read_on: date
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)
    lapsed: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Change:
    """A row that says something new, with the rows that the register gets for it."""

    row: ForeignRow
    held: Held | None
    id: int
    statuses: list[StatusEvent]
    added: list[StatusEvent]
    says_more: bool


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
    if form not in FORMATS:
        raise Invalid.one(
            "format", Message("Choose one of these formats: {keys}.", keys=", ".join(FORMATS))
        )
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    stream.seek(0)
    with units(actor) as uow:
        uow.actor.require("foreign-result:import")
        read_on = read_on or uow.today
        earlier = _last_list(uow, form)
        if read_on > uow.today:
            raise Invalid.one("read_on", Message("This day has not come yet."))
        if earlier is not None and read_on < earlier.read_on:
            raise Invalid.one(
                "read_on", Message("A later list of this scheme has been taken already.")
            )
        arrangement_id = prepare(uow).id
        issuers = issuer_ids(uow.session)
        zone = uow.clock.zone
    report = ForeignReport(form, read_on)
    rows = _taken(read_list(stream, form), issuers, report)
    since = earlier.read_on if earlier else None
    seen: set[str] = set()
    while batch := list(islice(rows, BATCH)):
        fresh = {row.number: row for row in batch if row.number not in seen}
        seen |= fresh.keys()
        report.counts["repeated"] += len(batch) - len(fresh)
        with units(actor) as uow:
            arrangement = uow.session.get_one(Arrangement, arrangement_id)
            _Batch(uow, arrangement, issuers, report, since, zone).take(list(fresh.values()))
        progress(len(batch))
    _close(units, actor, report, earlier, digest.hexdigest())
    return report


def _taken(
    rows: Iterable[ForeignRow | BadRow], issuers: dict[str, int], report: ForeignReport
) -> Iterator[ForeignRow]:
    """Yield the rows that can be taken; note the others in the report."""
    for row in rows:
        report.counts["rows"] += 1
        found = row
        if isinstance(found, ForeignRow) and found.issuer not in issuers:
            found = BadRow(row.line, "scheme_country", Message("This issuer is not known here."))
        if isinstance(found, ForeignRow):
            yield found
            continue
        report.counts["bad"] += 1
        if len(report.bad) < _MOST_BAD:
            report.bad.append(found)


class _Batch:
    """Writes one batch of rows."""

    def __init__(  # noqa: PLR0917 - what one batch shares
        self,
        uow: UnitOfWork,
        arrangement: Arrangement,
        issuers: dict[str, int],
        report: ForeignReport,
        since: date | None,
        zone: ZoneInfo,
    ) -> None:
        self.uow = uow
        self.issuers = issuers
        self.report = report
        self.since = since
        self.arrangement = arrangement
        self.judge = ForeignJudge(uow.session, arrangement, AsOf(uow.today), zone)

    def take(self, rows: Sequence[ForeignRow]) -> None:
        """Write what ``rows`` say that the register does not hold."""
        held = held_results(self.uow, self.report.scheme, [row.number for row in rows])
        changes = [change for row in rows if (change := self._change(row, held.get(row.number)))]
        self.report.counts["unchanged"] += len(rows) - len(changes)
        if not changes:
            return
        self._identify(changes)
        judged = [self.judge.judge(self._offered(change)) for change in changes]
        first = self.uow.record_many(
            [
                ("foreign-result.record", f"foreign-result:{change.id}", _entry(change, acceptance))
                for change, acceptance in zip(changes, judged, strict=True)
            ]
        )
        self._write(changes, first)
        write_decisions(
            self.uow,
            self.arrangement.id,
            [
                (change.id, first + offset, acceptance, change.held is not None)
                for offset, (change, acceptance) in enumerate(zip(changes, judged, strict=True))
            ],
        )
        self.report.outcomes.update(acceptance.outcome.value for acceptance in judged)

    def _change(self, row: ForeignRow, held: Held | None) -> _Change | None:
        if held is None:
            added = self._first_statuses(row)
            self.report.counts["new"] += 1
            return _Change(row, None, 0, added, added, says_more=True)
        added = []
        if held.statuses[-1].kind != row.status:
            added = [StatusEvent(row.status, None, self.since, self.report.read_on)]
            self.report.counts["status changed"] += 1
            if row.status != _IN_FORCE:
                self.report.lapsed.append(held.result.id)
        says_more = held.record.digest != row.digest
        if not added and not says_more:
            return None
        self.report.counts["changed"] += 1
        statuses = [*(event_of(status) for status in held.statuses), *added]
        return _Change(row, held, held.result.id, statuses, added, says_more)

    def _first_statuses(self, row: ForeignRow) -> list[StatusEvent]:
        """Every certificate was active when it was issued; since when it is not, no list tells."""
        statuses = [StatusEvent(_IN_FORCE, row.issued_on, None, self.report.read_on)]
        if row.status != _IN_FORCE:
            statuses.append(StatusEvent(row.status, None, None, self.report.read_on))
        return statuses

    def _identify(self, changes: Sequence[_Change]) -> None:
        new = [change for change in changes if change.held is None]
        results = [
            ForeignResult(
                scheme=change.row.scheme,
                number=change.row.number,
                issuer_id=self.issuers[change.row.issuer],
                demonstration=True,
            )
            for change in new
        ]
        self.uow.session.add_all(results)
        self.uow.session.flush()
        for change, result in zip(new, results, strict=True):
            change.id = result.id

    def _offered(self, change: _Change) -> Offered:
        row = change.row
        return Offered(
            change.id,
            row.scheme,
            row.number,
            change.held.result.issuer_id if change.held else self.issuers[row.issuer],
            row.issued_on,
            row.valid_until,
            dict(row.content),
            change.statuses,
        )

    def _write(self, changes: Sequence[_Change], first: int) -> None:
        records, statuses, ended = [], [], []
        for position, change in enumerate(changes, first):
            if change.says_more:
                if change.held is not None:
                    ended.append((change.held.record.id, position))
                row = change.row
                records.append(
                    {
                        "foreign_result_id": change.id,
                        "product": row.product,
                        "issued_on": row.issued_on,
                        "valid_until": row.valid_until,
                        "content": dict(row.content),
                        "digest": row.digest,
                        "known_from": position,
                    }
                )
            statuses += [
                {"foreign_result_id": change.id, **event._asdict(), "known_from": position}
                for event in change.added
            ]
        end_rows(self.uow, ForeignResultRecord, ended)
        for model, rows in ((ForeignResultRecord, records), (ForeignResultStatus, statuses)):
            if rows:
                self.uow.session.execute(insert(model), rows)


def _entry(change: _Change, acceptance: Acceptance) -> dict[str, Any]:
    row = change.row
    return {
        "scheme": row.scheme,
        "number": row.number,
        "status": row.status,
        "issued_on": row.issued_on,
        "valid_until": row.valid_until,
        "digest": row.digest,
        **decision_entry(acceptance),
    }


def _last_list(uow: UnitOfWork, scheme: str) -> ForeignList | None:
    return uow.session.scalars(
        select(ForeignList)
        .where(ForeignList.scheme == scheme, known(ForeignList))
        .order_by(ForeignList.id.desc())
        .limit(1)
    ).first()


def _close(
    units: UnitOfWorkFactory,
    actor: Actor,
    report: ForeignReport,
    earlier: ForeignList | None,
    sha256: str,
) -> None:
    """Record that the list was read, unless it is the one that was read last."""
    if earlier is not None and (earlier.sha256, earlier.read_on) == (sha256, report.read_on):
        return
    counts = {name: count for name, count in sorted(report.counts.items()) if count}
    with units(actor) as uow:
        position = uow.record(
            "foreign-result.import",
            f"foreign-list:{report.scheme}",
            {"read_on": report.read_on, "sha256": sha256, "counts": counts},
        )
        uow.add(
            ForeignList(scheme=report.scheme, read_on=report.read_on, sha256=sha256, counts=counts),
            position=position,
        )
